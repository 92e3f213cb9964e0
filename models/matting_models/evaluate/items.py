"""Folders of items: <item>/{src,bgr}.png and, where the truth is known, {alpha,fgr}.png."""

from pathlib import Path
from typing import Iterator, NamedTuple, Optional

import cv2
import numpy as np


class Item(NamedTuple):
    """src, bgr, fgr: RGB uint8 HxWx3; alpha: float HxW in [0, 1]. alpha and fgr may be None."""

    name: str
    src: np.ndarray
    bgr: np.ndarray
    alpha: Optional[np.ndarray]
    fgr: Optional[np.ndarray]


def read_items(folder: Path) -> Iterator[Item]:
    """All items in the order of their names; raises FileNotFoundError if there is none."""
    sources = sorted(Path(folder).glob("*/src.png"))
    if not sources:
        raise FileNotFoundError(f"wanted items {folder}/*/src.png, found none")
    for source in sources:
        item = source.parent
        src, bgr = read_color(source), read_color(item / "bgr.png")
        if src is None:
            raise ValueError(f"{source} cannot be read as an image")
        if bgr is None:
            raise FileNotFoundError(f"{item} has no bgr.png (the plate)")
        yield Item(
            item.name,
            src,
            bgr,
            read_alpha(item / "alpha.png"),
            read_color(item / "fgr.png"),
        )


def read_color(file: Path) -> Optional[np.ndarray]:
    image = cv2.imread(str(file), cv2.IMREAD_COLOR) if file.exists() else None
    return None if image is None else cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def read_alpha(file: Path) -> Optional[np.ndarray]:
    if not file.exists():
        return None
    image = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH)
    if image is None:
        raise ValueError(f"{file} cannot be read as an image")
    return image.astype(np.float64) / (65535 if image.dtype == np.uint16 else 255)


def write_matte(folder: Path, alpha: np.ndarray, fgr: np.ndarray) -> None:
    """alpha.png and fgr.png, 8 bit, from float arrays in [0, 1] (fgr RGB)."""
    folder.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(folder / "alpha.png"), to_bytes(alpha))
    cv2.imwrite(str(folder / "fgr.png"), cv2.cvtColor(to_bytes(fgr), cv2.COLOR_RGB2BGR))


def to_bytes(image: np.ndarray) -> np.ndarray:
    return (np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8)
