"""A triplet by seed: image, plate, alpha and foreground, disturbed as real pairs are.

Terms: src image, bgr plate (both RGB uint8 HxWx3), alpha uint8 HxW, fgr foreground uint8 HxWx3.
"""

from typing import List, Optional

import numpy as np

from matting_models.data import camera, light
from matting_models.data.chances import DEFAULT, Chances
from matting_models.data.fields import F32, blur, to_bytes
from matting_models.data.footage import Footage
from matting_models.data.foreground import paint, repaint
from matting_models.data.silhouette import draw_silhouette
from matting_models.data.source import Source
from matting_models.data.terms import Scene, Seed
from matting_models.data.textures import draw_clutter


def make_triplet(
    seed: Seed,
    height: int,
    width: int,
    scale: float,
    source: Source,
    chances: Chances = DEFAULT,
    footage: Optional[Footage] = None,
) -> Scene:
    """dict of src, bgr, alpha, fgr.

    seed: int or sequence of ints; scale: output pixels per pixel of a 1920x1080 picture (0.25 for
    what the base network sees there); footage: takes the subject from there instead of drawing it.
    The same arguments give the same arrays.
    """
    rng = np.random.default_rng(seed)
    background = source.background(rng, height, width, scale)
    if footage is None:
        alpha, parts = draw_silhouette(rng, source, height, width, scale)
    else:
        alpha, colors = footage.subject(rng, height, width)
    nobody = rng.random() < chances.nobody
    if nobody:
        alpha = np.zeros_like(alpha)
    if footage is None:
        foreground = paint(rng, source, alpha, parts, background, chances, scale)
    else:
        foreground = repaint(rng, colors, alpha, background, chances, scale)
    if rng.random() < chances.grey:
        background, foreground = _grey(rng, background, foreground)
    behind = _lit_background(rng, background, foreground, alpha, chances)
    src = behind + (foreground - behind) * alpha[..., None]
    plate = _plate(rng, background, scale, chances)
    scene = _photograph(rng, src, plate, foreground, alpha, scale, chances)
    if nobody and rng.random() < chances.identical:
        scene["bgr"] = scene["src"].copy()
    return scene


def _grey(rng: np.random.Generator, *images: np.ndarray) -> List[np.ndarray]:
    tint = (1 + rng.normal(0, 0.04, 3) * (rng.random() < 0.5)).astype(F32)
    return [np.clip(image.mean(-1, keepdims=True) * tint, 0, 1) for image in images]


def _lit_background(
    rng: np.random.Generator,
    background: np.ndarray,
    foreground: np.ndarray,
    alpha: np.ndarray,
    chances: Chances,
) -> np.ndarray:
    """The background as the image shows it: shadowed, reflecting, lit and furnished anew."""
    behind = background
    if rng.random() < chances.shadow and alpha.any():
        behind = light.cast_shadows(rng, behind, alpha)
    if rng.random() < chances.reflection:
        behind = light.reflect(rng, behind, foreground, alpha)
    if rng.random() < chances.light:
        behind = light.change_light(rng, behind, chances.relight)
    return np.clip(behind, 0, 1)


def _plate(
    rng: np.random.Generator, background: np.ndarray, scale: float, chances: Chances
) -> np.ndarray:
    """The plate before the sensor: small things that moved or a screen that changed, a shift."""
    plate = background
    if rng.random() < chances.changed:
        plate = np.ascontiguousarray(plate).copy()
        draw_clutter(rng, plate, int(rng.integers(1, 4)), 0.01, 0.08)
    if rng.random() < chances.misaligned:
        plate = camera.misalign(rng, plate, scale, rng.random() < chances.large_shift)
    if rng.random() < chances.plate_blur:
        plate = blur(plate, scale * abs(rng.normal(0, 1.3)))
    if chances.exposure > 0:
        e = chances.exposure
        plate = camera.expose(rng, plate, 0.045 * e, 0.018 * e, 0.04 * e)
    return plate


def _photograph(
    rng: np.random.Generator,
    src: np.ndarray,
    plate: np.ndarray,
    foreground: np.ndarray,
    alpha: np.ndarray,
    scale: float,
    chances: Chances,
) -> Scene:
    """Both pictures through the sensor. The target foreground keeps the image's noise, so that
    a solid pixel's foreground is exactly the observed pixel."""
    if rng.random() < chances.image_blur:
        src = blur(src, scale * abs(rng.normal()))
    level = abs(rng.normal(0, 0.012)) if rng.random() < 0.8 else rng.uniform(0.01, 0.04)
    level *= chances.noise * (0.5 + 0.5 * scale)
    clean = src
    src = camera.add_noise(rng, src, level)
    plate = camera.add_noise(rng, plate, level * rng.uniform(0.7, 1.3))
    if rng.random() < chances.clipped:
        gain = F32(rng.uniform(0.9, 1.25))
        src, plate, foreground, clean = (image * gain for image in (src, plate, foreground, clean))
    src, plate = np.clip(src, 0, 1), np.clip(plate, 0, 1)
    if rng.random() < chances.jpeg:
        low, high = (50, 92) if scale > 0.6 else (75, 95)
        src, plate = (camera.jpeg(x, rng.uniform(low, high)) for x in (src, plate))
    foreground = np.clip(foreground + alpha[..., None] * (src - clean), 0, 1)
    return {
        "src": to_bytes(src),
        "bgr": to_bytes(plate),
        "alpha": to_bytes(alpha),
        "fgr": to_bytes(foreground),
    }
