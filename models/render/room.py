"""The plate: four walls, floor, ceiling, and furniture along the back wall."""

import numpy as np

from .furniture import BUILDERS
from .meshes import box
from .nodes import plain
from .walls import floor_material, wall_material

_WIDTH, _HEIGHT, _DEPTH = 6.0, 2.7, 5.5


def add_room(room, light, seed):
    """Build the room; the back wall's surface is at y = room.wall_distance.

    room.furniture: names of furniture.BUILDERS, or (name, x) pairs that fix where they stand.
    """
    rng = np.random.default_rng([seed, 11])
    y = room.wall_distance
    surface = wall_material(room.wall, room.wall_colour, room.second_colour)
    sides = wall_material("plain", room.wall_colour, room.second_colour)
    middle = y - _DEPTH / 2
    box("back wall", (_WIDTH, 0.1, _HEIGHT), (0, y + 0.05, _HEIGHT / 2), surface)
    box("front wall", (_WIDTH, 0.1, _HEIGHT), (0, y - _DEPTH - 0.05, _HEIGHT / 2), sides)
    for side in (-1, 1):
        box(
            "side wall",
            (0.1, _DEPTH, _HEIGHT),
            (side * (_WIDTH / 2 + 0.05), middle, _HEIGHT / 2),
            sides,
        )
    box("floor", (_WIDTH, _DEPTH, 0.1), (0, middle, -0.05), floor_material(room.floor_colour))
    box("ceiling", (_WIDTH, _DEPTH, 0.1), (0, middle, _HEIGHT + 0.05), plain("white", (0.8,) * 3))
    skirting = plain("skirting", (0.7, 0.69, 0.66), 0.4)
    box("skirting", (_WIDTH, 0.02, 0.1), (0, y - 0.01, 0.05), skirting, 0.004)
    for name, x in _places(room.furniture, rng):
        if name == "lamp":
            BUILDERS[name](x, y, rng, light.lamp)
        else:
            BUILDERS[name](x, y, rng)


def _places(furniture, rng):
    """Spread the names without a place evenly from left to right."""
    slots = np.linspace(-1.35, 1.35, max(len(furniture), 2)) + rng.uniform(
        -0.1, 0.1, max(len(furniture), 2)
    )
    for slot, entry in zip(slots, furniture, strict=False):
        yield (entry, float(slot)) if isinstance(entry, str) else (entry[0], float(entry[1]))
