"""Articulated people. Lengths are in head heights; `Person.at` turns them into canvas pixels."""

import math
from typing import Any, Tuple

import numpy as np
from numpy.typing import ArrayLike

from matting_models.data.canvas import Canvas, Part, closed_spline
from matting_models.data.hair import StrandStyle, draw_strands

HAIR_CUTS = ("bald", "long", "long_loose", "short", "short_flat", "afro", "swept")


class Person:
    """One person on a canvas; `crown` is the top of the head and `head` its height, in pixels."""

    def __init__(
        self, canvas: Canvas, rng: np.random.Generator, crown: ArrayLike, head: float
    ) -> None:
        self.canvas, self.rng, self.crown, self.head = (
            canvas,
            rng,
            np.asarray(crown),
            head,
        )
        u = rng.uniform
        self.face = np.array([0.5 * u(0.66, 0.86), 0.5])
        self.neck = u(1.0, 1.15)
        self.shoulder_y = self.neck + u(0.22, 0.42)
        self.shoulder = u(0.85, 1.35) * (u(0.55, 1) if rng.random() < 0.25 else 1)
        self.hip = self.shoulder * u(0.6, 1.0)
        self.hip_y = self.neck + u(2.0, 2.8)
        self.lean = rng.normal(0, 0.24)
        self.neck_width = self.face[0] * u(0.45, 0.75)
        self.cut = str(rng.choice(HAIR_CUTS))
        self.hair_height = u(0.05, 0.35)

    def at(self, points: ArrayLike) -> np.ndarray:
        return self.crown + np.asarray(points, float) * self.head

    def capsule(
        self,
        start: ArrayLike,
        end: ArrayLike,
        start_radius: float,
        end_radius: float,
        part: int,
    ) -> None:
        self.canvas.capsule(
            self.at(start),
            self.at(end),
            start_radius * self.head,
            end_radius * self.head,
            part,
        )

    def ellipse(self, center: ArrayLike, radii: ArrayLike, part: int, tilt: float = 0.0) -> None:
        self.canvas.ellipse(self.at(center), np.asarray(radii) * self.head, part, tilt)

    def loop(self, points: ArrayLike, part: int) -> None:
        self.canvas.polygon(closed_spline(self.at(points)), part)

    def draw(self) -> None:
        """From back to front, as later parts hide earlier ones."""
        self.legs()
        if self.cut in ("long", "long_loose"):
            self.long_hair()
        self.torso()
        for side in (-1, 1):
            self.arm(side)
        self.head_and_neck()
        if self.cut != "bald":
            self.hair_cap()
        self.accessories()

    def legs(self) -> None:
        rng, y = self.rng, self.hip_y
        radius, spread = rng.uniform(0.26, 0.42), rng.uniform(0, 0.6)
        if rng.random() < 0.2:
            flare = self.hip * rng.uniform(1, 2)
            self.canvas.polygon(
                self.at(
                    [
                        (self.lean - self.hip, y - 0.3),
                        (self.lean + self.hip, y - 0.3),
                        (self.lean + flare, y + 2),
                        (self.lean - flare, y + 2),
                    ]
                ),
                Part.LEGS,
            )
        facing = rng.choice([-1, 1])
        for side in (-1, 1):
            hip = np.array([self.lean + side * self.hip * 0.5, y - 0.1])
            knee = hip + [side * spread * 0.5 + rng.normal(0, 0.15), 1.9]
            ankle = knee + [side * spread * 0.3 + rng.normal(0, 0.15), 1.9]
            self.capsule(hip, knee, radius, radius * 0.75, Part.LEGS)
            self.capsule(knee, ankle, radius * 0.75, radius * 0.5, Part.LEGS)
            self.ellipse(
                ankle + [facing * radius * 0.4, radius * 0.3],
                (radius, radius * 0.45),
                Part.THING,
            )

    def torso(self) -> None:
        rng, hip, lean = self.rng, self.hip, self.lean
        wide, width = self.shoulder, self.neck_width
        middle = (self.shoulder_y + self.hip_y) / 2
        right = [
            (width, self.neck - 0.12),
            (wide * 0.8, self.shoulder_y - 0.08 + rng.normal(0, 0.04)),
            (wide, self.shoulder_y + 0.15),
            (wide * rng.uniform(0.75, 0.98) + lean / 2, middle + rng.normal(0, 0.1)),
            (lean + hip, self.hip_y),
            (lean + hip * 0.95, self.hip_y + 0.3),
        ]
        left = [(2 * lean * (y > middle) - x, y) for x, y in right[::-1]]
        self.loop(right + left, Part.TORSO)
        if rng.random() < 0.3:
            self.loop(
                [
                    (-width * 1.2, self.neck - 0.1),
                    (-width * 0.8, middle),
                    (lean, self.hip_y),
                    (width * 0.8, middle),
                    (width * 1.2, self.neck - 0.1),
                ],
                Part.TRIM,
            )

    def arm_angles(self, side: int) -> Tuple[float, float]:
        """Directions of upper arm and forearm in radians; 'hand on hip' leaves a hole."""
        u, down = self.rng.uniform, math.pi / 2
        pose = self.rng.choice(["hip", "hip", "hanging", "wide", "raised", "folded"])
        if pose == "hip":
            return down - side * u(0.25, 0.8), down + side * u(0.5, 1.6)
        if pose == "hanging":
            return down - side * u(0, 0.3), down + side * u(-0.1, 0.3)
        if pose == "raised":
            return down - side * u(0, 1.0), -down + self.rng.normal(0, 0.7)
        if pose == "folded":
            return down - side * u(-0.2, 0.5), down + side * u(1.0, 2.2)
        upper = -side * u(-0.3, 1.4) + (math.pi if side < 0 else 0)
        return upper, upper + self.rng.normal(0, 0.9)

    def arm(self, side: int) -> None:
        rng = self.rng
        radius = rng.uniform(0.18, 0.32)
        sleeve = Part(rng.choice([Part.TORSO, Part.TORSO, Part.TORSO, Part.SKIN, Part.SLEEVES]))
        upper, lower = self.arm_angles(side)
        shoulder = np.array([side * (self.shoulder - radius * 0.6), self.shoulder_y + 0.18])
        elbow = shoulder + 1.35 * _direction(upper)
        wrist = elbow + 1.2 * _direction(lower)
        self.capsule(shoulder, elbow, radius, radius * 0.8, sleeve)
        self.capsule(
            elbow,
            wrist,
            radius * 0.8,
            radius * 0.55,
            sleeve if rng.random() < 0.7 else Part.SKIN,
        )
        self.hand(wrist + 0.15 * _direction(lower), lower, radius)

    def hand(self, palm: np.ndarray, heading: float, radius: float) -> None:
        rng = self.rng
        self.ellipse(palm, (radius * 0.75, radius * 0.75), Part.SKIN)
        for _ in range(rng.integers(0, 6)):
            tip = palm + 0.42 * _direction(heading + rng.normal(0, 0.5))
            self.capsule(palm, tip, 0.06, 0.045, Part.SKIN)
        if rng.random() < 0.15:
            self.held_thing(palm)

    def held_thing(self, palm: np.ndarray) -> None:
        rng = self.rng
        kind = rng.choice(["bag", "stick", "box"])
        if kind == "bag":
            self.loop(palm + rng.normal(0, 0.5, (rng.integers(3, 7), 2)), Part.THING)
        elif kind == "stick":
            reach = rng.uniform(0.5, 2.5) * _direction(rng.uniform(0, 6.28))
            thick, thin = rng.uniform(0.02, 0.1, 2)
            self.capsule(palm - 0.3 * reach, palm + reach, thick, thin, Part.THING)
        else:
            angle, (a, b) = rng.uniform(0, 6.28), rng.uniform(0.15, 0.8, 2)
            x, y = a * _direction(angle), b * _direction(angle + math.pi / 2)
            self.canvas.polygon(self.at(palm + [x + y, x - y, -x - y, y - x]), Part.THING)

    def head_and_neck(self) -> None:
        width = self.neck_width
        self.capsule((0, 0.75), (0, self.neck + 0.05), width * 0.9, width, Part.SKIN)
        self.ellipse((0, 0.5), self.face, Part.SKIN, self.rng.normal(0, 6))
        for side in (-1, 1):
            self.ellipse((side * self.face[0], 0.52), self.face * (0.14, 0.22), Part.SKIN)

    def strands(self, roots: np.ndarray, angles: np.ndarray, length: float, **style: Any) -> None:
        """roots in head heights, length in head heights."""
        draw_strands(
            self.canvas,
            self.rng,
            self.at(roots),
            angles,
            StrandStyle(length * self.head, **style),
        )

    def long_hair(self) -> None:
        rng, half = self.rng, self.face[0]
        length, width = rng.uniform(0.6, 2.2), half * rng.uniform(1.05, 1.7)
        u = rng.uniform
        outline = [
            (-half * 0.9, 0.25),
            (0, -self.hair_height * 0.4),
            (half * 0.9, 0.25),
            (width, 0.5 + length * 0.4),
            (width * u(0.5, 1.1), 0.5 + length),
            (width * 0.3, 0.5 + length * u(0.8, 1.05)),
            (-width * u(0.3, 0.6), 0.5 + length * u(0.8, 1.05)),
            (-width * u(0.6, 1.1), 0.5 + length * 0.9),
            (-width, 0.5 + length * 0.4),
        ]
        self.loop(outline, Part.HAIR)
        edge = closed_spline(outline, 24)
        roots = edge[rng.integers(0, len(edge), int(u(100, 1400)))]
        roots = roots + rng.normal(0, 0.06 * half, roots.shape)
        self.strands(
            roots,
            rng.normal(math.pi / 2, 0.5, len(roots)),
            u(0.3, 1.0),
            curl=u(0.2, 1.6),
            gravity=0.5,
        )

    def hair_outline(self) -> np.ndarray:
        rng, rough = self.rng, 1.0 if self.cut in ("short", "afro") else 0.5
        angle = math.pi * np.linspace(-0.08, 1.08, 22)
        reach = 1 + self.hair_height / 0.5 * (0.6 + 0.8 * rng.random(22) * rough)
        return np.stack(
            [-np.cos(angle) * self.face[0] * reach, 0.5 - np.sin(angle) * 0.5 * reach],
            1,
        )

    def hair_cap(self) -> None:
        rng, half = self.rng, self.face[0]
        top = self.hair_outline()
        y = 0.5 - 0.5 * rng.uniform([-0.1, 0.35, 0.35, -0.1], [0.3, 0.7, 0.7, 0.3])
        fringe = np.stack([half * np.array([0.95, 0.4, -0.4, -0.95]), y], 1)
        self.loop(np.concatenate([top, fringe]), Part.HAIR)
        count = int(rng.choice([60, 200, 600, 1500, 3000]) * rng.uniform(0.6, 1.4))
        roots = _points_on(rng, top, count)
        roots = (0, 0.5) + (roots - (0, 0.5)) * rng.uniform(0.85, 1.0, (count, 1))
        swept = rng.choice([-1.2, 1.2]) if self.cut == "swept" else 0
        self.strands(
            roots,
            _outward(roots) + rng.normal(swept, 0.6, count),
            rng.choice([0.06, 0.12, 0.25, 0.5]) * rng.uniform(0.7, 1.4),
            curl=rng.choice([0.3, 1.0, 2.5]),
            gravity=rng.uniform(-0.2, 0.7),
            widths=(1, 1, 2),
        )
        self.fly_aways(top)
        if rng.random() < 0.2:
            self.bun()

    def fly_aways(self, top: np.ndarray) -> None:
        """Few, long, thin strands that stand alone before the background."""
        rng = self.rng
        roots = _points_on(rng, top, int(rng.uniform(0, 60)))
        self.strands(
            roots,
            _outward(roots) + rng.normal(0, 0.7, len(roots)),
            rng.uniform(0.3, 0.9),
            curl=rng.uniform(1, 4),
            gravity=rng.uniform(-0.2, 0.6),
            segments=18,
            widths=(1, 2),
            opacity=(90, 255),
            clumps=12,
        )

    def bun(self) -> None:
        rng, radius = self.rng, self.rng.uniform(0.1, 0.22)
        center = np.array([rng.normal(0, 0.4) * self.face[0], -self.hair_height * 0.8])
        self.ellipse(center, (radius, radius), Part.HAIR)
        angle = rng.uniform(0, 6.28, int(rng.uniform(50, 500)))
        roots = center + radius * np.stack([np.cos(angle), np.sin(angle)], 1)
        self.strands(
            roots,
            angle + rng.normal(0, 1, len(angle)),
            radius * 1.2,
            curl=2.0,
            gravity=0.2,
        )

    def accessories(self) -> None:
        rng, half = self.rng, self.face[0]
        if rng.random() < 0.15:
            brim, top = rng.uniform(1.1, 1.5), -rng.uniform(0.1, 0.35)
            self.loop(
                [
                    (-half * brim, 0.28),
                    (-half * 0.9, -0.1),
                    (0, top),
                    (half * 0.9, -0.1),
                    (half * brim, 0.28),
                ],
                Part.THING,
            )
        if rng.random() < 0.25:
            radius = half * rng.uniform(0.08, 0.3)
            for side in (-1, 1):
                self.ellipse(
                    (side * half * rng.uniform(0.9, 1.1), 0.5 + rng.uniform(0, 0.35)),
                    (radius, radius),
                    Part.THING,
                )


def _direction(angle: float) -> np.ndarray:
    return np.array([math.cos(angle), math.sin(angle)])


def _outward(points: np.ndarray) -> np.ndarray:
    """Direction away from the middle of the head, radians."""
    return np.arctan2(points[:, 1] - 0.5, points[:, 0])


def _points_on(rng: np.random.Generator, line: np.ndarray, count: int) -> np.ndarray:
    """Random points on a polyline, (count, 2)."""
    index = rng.integers(0, len(line) - 1, count)
    t = rng.random((count, 1))
    return line[index] * (1 - t) + line[index + 1] * t
