"""Things that people hold: a mug, a book, a ball."""

import numpy as np

from .meshes import add_mesh, box, lathe, subdivide
from .nodes import plain

PROPS = ("mug", "book", "ball")


def _between_hands(figure):
    """Centre of both palms and the unit vector from the right to the left one."""
    palms = [
        0.5 * (figure.joints[f"wrist.{side}"] + figure.joints[f"finger3-1.{side}"]) for side in "LR"
    ]
    across = palms[0] - palms[1]
    return 0.5 * (palms[0] + palms[1]), across / max(np.linalg.norm(across), 1e-6)


def add_prop(kind, figure, rng, root):
    """Put the prop of this kind (one of PROPS) between the hands."""
    place, _ = _between_hands(figure)
    colour = tuple(0.03 + 0.7 * rng.random(3) ** 2)
    if kind == "book":
        material = plain("cover", colour, 0.4)
        item = box("book", (0.155, 0.025, 0.22), place, material, 0.002, root)
        item.rotation_euler = (0.5, 0.05, 0.08)
    elif kind == "ball":
        _ball(place + np.array([0.0, -0.05, 0.03]), 0.105, plain("ball", colour, 0.45), root)
    else:
        _mug(place + np.array([0.0, -0.035, 0.0]), plain("mug", colour, 0.2), root)


def _ball(place, radius, material, root):
    angles = np.linspace(0.0, np.pi, 14)
    lathe(
        "ball",
        [(radius * np.sin(a), -radius * np.cos(a)) for a in angles],
        material,
        place,
        parent=root,
    )


def _mug(place, material, root):
    profile = [
        (0.0, -0.045),
        (0.038, -0.045),
        (0.041, -0.04),
        (0.041, 0.05),
        (0.037, 0.05),
        (0.036, -0.036),
        (0.0, -0.038),
    ]
    lathe("mug", profile, material, place, parent=root)
    turn = np.linspace(-0.5 * np.pi, 0.5 * np.pi, 9)
    ring = np.linspace(0.0, 2.0 * np.pi, 9)[:-1]
    bow = np.array([[0.040 + 0.026 * np.cos(t), 0.0, 0.026 * np.sin(t)] for t in turn])
    vertices = np.concatenate(
        [
            b
            + 0.005
            * np.stack([np.cos(ring) * np.cos(t), np.sin(ring), np.cos(ring) * np.sin(t)], 1)
            for b, t in zip(bow, turn, strict=True)
        ]
    )
    faces = [
        (8 * i + k, 8 * i + (k + 1) % 8, 8 * (i + 1) + (k + 1) % 8, 8 * (i + 1) + k)
        for i in range(8)
        for k in range(8)
    ]
    subdivide(add_mesh("handle", np.asarray(place) + vertices, faces, material, parent=root), 1)
