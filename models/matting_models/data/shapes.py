"""Silhouettes: people and furry, holed or angular things, by seed."""

from typing import Tuple

import numpy as np

from matting_models.data.canvas import Canvas, Part, closed_spline
from matting_models.data.hair import StrandStyle, draw_strands
from matting_models.data.people import Person

SOLID_PARTS = (Part.TORSO, Part.LEGS, Part.THING, Part.TRIM)


def draw_shape(seed: int, size: int) -> Tuple[np.ndarray, np.ndarray]:
    """alpha uint8 (size, size) and part numbers uint8 (size/2, size/2) of one silhouette."""
    rng = np.random.default_rng([seed, 1])
    canvas = Canvas(size)
    if rng.random() < 0.8:
        draw_people(canvas, rng)
    else:
        for _ in range(rng.integers(1, 4)):
            draw_thing(canvas, rng)
    return canvas.finish()


def draw_people(canvas: Canvas, rng: np.random.Generator) -> None:
    """Close-ups (a head fills half of the picture) to whole bodies; at times two or three."""
    count = 1 if rng.random() < 0.85 else rng.integers(2, 4)
    for _ in range(count):
        low, high = [(0.3, 0.52), (0.16, 0.3), (0.09, 0.16)][rng.choice(3, p=(0.35, 0.4, 0.25))]
        crown = (
            rng.uniform(0.35, 0.65) * canvas.extent,
            rng.uniform(0.06, 0.3) * canvas.extent,
        )
        Person(canvas, rng, np.array(crown), rng.uniform(low, high) * canvas.extent).draw()


def draw_thing(canvas: Canvas, rng: np.random.Generator) -> None:
    """A blob, polygon, furry ball or ring with a few limbs."""
    center = rng.uniform(0.25, 0.75, 2) * canvas.extent
    radius = canvas.extent * rng.uniform(0.08, 0.32)
    angle = np.sort(rng.uniform(0, 6.28, rng.integers(4, 11)))
    reach = radius * rng.uniform(0.45, 1.25, len(angle))
    corners = center + reach[:, None] * np.stack(
        [np.cos(angle), np.sin(angle) * rng.uniform(0.6, 1.5)], 1
    )
    kind, part = rng.choice(["polygon", "blob", "furry", "ring"]), Part(rng.choice(SOLID_PARTS))
    outline = corners if kind == "polygon" else closed_spline(corners)
    canvas.polygon(outline, part)
    if kind == "furry":
        draw_fur(canvas, rng, outline, center, radius, part)
    if kind == "ring" or rng.random() < 0.2:
        cut_hole(canvas, rng, center, radius)
    for _ in range(rng.integers(0, 4)):
        start = center + rng.normal(0, 0.5, 2) * radius
        end = start + rng.normal(0, 1, 2) * radius
        thick, thin = radius * rng.uniform(0.02, 0.2, 2)
        canvas.capsule(start, end, thick, thin, Part(rng.choice(SOLID_PARTS)))


def draw_fur(
    canvas: Canvas,
    rng: np.random.Generator,
    outline: np.ndarray,
    center: np.ndarray,
    radius: float,
    part: int,
) -> None:
    roots = outline[rng.integers(0, len(outline), int(rng.uniform(300, 4000)))]
    outward = np.arctan2(roots[:, 1] - center[1], roots[:, 0] - center[0])
    style = StrandStyle(
        radius * rng.uniform(0.08, 0.5),
        curl=rng.uniform(0.2, 2),
        part=part,
        gravity=rng.uniform(-0.3, 0.6),
        widths=(1, 2),
    )
    draw_strands(canvas, rng, roots, outward + rng.normal(0, 0.5, len(roots)), style)


def cut_hole(canvas: Canvas, rng: np.random.Generator, center: np.ndarray, radius: float) -> None:
    where = center + rng.normal(0, 0.3, 2) * radius
    canvas.ellipse(where, radius * rng.uniform(0.05, 0.3, 2), 0)
