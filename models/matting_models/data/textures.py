"""Patterns, cloth, skin and hair as float32 RGB images."""

import math
import string
from typing import Tuple

import cv2
import numpy as np

from matting_models.data import colors
from matting_models.data.fields import F32, fractal_noise, resize, to_bytes, to_float

LETTERS = np.array(list(string.ascii_letters + string.digits + "(){}=+-*/.:"))


def flat(height: int, width: int, color: np.ndarray) -> np.ndarray:
    return np.full((height, width, 3), color, F32)


def mix(low: np.ndarray, high: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """Colours low and high (3,) blended by amount HxW."""
    return (low + (high - low) * np.clip(amount, 0, 1)[..., None]).astype(F32)


def _rotated_grid(
    rng: np.random.Generator, height: int, width: int
) -> Tuple[np.ndarray, np.ndarray]:
    y, x = np.mgrid[0:height, 0:width].astype(F32)
    angle = rng.uniform(0, math.pi)
    cos, sin = math.cos(angle), math.sin(angle)
    return x * F32(cos) + y * F32(sin), y * F32(cos) - x * F32(sin)


def stripes(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Stripes, checks, plaid, bricks or dots in two colours."""
    u, v = _rotated_grid(rng, height, width)
    period = width * rng.choice([0.015, 0.03, 0.06, 0.12, 0.25]) * rng.uniform(0.7, 1.5)
    wave = [np.sin(u * F32(6.283 / period)), np.sin(v * F32(6.283 / period))]
    hardness, kind = rng.uniform(1, 8), rng.integers(5)
    amount: np.ndarray
    if kind == 0:
        amount = wave[0] * hardness + 0.5
    elif kind == 1:
        amount = wave[0] * wave[1] * hardness + 0.5
    elif kind == 2:
        hard = [np.clip(w * hardness + 0.5, 0, 1) for w in wave]
        amount = (hard[0] + hard[1]) / 2
    elif kind == 3:
        shifted: np.ndarray = v + (np.floor(u / period) % 2) * period
        amount = ((u % period < period * 0.08) | (shifted % (2 * period) < period * 0.08)).astype(
            F32
        )
    else:
        amount = np.float32(0.35 * period) - np.hypot(
            u % period - period / 2, v % period - period / 2
        )
    return mix(colors.any_color(rng), colors.any_color(rng), amount)


def clouds(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Two colours or free colours varying like clouds, marble or wood."""
    if rng.random() < 0.5:
        noise = fractal_noise(rng, height, width, rng.choice([2, 5, 12]), 4, channels=3)
        return np.clip(noise * F32(rng.uniform(0.05, 0.3)) + colors.any_color(rng), 0, 1)
    noise = fractal_noise(
        rng, height, width, rng.choice([3, 8, 20]), 4, stretch=rng.choice([1, 1, 8, 20])
    )
    return mix(colors.any_color(rng), colors.any_color(rng), noise * rng.uniform(0.3, 3) + 0.5)


def mosaic(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Cells around random points, hard or soft."""
    count = rng.integers(8, 60)
    points = (rng.random((count, 2)) * [width, height]).astype(F32)
    y, x = np.mgrid[0:height:4, 0:width:4].astype(F32)
    distance = (x[..., None] - points[:, 0]) ** 2 + (y[..., None] - points[:, 1]) ** 2
    palette = np.stack([colors.any_color(rng) for _ in range(count)])
    mode = int(rng.choice([cv2.INTER_NEAREST, cv2.INTER_LINEAR]))
    return resize(palette[distance.argmin(-1)], height, width, mode)


def pattern(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    draw = (stripes, stripes, clouds, clouds, mosaic)[rng.integers(5)]
    return draw(rng, height, width)


def cloth(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Plain cloth with folds and weave; a pattern in two of five; at times printed letters."""
    if rng.random() < 0.4:
        image = pattern(rng, height, width)
    else:
        image = flat(height, width, colors.cloth_color(rng))
    folds = fractal_noise(
        rng, height, width, rng.choice([3, 6, 12]), 4, 0.7, stretch=rng.uniform(0.3, 3)
    )
    image *= 1 + folds[..., None] * F32(rng.uniform(0.02, 0.16))
    if rng.random() < 0.25:
        rib = np.sin(np.arange(width) * 6.28 / (width * rng.uniform(0.008, 0.03)))
        image *= (1 + 0.08 * rng.random() * rib).astype(F32)[None, :, None]
    if rng.random() < 0.15:
        write_text(rng, image, int(rng.integers(1, 5)))
    return np.clip(image, 0, 1)


def skin(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Skin with soft blotches and small darker and lighter marks."""
    tone = colors.skin_color(rng)
    image = flat(height, width, tone)
    blotches = fractal_noise(rng, height, width, 6, 3)[..., None]
    image *= 1 + blotches * F32(rng.uniform(0.02, 0.1))
    for _ in range(rng.integers(0, 24)):
        center = (int(rng.uniform(0, 1) * width), int(rng.uniform(0, 1) * height))
        radii = (
            1 + int(width * rng.uniform(0, 0.03)),
            1 + int(width * rng.uniform(0, 0.012)),
        )
        mark = np.clip(tone * rng.uniform(0.3, 1.15) + rng.normal(0, 0.04, 3), 0, 1)
        cv2.ellipse(
            image,
            center,
            radii,
            rng.uniform(-30, 30),
            0,
            360,
            mark.tolist(),
            -1,
            cv2.LINE_AA,
        )
    return np.clip(image, 0, 1)


def hair(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Hair colour with streaks along one direction and a few highlights."""
    streaks = fractal_noise(rng, height, width, 10, 4, 0.8, stretch=rng.uniform(1, 8))[..., None]
    image = colors.hair_color(rng) * (1 + streaks * F32(rng.uniform(0.1, 0.5)))
    return np.clip(image + np.maximum(streaks - 1, 0) * F32(rng.uniform(0, 0.08)), 0, 1)


def draw_clutter(
    rng: np.random.Generator,
    image: np.ndarray,
    count: int,
    smallest: float,
    largest: float,
) -> None:
    """Random solid things on an image, in place; sizes are shares of its width."""
    height, width = image.shape[:2]
    for _ in range(count):
        color = colors.any_color(rng).tolist()
        x, y = int(rng.uniform(0, width)), int(rng.uniform(0, height))
        size = width * math.exp(rng.uniform(math.log(smallest), math.log(largest)))
        a, b = (max(1, int(size * s)) for s in rng.uniform(0.3, 1.5, 2))
        kind = rng.integers(5)
        if kind <= 1:
            thickness = -1 if rng.random() < 0.8 else max(1, int(size * 0.05))
            cv2.rectangle(image, (x, y), (x + a, y + b), color, thickness)
        elif kind == 2:
            cv2.ellipse(
                image,
                (x, y),
                (a // 2 + 1, b // 2 + 1),
                rng.uniform(0, 180),
                0,
                360,
                color,
                -1,
                cv2.LINE_AA,
            )
        elif kind == 3:
            end = (int(x + rng.normal(0, 3) * size), int(y + rng.normal(0, 3) * size))
            cv2.line(
                image,
                (x, y),
                end,
                color,
                max(1, int(size * rng.uniform(0.02, 0.2))),
                cv2.LINE_AA,
            )
        else:
            corners = (x, y) + rng.normal(0, size * 0.7, (rng.integers(3, 6), 2))
            cv2.fillPoly(image, [corners.astype(np.int32)], color, cv2.LINE_AA)


def write_text(rng: np.random.Generator, image: np.ndarray, count: int) -> None:
    """Words in several sizes on a float image, in place (OpenCV writes on bytes only)."""
    height, width = image.shape[:2]
    before = to_bytes(image)
    canvas = before.copy()
    for _ in range(count):
        words = "".join(rng.choice(LETTERS, rng.integers(3, 16)))
        color = colors.any_color(rng) if rng.random() < 0.5 else np.array([0.1, 0.1, 0.12])
        where = (int(rng.uniform(-0.1, 0.8) * width), int(rng.uniform(0, 1) * height))
        cv2.putText(
            canvas,
            words,
            where,
            int(rng.choice([0, 1, 2, 3, 4, 6, 7])),
            width / 900 * rng.uniform(0.4, 2.5),
            (color * 255).tolist(),
            max(1, int(width / 600 * rng.uniform(0.5, 3))),
            cv2.LINE_AA,
        )
    written = canvas != before
    image[written] = to_float(canvas)[written]
