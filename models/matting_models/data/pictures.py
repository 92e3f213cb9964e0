"""Random crops of stored pictures: position, size, mirror, perspective and colour drawn anew."""

from typing import Tuple

import cv2
import numpy as np

from matting_models.data.fields import F32, to_float


def random_crop(
    rng: np.random.Generator,
    picture: np.ndarray,
    height: int,
    width: int,
    zoom: Tuple[float, float] = (0.4, 1.0),
) -> np.ndarray:
    """Part of a uint8 picture, resampled to height x width, as float32 RGB."""
    rows, cols = picture.shape[:2]
    crop_h = min(rows, cols * height / width) * rng.uniform(*zoom)
    crop_w = crop_h * width / height
    top, left = rng.uniform(0, rows - crop_h), rng.uniform(0, cols - crop_w)
    corners = np.array(
        [
            [left, top],
            [left + crop_w, top],
            [left + crop_w, top + crop_h],
            [left, top + crop_h],
        ],
        F32,
    )
    if rng.random() < 0.5:
        corners = corners[[1, 0, 3, 2]]
    if rng.random() < 0.3:
        corners += rng.normal(0, 0.06, (4, 2)).astype(F32) * F32(crop_w)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], F32)
    transform = cv2.getPerspectiveTransform(target, corners)
    return to_float(
        cv2.warpPerspective(
            picture,
            transform,
            (width, height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REFLECT,
        )
    )


def recolor(rng: np.random.Generator, image: np.ndarray, amount: float) -> np.ndarray:
    """Channels swapped, contrast and mean colour changed; amount 0 keeps the mean's place."""
    if rng.random() < 0.5:
        image = image[:, :, rng.permutation(3)]
    mean = image[::4, ::4].mean((0, 1))
    target = np.clip(mean + rng.normal(0, amount / 2, 3) + rng.normal(0, amount / 2), 0.04, 0.97)
    return (image - mean) * F32(rng.uniform(0.4, 1.3)) + target.astype(F32)


def sharpen(image: np.ndarray, amount: float) -> np.ndarray:
    return image + F32(amount) * (image - cv2.GaussianBlur(image, (0, 0), 1.2))
