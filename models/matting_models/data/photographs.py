"""Photographs of a user's folder as sources of texture; everything works without them too."""

from pathlib import Path
from typing import List, Optional

import cv2
import numpy as np

from matting_models.data.terms import PathLike

SUFFIXES = (".jpg", ".jpeg", ".png")


def load_photographs(folder: Optional[PathLike], longest_side: int = 1024) -> List[np.ndarray]:
    """List of uint8 RGB images (H, W, 3) in name order, or an empty list if `folder` is None."""
    if folder is None:
        return []
    folder = Path(folder)
    if not folder.is_dir():
        raise FileNotFoundError(
            f"wanted a folder of photographs, found no folder at {folder}; "
            "give an existing one or leave the option out"
        )
    files = sorted(f for f in folder.iterdir() if f.suffix.lower() in SUFFIXES)
    if not files:
        raise ValueError(f"wanted {', '.join(SUFFIXES)} files in {folder}, found none")
    return [_load(f, longest_side) for f in files]


def _load(file: Path, longest_side: int) -> np.ndarray:
    image = cv2.imread(str(file), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError(f"{file} cannot be read as an image; remove it or convert it to JPEG/PNG")
    scale = longest_side / max(image.shape[:2])
    if scale < 1:
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
