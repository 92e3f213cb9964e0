"""Smooth random fields and blurs, computed at low resolution wherever the result is smooth.

All images are float32, HxW or HxWx3; lengths are in pixels.
"""

import math

import cv2
import numpy as np

F32 = np.float32


def resize(
    image: np.ndarray, height: int, width: int, interpolation: int = cv2.INTER_LINEAR
) -> np.ndarray:
    return cv2.resize(image, (width, height), interpolation=interpolation)


def blur(image: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur; a large sigma is applied at a reduced size, where it costs little."""
    if sigma <= 0.15:
        return image
    height, width = image.shape[:2]
    factor = max(1, int(sigma / 3))
    if factor == 1:
        return cv2.GaussianBlur(image, (0, 0), float(sigma))
    small = resize(image, max(4, height // factor), max(4, width // factor), cv2.INTER_AREA)
    return resize(cv2.GaussianBlur(small, (0, 0), sigma / factor), height, width)


def gradient(rng: np.random.Generator, height: int, width: int, amplitude: float) -> np.ndarray:
    """Zero-mean light gradient across the picture, HxW."""
    points = (2, 2) if rng.random() < 0.6 else (3, 3)
    grid = rng.normal(0, amplitude, points).astype(F32)
    mode = cv2.INTER_LINEAR if points[0] == 2 else cv2.INTER_CUBIC
    return resize(grid, height, width, mode)


def fractal_noise(
    rng: np.random.Generator,
    height: int,
    width: int,
    cells: float,
    octaves: int = 3,
    persistence: float = 0.5,
    channels: int = 1,
    stretch: float = 1.0,
) -> np.ndarray:
    """Sum of cubic-interpolated Gaussian grids with about unit variance, HxW or HxWxC.

    cells: grid cells across the width in the first octave; stretch: more cells across than down.
    """
    shape = (height, width) if channels == 1 else (height, width, channels)
    total, power, weight = np.zeros(shape, F32), 0.0, 1.0
    for octave in range(octaves):
        rows = int(np.clip(cells * 2**octave * height / width + 1, 2, height))
        cols = int(np.clip(cells * 2**octave * stretch + 1, 2, width))
        grid = rng.standard_normal((rows, cols) + shape[2:], F32)
        total += F32(weight) * resize(grid, height, width, cv2.INTER_CUBIC)
        power += weight * weight
        weight *= persistence
    return total / F32(math.sqrt(power))


def to_bytes(image: np.ndarray) -> np.ndarray:
    return (np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8)


def to_float(image: np.ndarray) -> np.ndarray:
    return image.astype(F32) * F32(1 / 255)
