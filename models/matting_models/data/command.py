"""matting-models bank: draw the data bank, or show what training sees."""

import argparse
from pathlib import Path

import cv2
import numpy as np

from matting_models.data.bank import BankSpec, draw_bank
from matting_models.data.photographs import load_photographs
from matting_models.data.scene import make_triplet
from matting_models.data.source import Source


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder of the bank")
    parser.add_argument("--seed", type=int, default=BankSpec.seed)
    parser.add_argument("--shapes", type=int, default=BankSpec.shapes)
    parser.add_argument("--workers", type=int, default=1, help="processes that draw")
    parser.add_argument("--photos", metavar="DIR", help="photographs as sources of texture")
    parser.add_argument("--preview", metavar="FILE", help="a PNG with some samples")


def run(arguments: argparse.Namespace) -> int:
    spec = BankSpec(seed=arguments.seed, shapes=arguments.shapes)
    bank = draw_bank(arguments.out, spec, arguments.workers)
    print(f"{arguments.out}: {len(bank.alpha)} silhouettes, {len(bank.backdrop)} backdrops")
    if arguments.preview:
        sheet = preview(Source(bank, load_photographs(arguments.photos)))
        if not cv2.imwrite(arguments.preview, cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR)):
            raise OSError(f"cannot write {arguments.preview}; give a .png in an existing folder")
    return 0


def preview(source: Source, rows: int = 8, height: int = 216, width: int = 384) -> np.ndarray:
    """RGB uint8 sheet: a row holds image, plate, alpha and foreground of two samples."""

    def strip(seed: int) -> np.ndarray:
        scene = make_triplet(seed, height, width, 0.2, source)
        return np.hstack(
            [
                scene["src"],
                scene["bgr"],
                cv2.cvtColor(scene["alpha"], cv2.COLOR_GRAY2RGB),
                scene["fgr"],
            ]
        )

    return np.vstack([np.hstack([strip(2 * row), strip(2 * row + 1)]) for row in range(rows)])
