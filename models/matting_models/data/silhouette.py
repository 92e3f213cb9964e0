"""Silhouettes placed in a picture, and the ways in which a lens and glass soften them."""

import math

import cv2
import numpy as np

from matting_models.data.fields import F32, blur, fractal_noise, to_float
from matting_models.data.source import Source
from matting_models.data.terms import Placed


def place(rng: np.random.Generator, shape: Placed, height: int, width: int) -> Placed:
    """A stored silhouette warped into the picture: alpha float32 HxW, part numbers uint8 HxW.

    The stored border is continued outwards, so a body that leaves the canvas has no straight end.
    """
    alpha, parts = shape
    stored = alpha.shape[0]
    size = math.exp(rng.uniform(math.log(0.5), math.log(1.6))) * max(height, width)
    transform = _placement(rng, size / stored, stored, height, width, size)
    reduction = max(1, int(stored / size / 1.3))
    small = cv2.resize(alpha, (stored // reduction,) * 2, interpolation=cv2.INTER_AREA)
    out = [
        cv2.warpAffine(
            image,
            _for_size(transform, stored / image.shape[0]),
            (width, height),
            flags=mode,
            borderMode=cv2.BORDER_REPLICATE,
        )
        for image, mode in ((small, cv2.INTER_LINEAR), (parts, cv2.INTER_NEAREST))
    ]
    return to_float(out[0]), out[1]


def _placement(
    rng: np.random.Generator,
    scale: float,
    stored: int,
    height: int,
    width: int,
    size: float,
) -> np.ndarray:
    """2x3 matrix from the stored square to the picture; heads mostly stay inside."""
    angle = rng.normal(0, 0.12) if rng.random() < 0.92 else rng.uniform(-math.pi, math.pi)
    cos, sin = math.cos(angle), math.sin(angle)
    aspect, shear = math.exp(rng.normal(0, 0.1)), rng.normal(0, 0.08)
    linear = scale * np.array([[rng.choice([-1, 1]) * aspect, shear], [0, 1 / aspect]])
    linear = linear @ np.array([[cos, -sin], [sin, cos]])
    if rng.random() < 0.75:
        y = size / 2 - rng.uniform(-0.15, 0.25) * size
    else:
        y = height / 2 + rng.normal(0, 0.25) * height
    middle = np.array([width / 2 + rng.normal(0, 0.2) * width, y])
    return np.column_stack([linear, middle - linear @ np.full(2, stored / 2)])


def _for_size(transform: np.ndarray, ratio: float) -> np.ndarray:
    """The same placement for a stored image that is `ratio` times smaller."""
    return np.column_stack([transform[:, :2] * ratio, transform[:, 2]])


def union(first: Placed, second: Placed) -> Placed:
    """Two placed silhouettes; the part numbers are those of the more opaque one."""
    return (
        np.maximum(first[0], second[0]),
        np.where(second[0] > first[0], second[1], first[1]),
    )


def motion_blur(rng: np.random.Generator, alpha: np.ndarray, scale: float) -> np.ndarray:
    """Blur along a line, over the whole silhouette or where a smooth field says so."""
    length = max(3, int(scale * rng.uniform(6, 40))) | 1
    kernel = np.zeros((length, length), F32)
    cv2.line(
        kernel,
        (0, int(rng.integers(length))),
        (length - 1, int(rng.integers(length))),
        1,
        1,
    )
    moved = cv2.filter2D(alpha, -1, kernel / kernel.sum())
    if rng.random() < 0.4:
        return moved
    where = np.clip(fractal_noise(rng, alpha.shape[0], alpha.shape[1], 2, 2) * 2 + 0.3, 0, 1)
    return alpha + (moved - alpha) * where


def soften(rng: np.random.Generator, alpha: np.ndarray, scale: float) -> np.ndarray:
    """Defocus, motion blur or a change of thickness; most edges stay nearly as drawn."""
    kind = rng.random()
    if kind < 0.4:
        alpha = blur(alpha, scale * abs(rng.normal(0, 1.2)))
    elif kind < 0.5:
        alpha = blur(alpha, scale * abs(rng.normal(0, 4)))
    elif kind < 0.58:
        alpha = motion_blur(rng, alpha, scale)
    elif kind < 0.65:
        alpha = np.clip(alpha, 0, 1) ** F32(math.exp(rng.normal(0, 0.4)))
    return np.clip(alpha, 0, 1)


def draw_silhouette(
    rng: np.random.Generator, source: Source, height: int, width: int, scale: float
) -> Placed:
    """alpha float32 HxW and part numbers uint8 HxW; some with company or behind a thin veil."""
    placed = place(rng, source.shape(rng), height, width)
    kind = rng.random()
    if kind < 0.1:
        placed = union(placed, place(rng, source.shape(rng), height, width))
    placed = (soften(rng, placed[0], scale), placed[1])
    if 0.1 < kind < 0.13:
        veil, parts = place(rng, source.shape(rng), height, width)
        placed = union(placed, (veil * F32(rng.uniform(0.15, 0.8)), parts))
    return placed
