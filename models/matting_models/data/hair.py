"""Strands: hair and fur as clumped, curled polylines with fading tips."""

from dataclasses import dataclass
from typing import Callable, List, Tuple

import cv2
import numpy as np

from matting_models.data.canvas import Canvas, Part

OPACITY_LEVELS = 6


@dataclass(frozen=True)
class StrandStyle:
    """length in canvas pixels; curl in radians along a strand; gravity pulls down (+) or up (-)."""

    length: float
    curl: float = 1.0
    gravity: float = 0.4
    segments: int = 10
    widths: Tuple[int, ...] = (1,)
    opacity: Tuple[int, int] = (140, 255)
    clumps: int = 40
    part: int = Part.HAIR


def strand_paths(
    rng: np.random.Generator, roots: np.ndarray, angles: np.ndarray, style: StrandStyle
) -> np.ndarray:
    """Points of every strand, (n, segments + 1, 2). Strands of a clump bend alike."""
    n = len(roots)
    clump = rng.integers(0, style.clumps, n)

    def shared(draw: Callable[[int], np.ndarray], spread: float) -> np.ndarray:
        return (draw(style.clumps)[clump] + spread * rng.standard_normal(n)).astype(np.float32)

    bend = shared(lambda k: rng.normal(0, style.curl, k), 0.3 * style.curl)
    heading = np.asarray(angles, np.float32) + shared(lambda k: rng.normal(0, 0.35, k), 0.08)
    frequency = shared(lambda k: rng.uniform(6, 27, k), 1.0)
    phase = shared(lambda k: rng.uniform(0, 6.28, k), 0.4)
    wave = np.abs(shared(lambda k: rng.normal(0, 0.35 * style.curl, k), 0.1 * style.curl))
    length = style.length * rng.uniform(0.3, 1.0, n).astype(np.float32)
    points: List[np.ndarray] = [np.asarray(roots, np.float32)]
    for step in range(style.segments):
        t = step / style.segments
        angle = heading + bend * t + wave * np.sin(frequency * t + phase)
        direction = np.stack([np.cos(angle), np.sin(angle) + 2 * style.gravity * t], 1)
        direction /= np.linalg.norm(direction, axis=1, keepdims=True) + 1e-6
        points.append(points[-1] + direction * (length / style.segments)[:, None])
    return np.stack(points, 1)


def draw_strands(
    canvas: Canvas,
    rng: np.random.Generator,
    roots: np.ndarray,
    angles: np.ndarray,
    style: StrandStyle,
) -> None:
    """Draw strands into the canvas, faint groups first so that strong ones stay on top."""
    if len(roots) == 0:
        return
    paths = (strand_paths(rng, roots, angles, style) * 16).astype(np.int32)
    group = rng.integers(0, OPACITY_LEVELS, len(paths))
    stem = max(2, int(0.65 * style.segments))
    for level, opacity in enumerate(
        np.sort(rng.uniform(style.opacity[0], style.opacity[1], OPACITY_LEVELS))
    ):
        members, width = paths[group == level], int(rng.choice(style.widths))
        for part_of_strand, value in (
            (members, 0.6 * opacity),
            (members[:, :stem], opacity),
        ):
            cv2.polylines(
                canvas.strands,
                list(part_of_strand),
                False,
                int(value),
                width,
                cv2.LINE_AA,
                4,
            )
    cv2.polylines(canvas.strand_parts, list(paths), False, int(style.part), 7, cv2.LINE_8, 4)
