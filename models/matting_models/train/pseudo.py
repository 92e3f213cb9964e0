"""Pseudo triplets: a network's own mattes of footage that has a plate but no truth.

Only frames of which the network is sure are kept; between the sure regions its alpha stands. What
is learned from them is the place: its light, its cameras' noise and its colours.
"""

from pathlib import Path

import cv2
import numpy as np

from matting_models.data.photographs import SUFFIXES
from matting_models.evaluate.items import read_color, write_matte
from matting_models.evaluate.predict import predict
from matting_models.network import MattingRefine

LARGEST_UNSURE_SHARE = 0.06  # of the pixels, alpha between SURE and 1 - SURE
SURE = 0.1


def unsure_share(alpha: np.ndarray) -> float:
    return float(((alpha > SURE) & (alpha < 1 - SURE)).mean())


def make_triplets(network: MattingRefine, frames: Path, plate: Path, out: Path) -> int:
    """Write out/<frame>/{src,bgr,alpha,fgr}.png for every sure frame; returns their number.

    Raises FileNotFoundError if frames or plate are missing, ValueError if no frame is sure.
    """
    bgr = read_color(plate)
    if bgr is None:
        raise FileNotFoundError(f"wanted the plate as an image, cannot read {plate}")
    files = sorted(f for f in frames.glob("*") if f.suffix.lower() in SUFFIXES)
    if not files:
        raise FileNotFoundError(f"wanted frames ({', '.join(SUFFIXES)}) in {frames}, found none")
    kept = sum(_keep_frame(network.eval(), file, bgr, out / file.stem) for file in files)
    if not kept:
        raise ValueError(
            f"the matte of none of the {len(files)} frames is sure; check that the "
            "plate shows the same view, or give triplets with a true alpha"
        )
    return kept


def _keep_frame(network: MattingRefine, file: Path, bgr: np.ndarray, item: Path) -> bool:
    src = read_color(file)
    if src is None:
        raise ValueError(f"{file} cannot be read as an image")
    bgr = cv2.resize(bgr, src.shape[1::-1], interpolation=cv2.INTER_AREA)
    matte = predict(network, src, bgr)
    if unsure_share(matte.alpha) > LARGEST_UNSURE_SHARE:
        return False
    write_matte(item, matte.alpha, matte.fgr)
    for name, image in (("src", src), ("bgr", bgr)):
        cv2.imwrite(str(item / f"{name}.png"), cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    return True
