"""Triplet folders, rendered or of a user's own footage, as a source of training samples."""

import math
from pathlib import Path
from typing import Tuple

import cv2
import numpy as np

from matting_models.data import camera
from matting_models.data.chances import Chances
from matting_models.data.fields import to_bytes, to_float
from matting_models.data.terms import PathLike, Scene

FILES = {
    "src": cv2.IMREAD_COLOR,
    "bgr": cv2.IMREAD_COLOR,
    "alpha": cv2.IMREAD_GRAYSCALE,
    "fgr": cv2.IMREAD_COLOR,
}


class Footage:
    """Reads DIR/<item>/{src,bgr,alpha,fgr}.png when asked; nothing is kept in memory.

    Raises FileNotFoundError if an item lacks a file, ValueError if the sizes of an item differ.
    """

    def __init__(self, folder: PathLike) -> None:
        self.items = sorted(file.parent for file in Path(folder).glob("*/src.png"))
        if not self.items:
            raise FileNotFoundError(f"wanted {folder}/*/src.png and bgr, alpha, fgr; found none")
        for item in self.items:
            for name in FILES:
                if not (item / f"{name}.png").exists():
                    raise FileNotFoundError(
                        f"{item} has no {name}.png; wanted " + ", ".join(f"{n}.png" for n in FILES)
                    )

    def read(self, index: int) -> Scene:
        """dict of src, bgr, alpha, fgr, uint8, RGB."""
        item = self.items[index]
        images = {name: _read(item / f"{name}.png", mode) for name, mode in FILES.items()}
        sizes = {name: image.shape[:2] for name, image in images.items()}
        if len(set(sizes.values())) != 1:
            raise ValueError(f"{item}: the four pictures must have one size, found {sizes}")
        return {
            name: image if image.ndim == 2 else image[:, :, ::-1] for name, image in images.items()
        }

    def sample(
        self,
        rng: np.random.Generator,
        height: int,
        width: int,
        scale: float,
        chances: Chances,
    ) -> Scene:
        """A random crop of a random item, height x width, its plate and sensor disturbed anew."""
        triplet = crop(rng, self.read(int(rng.integers(len(self.items)))), height, width, scale)
        src, plate, fgr = (to_float(triplet[name]) for name in ("src", "bgr", "fgr"))
        alpha = to_float(triplet["alpha"])[..., None]
        if rng.random() < chances.misaligned:
            plate = camera.misalign(rng, plate, scale, rng.random() < chances.large_shift / 2)
        if chances.exposure > 0:
            plate = camera.expose(rng, plate, *np.array([0.03, 0.012, 0.03]) * chances.exposure)
        level = abs(rng.normal(0, 0.008)) * chances.noise
        noisy = np.clip(camera.add_noise(rng, src, level), 0, 1)
        fgr = fgr + alpha * (noisy - src)
        return {
            "src": to_bytes(noisy),
            "alpha": triplet["alpha"],
            "fgr": to_bytes(fgr),
            "bgr": to_bytes(np.clip(camera.add_noise(rng, plate, level), 0, 1)),
        }

    def subject(
        self, rng: np.random.Generator, height: int, width: int
    ) -> Tuple[np.ndarray, np.ndarray]:
        """A random crop of a random item's subject: alpha HxW and foreground HxWx3, float32.

        It is shown whole or up to twice as large; of an item that shows nobody alpha is 0.
        """
        triplet = self.read(int(rng.integers(len(self.items))))
        rows, cols = triplet["alpha"].shape
        zoom = max(height / rows, width / cols) * math.exp(rng.uniform(0, math.log(2)))
        crop_h, crop_w = min(rows, round(height / zoom)), min(cols, round(width / zoom))
        solid = np.flatnonzero(triplet["alpha"] > 127)
        middle = int(rng.choice(solid)) if len(solid) else rows * cols // 2
        corner = np.array(divmod(middle, cols)) - rng.uniform(0.15, 0.85, 2) * (crop_h, crop_w)
        top, left = np.clip(corner.round().astype(int), 0, (rows - crop_h, cols - crop_w))
        cut = cut_out(triplet, (top, left, crop_h, crop_w), height, width)
        return to_float(cut["alpha"]), to_float(cut["fgr"])


def crop(rng: np.random.Generator, triplet: Scene, height: int, width: int, scale: float) -> Scene:
    """The same random rectangle of the four pictures, resampled to height x width.

    scale: output pixels per pixel of a 1920x1080 picture, up to the chance of the crop and to the
    size of the item: a crop is never larger than the item.
    """
    rows, cols = triplet["alpha"].shape
    wanted = scale * 1920 / max(rows, cols) * rng.uniform(0.8, 1.25)
    zoom = max(wanted, height / rows, width / cols)
    crop_h, crop_w = min(rows, round(height / zoom)), min(cols, round(width / zoom))
    top, left = rng.integers(rows - crop_h + 1), rng.integers(cols - crop_w + 1)
    return cut_out(triplet, (int(top), int(left), crop_h, crop_w), height, width)


def cut_out(triplet: Scene, rectangle: Tuple[int, int, int, int], height: int, width: int) -> Scene:
    """rectangle: top, left, height and width in the four pictures; resampled to height x width."""
    top, left, crop_h, crop_w = rectangle
    mode = cv2.INTER_AREA if height < crop_h else cv2.INTER_LINEAR
    return {
        name: cv2.resize(
            np.ascontiguousarray(image[top : top + crop_h, left : left + crop_w]),
            (width, height),
            interpolation=mode,
        )
        for name, image in triplet.items()
    }


def _read(file: Path, mode: int) -> np.ndarray:
    image = cv2.imread(str(file), mode)
    if image is None:
        raise ValueError(f"{file} cannot be read as an image")
    return image
