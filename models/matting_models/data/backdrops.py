"""Painted backgrounds: walls, rooms, patterns and clutter as float32 RGB images."""

import cv2
import numpy as np

from matting_models.data import colors, textures
from matting_models.data.fields import F32, blur, fractal_noise, gradient


def wall(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """A wall with light falling off; things, letters or a floor in many."""
    image = textures.flat(height, width, colors.wall_color(rng))
    image *= (1 + gradient(rng, height, width, rng.uniform(0.01, 0.2)))[..., None]
    if rng.random() < 0.4:
        grain = fractal_noise(rng, height, width, rng.choice([4, 20, 60]), 4)
        image += (grain * F32(rng.uniform(0.003, 0.04)))[..., None]
    kind = rng.random()
    if kind < 0.3:
        textures.draw_clutter(rng, image, int(rng.integers(1, 14)), 0.02, 0.3)
    if 0.2 < kind < 0.45:
        textures.write_text(rng, image, int(rng.integers(2, 40)))
    if kind > 0.75:
        textures.draw_clutter(rng, image, int(rng.integers(1, 5)), 0.1, 0.6)
    if rng.random() < 0.2:
        top = int(height * rng.uniform(0.6, 0.95))
        image[top:] = textures.pattern(rng, height - top, width)
    return image


def room(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Four walls around a vanishing point, full of things."""
    image = textures.flat(height, width, colors.wall_color(rng))
    vanishing = rng.uniform((0.2, 0.3), (0.8, 0.7)) * (width, height)
    outer = np.array([(0, 0), (width, 0), (width, height), (0, height)], float)
    inner = vanishing + (outer - vanishing) * rng.uniform(0.3, 0.8)
    for side in range(4):
        following = (side + 1) % 4
        color = colors.any_color(rng) if side == 2 else colors.wall_color(rng)
        corners = [outer[side], outer[following], inner[following], inner[side]]
        cv2.fillPoly(image, [np.array(corners).astype(np.int32)], color.tolist(), cv2.LINE_AA)
    textures.draw_clutter(rng, image, int(rng.integers(5, 60)), 0.02, 0.35)
    if rng.random() < 0.3:
        textures.write_text(rng, image, int(rng.integers(1, 12)))
    return image * (1 + gradient(rng, height, width, 0.15))[..., None]


def cluttered(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    image = np.ascontiguousarray(textures.pattern(rng, height, width), F32)
    textures.draw_clutter(rng, image, int(rng.integers(0, 120)), 0.01, 0.3)
    return image * (1 + gradient(rng, height, width, 0.15))[..., None]


def backdrop(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """One background in [0, 1]; two of five are out of focus, as backgrounds are."""
    draw = (wall, room, cluttered)[rng.choice(3, p=(0.5, 0.3, 0.2))]
    image = draw(rng, height, width)
    if rng.random() < 0.4:
        image = blur(image, width / 256 * abs(rng.normal(0, 1.6)))
    return np.clip(image, 0, 1)
