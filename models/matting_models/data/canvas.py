"""The drawing surface of a silhouette: solid parts, strands and their part numbers."""

from enum import IntEnum
from typing import Tuple

import cv2
import numpy as np
from numpy.typing import ArrayLike


class Part(IntEnum):
    """What a pixel of a silhouette shows; every part gets its own texture."""

    SKIN = 1
    HAIR = 2
    TORSO = 3
    LEGS = 4
    SLEEVES = 5
    THING = 6
    TRIM = 7


class Canvas:
    """Square of `size` output pixels, drawn at twice that size."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.extent = 2 * size
        shape = (self.extent, self.extent)
        self.parts = np.zeros(shape, np.uint8)
        self.strands = np.zeros(shape, np.uint8)
        self.strand_parts = np.zeros(shape, np.uint8)

    def polygon(self, points: ArrayLike, part: int) -> None:
        cv2.fillPoly(self.parts, [np.round(np.asarray(points)).astype(np.int32)], int(part))

    def ellipse(self, center: ArrayLike, radii: ArrayLike, part: int, tilt: float = 0.0) -> None:
        middle = np.asarray(center).astype(int).tolist()
        axes = np.maximum(1, np.asarray(radii).astype(int)).tolist()
        cv2.ellipse(self.parts, middle, axes, tilt, 0, 360, int(part), -1)

    def capsule(
        self,
        start: ArrayLike,
        end: ArrayLike,
        start_radius: float,
        end_radius: float,
        part: int,
    ) -> None:
        """A limb: two circles and the quadrilateral between them."""
        a, b = np.asarray(start, float), np.asarray(end, float)
        along = b - a
        normal = np.array([-along[1], along[0]]) / (np.linalg.norm(along) + 1e-6)
        side, other = normal * start_radius, normal * end_radius
        self.polygon(np.stack([a + side, b + other, b - other, a - side]), part)
        self.ellipse(a, (start_radius, start_radius), part)
        self.ellipse(b, (end_radius, end_radius), part)

    def finish(self) -> Tuple[np.ndarray, np.ndarray]:
        """alpha uint8 (size, size) and part numbers uint8 (size/2, size/2).

        Part numbers are continued outside of the silhouette, so that every soft pixel has one.
        """
        # Whoever places the shape continues its border outwards, where a strand would be a line.
        for edge in (np.s_[:4], np.s_[-4:], np.s_[:, :4], np.s_[:, -4:]):
            self.strands[edge] = 0
        size = (self.size, self.size)
        solid = cv2.resize(
            (self.parts > 0).astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA
        )
        soft = cv2.resize(self.strands, size, interpolation=cv2.INTER_AREA)
        half = (self.size // 2, self.size // 2)
        parts = cv2.resize(
            np.where(self.parts > 0, self.parts, self.strand_parts),
            half,
            interpolation=cv2.INTER_NEAREST,
        )
        return np.maximum(solid, soft), _continue_outside(parts)


def _continue_outside(parts: np.ndarray) -> np.ndarray:
    if not parts.any():
        return np.full_like(parts, Part.TORSO)
    _, nearest = cv2.distanceTransformWithLabels(
        (parts == 0).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    values = np.zeros(nearest.max() + 1, np.uint8)
    values[nearest[parts > 0]] = parts[parts > 0]
    return values[nearest]


def closed_spline(points: ArrayLike, steps: int = 12) -> np.ndarray:
    """Catmull-Rom curve through a closed loop of points: (n, 2) -> (n * steps, 2)."""
    p = np.asarray(points, np.float32)
    before, after, second = np.roll(p, 1, 0), np.roll(p, -1, 0), np.roll(p, -2, 0)
    t = np.linspace(0, 1, steps, endpoint=False, dtype=np.float32)[None, :, None]
    a, b, c, d = (x[:, None] for x in (before, p, after, second))
    curve = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    return curve.reshape(-1, 2)
