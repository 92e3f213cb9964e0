"""The colours of the subject: textured parts, shading, and the hard case, those of the plate."""

from typing import Tuple

import cv2
import numpy as np

from matting_models.data.canvas import Part
from matting_models.data.chances import Chances
from matting_models.data.fields import F32, blur, fractal_noise, gradient, resize
from matting_models.data.pictures import recolor
from matting_models.data.source import Source

KIND = {Part.SKIN: "skin", Part.HAIR: "hair"}
REDUCED = 8  # light on the subject is smooth: computed at 1/8 of the size


def paint(
    rng: np.random.Generator,
    source: Source,
    alpha: np.ndarray,
    parts: np.ndarray,
    background: np.ndarray,
    chances: Chances,
    scale: float,
) -> np.ndarray:
    """Foreground colour float32 HxWx3 in [0, 1], also where alpha is 0."""
    height, width = alpha.shape
    if rng.random() < chances.photographed:
        image = recolor(rng, source.photograph(rng, height, width, (0.3, 0.9)), 0.25)
    else:
        image = _paint_parts(rng, source, alpha, parts, background, chances, scale)
    return _finish(rng, image * _shading(rng, alpha)[..., None], background, chances, scale)


def repaint(
    rng: np.random.Generator,
    image: np.ndarray,
    alpha: np.ndarray,
    background: np.ndarray,
    chances: Chances,
    scale: float,
) -> np.ndarray:
    """A rendered or filmed foreground before another background: as it is, or in its colours."""
    if rng.random() < chances.similar:
        weight = alpha[::4, ::4, None] + F32(1e-4)
        own, behind = (
            (picture[::4, ::4] * weight).sum((0, 1)) / weight.sum() + F32(0.02)
            for picture in (image, background)
        )
        gain = np.clip(behind / own, 0.3, 3) ** rng.uniform(0.5, 1)
        image = image * (gain * np.exp(rng.normal(0, 0.06, 3))).astype(F32)
    elif rng.random() < 0.4:
        image = recolor(rng, image, 0.15)
    return _finish(rng, image, background, chances, scale)


def _finish(
    rng: np.random.Generator,
    image: np.ndarray,
    background: np.ndarray,
    chances: Chances,
    scale: float,
) -> np.ndarray:
    """Out of focus, in the light of the room, or with patches of the background's colour."""
    if rng.random() < 0.1:
        image = blur(image, scale * rng.uniform(0.5, 4))
    if rng.random() < 0.3:
        tint = background[::8, ::8].mean((0, 1))
        image = image * (1 + 0.5 * (tint / (tint.mean() + F32(1e-3)) - 1))
    if rng.random() < chances.blotches:
        image = _blotches(rng, image, background)
    return np.clip(image, 0, 1)


def _paint_parts(
    rng: np.random.Generator,
    source: Source,
    alpha: np.ndarray,
    parts: np.ndarray,
    background: np.ndarray,
    chances: Chances,
    scale: float,
) -> np.ndarray:
    similar_all = rng.random() < chances.similar
    painted = np.zeros(parts.shape + (3,), F32)
    for order, number in enumerate(np.unique(parts[::4, ::4])):
        mask = parts == number
        box = _bounding_box(mask)
        height, width = mask[box].shape
        kind = KIND.get(Part(max(1, number)), "cloth")
        texture = source.texture(rng, kind, height, width)
        if kind == "cloth" and rng.random() < 0.12:
            texture = recolor(rng, source.photograph(rng, height, width, (0.1, 0.5)), 0.35)
        if similar_all or rng.random() < chances.similar_part:
            texture = _similar(rng, texture, background[box], mask[box] * alpha[box], kind)
        if order == 0:
            painted[box] = texture
            continue
        weight = cv2.blur(mask[box].astype(F32), (3, 3))[..., None]
        painted[box] += (texture - painted[box]) * weight
    return painted


def _bounding_box(mask: np.ndarray) -> Tuple[slice, slice]:
    rows, cols = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    pad_rows = slice(max(0, rows[0] - 4), rows[-1] + 5)
    return pad_rows, slice(max(0, cols[0] - 4), cols[-1] + 5)


def _similar(
    rng: np.random.Generator,
    texture: np.ndarray,
    background: np.ndarray,
    weight: np.ndarray,
    kind: str,
) -> np.ndarray:
    """The texture with its mean moved (near) to the background's colour behind the part."""
    if rng.random() < 0.15:
        shift = rng.normal(0, 0.2, 2) * background.shape[:2]
        moved = np.roll(background, shift.astype(int), (0, 1))
        return moved * F32(rng.uniform(0.8, 1.15))
    weight = weight[::4, ::4] + F32(1e-4)
    color = (background[::4, ::4] * weight[..., None]).sum((0, 1)) / weight.sum()
    color = color + rng.normal(0, 0.04) + rng.normal(0, 0.02, 3)
    closeness = 0.65 if kind == "skin" else rng.uniform(0.8, 1)
    mean = texture[::4, ::4].mean((0, 1))
    contrast = rng.uniform(0.15, 0.6)
    return ((texture - mean) * F32(contrast) + mean + closeness * (color - mean)).astype(F32)


def _shading(rng: np.random.Generator, alpha: np.ndarray) -> np.ndarray:
    """Light on the subject, HxW around 1: gradients, and rounding towards the silhouette."""
    height, width = alpha.shape
    rows, cols = max(8, height // REDUCED), max(8, width // REDUCED)
    inside = blur(resize(alpha, rows, cols, cv2.INTER_AREA), cols * rng.uniform(0.01, 0.06))
    light = 1 + gradient(rng, rows, cols, 0.15)
    light = light + fractal_noise(rng, rows, cols, 3) * F32(rng.uniform(0, 0.15))
    if rng.random() < 0.6:
        light = light + F32(rng.normal(0, 0.5)) * (inside - 0.75)
    if rng.random() < 0.5:
        slope = cv2.Sobel(inside, cv2.CV_32F, 1, 0, ksize=3)
        light = light + slope * F32(rng.normal(0, 0.25) / (np.abs(slope).max() + 1e-3))
    return resize(np.clip(light, 0.25, 1.8).astype(F32), height, width)


def _blotches(rng: np.random.Generator, image: np.ndarray, background: np.ndarray) -> np.ndarray:
    """Patches of the background's own colour inside of the body, which must stay opaque."""
    height, width = image.shape[:2]
    where = fractal_noise(rng, height, width, rng.choice([2, 4, 8]), 2) * F32(2.5)
    where = np.clip(where + F32(rng.normal(-0.5, 0.7)), 0, 1) * F32(rng.uniform(0.5, 0.97))
    color = blur(background, width * 0.02) * F32(rng.uniform(0.85, 1.15))
    color = color + rng.normal(0, 0.03, 3).astype(F32)
    return image + (color - image) * where[..., None]
