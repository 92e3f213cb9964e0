"""Folders of items: <item>/{src,bgr}.png and, where the truth is known, {alpha,fgr}.png; or, as in
sample_image, files <item>_{image,plate}.jpg, <item>_alpha.png and <item>_foreground.jpg."""

from pathlib import Path
from typing import Iterator, NamedTuple, Optional, Tuple

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
    items = sorted(_item_files(Path(folder)))
    if not items:
        raise FileNotFoundError(
            f"wanted items {folder}/*/src.png or {folder}/*_image.jpg, found none"
        )
    for name, source, plate, alpha, foreground in items:
        src, bgr = read_color(source), read_color(plate)
        if src is None:
            raise ValueError(f"{source} cannot be read as an image")
        if bgr is None:
            raise FileNotFoundError(f"{source} has no plate: wanted {plate}")
        yield Item(name, src, bgr, read_alpha(alpha), read_color(foreground))


def _item_files(folder: Path) -> Iterator[Tuple[str, Path, Path, Path, Path]]:
    """(name, image, plate, alpha, foreground) of every item; the last three may be missing."""
    for source in folder.glob("*/src.png"):
        item = source.parent
        yield item.name, source, item / "bgr.png", item / "alpha.png", item / "fgr.png"
    for source in folder.glob("*_image.jpg"):
        name = source.name[: -len("_image.jpg")]
        others = ("plate.jpg", "alpha.png", "foreground.jpg")
        plate, alpha, foreground = (folder / f"{name}_{other}" for other in others)
        yield name, source, plate, alpha, foreground


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
