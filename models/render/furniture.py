"""Things that stand or hang at the back wall. Each builder takes (x, wall_y, rng, style).

wall_y is the y of the wall's surface (the camera looks towards +y); x is the centre.
"""

import bpy
import numpy as np

from .meshes import box, lathe, sheet, subdivide
from .nodes import Shader, emitter, plain
from .walls import picture_material, wood_material

_WOODS = ((0.20, 0.10, 0.05), (0.35, 0.22, 0.12), (0.06, 0.035, 0.02), (0.7, 0.68, 0.64))


def _wood(rng):
    return wood_material(_WOODS[rng.integers(len(_WOODS))])


def _cover_colour(rng):
    value = rng.uniform(0.04, 0.6)
    return tuple(value * (0.25 + 0.75 * rng.random(3)))


def _books(x0, x1, y, z, height, rng):
    """A row of books from x0 to x1 standing on z."""
    x = x0 + 0.01
    palette = [plain("cover", _cover_colour(rng), 0.5) for _ in range(7)]
    while x < x1 - 0.05:
        if rng.random() < 0.07:
            x += rng.uniform(0.05, 0.15)
            continue
        width, tall = rng.uniform(0.016, 0.05), height * rng.uniform(0.62, 0.92)
        deep = rng.uniform(0.14, 0.2)
        item = box(
            "book",
            (width, deep, tall),
            (x + width / 2, y - deep / 2, z + tall / 2),
            palette[rng.integers(len(palette))],
            0.002,
        )
        if rng.random() < 0.08:
            item.rotation_euler = (0.0, 0.12, 0.0)
            x += 0.03
        x += width + 0.0015


def _vase(place, rng):
    profile = [
        (0.0, 0.0),
        (0.035, 0.0),
        (rng.uniform(0.05, 0.075), 0.07),
        (0.03, 0.15),
        (0.024, 0.17),
        (0.034, 0.19),
    ]
    lathe("vase", profile, plain("glaze", _cover_colour(rng), 0.15), place)


def shelf(x, wall_y, rng, width=1.1):
    """Tall bookcase with books and vases."""
    wood, depth, height = _wood(rng), 0.28, 2.0
    levels = [0.05, 0.42, 0.79, 1.16, 1.53, 1.90]
    for side in (-1, 1):
        box(
            "side",
            (0.03, depth, height),
            (x + side * width / 2, wall_y - depth / 2, height / 2),
            wood,
            0.003,
        )
    box("back", (width, 0.01, height), (x, wall_y - 0.006, height / 2), wood)
    for level in levels:
        box(
            "board",
            (width - 0.03, depth - 0.01, 0.025),
            (x, wall_y - depth / 2, level),
            wood,
            0.003,
        )
    for level in levels[:-1]:
        low, high = x - width / 2 + 0.02, x + width / 2 - 0.02
        if rng.random() < 0.35:
            _vase((high - 0.1, wall_y - 0.13, level + 0.0125), rng)
            high -= 0.2
        _books(low, high, wall_y - 0.03, level + 0.0125, 0.33, rng)


def wall_shelf(x, wall_y, rng, width=0.8):
    """One board on the wall with books."""
    height = rng.uniform(1.55, 1.8)
    box("board", (width, 0.22, 0.03), (x, wall_y - 0.11, height), _wood(rng), 0.004)
    _books(x - width / 2, x + width / 2 - 0.18, wall_y - 0.02, height + 0.015, 0.28, rng)
    _vase((x + width / 2 - 0.09, wall_y - 0.11, height + 0.015), rng)


def frame(x, z, width, height, wall_y, rng):
    """One framed picture with a mount."""
    wood = _wood(rng)
    edge = rng.uniform(0.02, 0.045)
    for side in (-1, 1):
        box(
            "frame",
            (edge, 0.03, height - 2 * edge),
            (x + side * (width - edge) / 2, wall_y - 0.015, z),
            wood,
            0.003,
        )
        box(
            "frame",
            (width, 0.03, edge),
            (x, wall_y - 0.015, z + side * (height - edge) / 2),
            wood,
            0.003,
        )
    box(
        "mount",
        (width - edge, 0.008, height - edge),
        (x, wall_y - 0.005, z),
        plain("mount", (0.75, 0.73, 0.68), 0.9),
    )
    inner = 0.72 if rng.random() < 0.6 else 0.95
    box(
        "picture",
        (inner * (width - edge), 0.01, inner * (height - edge)),
        (x, wall_y - 0.007, z),
        picture_material(rng),
    )


def frames(x, wall_y, rng):
    """A group of one to three pictures."""
    for k in range(rng.integers(1, 4)):
        wide, tall = rng.uniform(0.25, 0.6), rng.uniform(0.3, 0.6)
        frame(x + (k - 0.8) * 0.55, 1.6 + rng.uniform(-0.12, 0.15), wide, tall, wall_y, rng)


def lamp(x, wall_y, rng, power=25.0):
    """Floor lamp with a glowing shade."""
    y = wall_y - 0.4
    metal = plain("brass", (0.45, 0.30, 0.12), 0.3, 1.0)
    lathe(
        "stand",
        [(0.0, 0.0), (0.14, 0.0), (0.13, 0.02), (0.012, 0.03), (0.012, 1.45)],
        metal,
        (x, y, 0.0),
    )
    shader = Shader("shade")
    both = shader.node("MixShader", Fac=0.45)
    diffuse = shader.node("BsdfTranslucent", Color=(0.8, 0.68, 0.5))
    glow = shader.node("Emission", Color=(1.0, 0.70, 0.40), Strength=0.05 * power)
    shader.feed(both.inputs[1], diffuse.outputs[0])
    shader.feed(both.inputs[2], glow.outputs[0])
    lathe("shade", [(0.22, 1.38), (0.15, 1.70)], shader.surface(both), (x, y, 0.0))
    light = bpy.data.lights.new("bulb", "POINT")
    light.energy, light.color, light.shadow_soft_size = power, (1.0, 0.75, 0.48), 0.08
    bulb = bpy.data.objects.new("bulb", light)
    bulb.location = (x, y, 1.78)
    bpy.context.scene.collection.objects.link(bulb)


def plant(x, wall_y, rng):
    """Potted plant with arching leaves."""
    y = wall_y - 0.35
    lathe(
        "pot",
        [(0.0, 0.0), (0.11, 0.0), (0.15, 0.30), (0.135, 0.30), (0.12, 0.27), (0.0, 0.27)],
        plain("pot", _cover_colour(rng), 0.6),
        (x, y, 0.0),
    )
    green = plain("leaf", (0.035, rng.uniform(0.10, 0.2), 0.03), 0.4)
    for _ in range(rng.integers(16, 30)):
        _leaf(np.array([x, y, 0.25]), rng, green)


def _leaf(base, rng, material):
    turn, reach, rise = rng.uniform(0, 2 * np.pi), rng.uniform(0.15, 0.45), rng.uniform(0.5, 1.25)
    t = np.linspace(0.0, 1.0, 9)
    outward = np.array([np.cos(turn), np.sin(turn), 0.0])
    spine = (
        base
        + np.outer(reach * t**1.6, outward)
        + np.outer(rise * (t - 0.35 * t**3), [0.0, 0.0, 1.0])
    )
    across = np.array([-np.sin(turn), np.cos(turn), 0.0])
    wide = rng.uniform(0.025, 0.06) * np.sin(np.pi * np.clip(t * 0.93 + 0.05, 0, 1)) ** 0.8
    fold = np.array([0.0, 0.0, 0.015])
    grid = np.stack(
        [spine + np.outer(wide, s * across) + abs(s) * fold for s in (-1, 0, 1)], axis=1
    )
    subdivide(sheet("leaf", grid, material), 1)


def sofa(x, wall_y, rng):
    """Two-seat sofa with cushions."""
    cloth, y = plain("upholstery", _cover_colour(rng), 0.95), wall_y - 0.5
    box("seat", (1.7, 0.8, 0.25), (x, y, 0.30), cloth, 0.06)
    box("rest", (1.7, 0.22, 0.55), (x, y + 0.33, 0.62), cloth, 0.08)
    for side in (-1, 1):
        box("arm", (0.2, 0.8, 0.45), (x + side * 0.85, y, 0.42), cloth, 0.08)
        cushion = plain("cushion", _cover_colour(rng), 0.95)
        item = box("cushion", (0.45, 0.16, 0.42), (x + side * 0.45, y + 0.12, 0.66), cushion, 0.07)
        item.rotation_euler = (-0.25, rng.uniform(-0.2, 0.2), 0.0)


def window(x, wall_y, rng, width=1.1, height=1.3):
    """Window with a bright view, glazing bars and curtains."""
    z, white = 1.55, plain("paint", (0.75, 0.74, 0.7), 0.4)
    shader = Shader("view")
    place = shader.coordinates("Generated")
    upright = shader.node("SeparateXYZ", Vector=place).outputs["Z"]
    ragged = shader.math("ADD", upright, shader.math("MULTIPLY", shader.noise(place, 6.0), 0.25))
    colour = shader.ramp(
        ragged,
        [
            (0.30, (0.05, 0.09, 0.03)),
            (0.48, (0.16, 0.22, 0.12)),
            (0.56, (0.62, 0.75, 0.95)),
            (1.0, (0.32, 0.52, 0.9)),
        ],
    )
    view = shader.surface(shader.node("Emission", Color=colour, Strength=rng.uniform(0.8, 2.2)))
    box("view", (width, 0.01, height), (x, wall_y - 0.004, z), view)
    for k in (-1, 0, 1):
        box("bar", (0.05, 0.05, height), (x + k * width / 2, wall_y - 0.02, z), white, 0.004)
        box("bar", (width, 0.045, 0.05), (x, wall_y - 0.02, z + k * height / 2), white, 0.004)
    box("sill", (width + 0.16, 0.16, 0.03), (x, wall_y - 0.08, z - height / 2 - 0.03), white, 0.006)
    cloth = plain("curtain", _cover_colour(rng), 0.9)
    for side in (-1, 1):
        _curtain(x + side * (width / 2 + 0.17), wall_y - 0.1, 2.35, cloth, rng)


def _curtain(x, y, top, material, rng):
    across, down = np.meshgrid(np.linspace(-0.26, 0.26, 90), np.linspace(0.05, top, 12))
    wave = 0.035 * np.sin(across * 52.0 + rng.uniform(0, 6) + 0.3 * np.sin(down * 3.0))
    sheet("curtain", np.stack([x + across, y + wave, down], axis=2), material)


def door(x, wall_y, rng):
    """Panelled door with a handle."""
    paint = plain("door", (0.62, 0.60, 0.55) if rng.random() < 0.6 else _cover_colour(rng), 0.4)
    box("door", (0.86, 0.05, 2.05), (x, wall_y - 0.025, 1.025), paint, 0.003)
    for z, tall in ((0.55, 0.75), (1.5, 0.85)):
        for side in (-1, 1):
            box("panel", (0.3, 0.02, tall), (x + side * 0.2, wall_y - 0.055, z), paint, 0.008)
    for side in (-1, 1):
        box("trim", (0.09, 0.07, 2.12), (x + side * 0.48, wall_y - 0.03, 1.06), paint, 0.004)
    box("trim", (1.05, 0.07, 0.09), (x, wall_y - 0.03, 2.11), paint, 0.004)
    box(
        "handle",
        (0.12, 0.03, 0.02),
        (x - 0.33, wall_y - 0.1, 1.02),
        plain("steel", (0.5, 0.5, 0.5), 0.25, 1.0),
        0.006,
    )


def desk(x, wall_y, rng):
    """Desk with a screen, a pile of books and a vase."""
    wood, y = _wood(rng), wall_y - 0.35
    box("top", (1.3, 0.62, 0.035), (x, y, 0.74), wood, 0.004)
    for side in (-1, 1):
        box("leg", (0.05, 0.55, 0.72), (x + side * 0.6, y, 0.36), wood, 0.003)
    box(
        "screen",
        (0.62, 0.03, 0.37),
        (x - 0.2, y + 0.12, 1.03),
        plain("case", (0.02,) * 3, 0.4),
        0.004,
    )
    box(
        "display",
        (0.60, 0.002, 0.35),
        (x - 0.2, y + 0.104, 1.03),
        emitter("display", tuple(0.1 + 0.6 * rng.random(3)), 0.5),
    )
    box("foot", (0.2, 0.15, 0.12), (x - 0.2, y + 0.14, 0.80), plain("case", (0.02,) * 3, 0.4), 0.01)
    for k in range(4):
        box(
            "book",
            (0.25, 0.18, 0.03),
            (x + 0.38, y, 0.775 + 0.031 * k),
            plain("cover", _cover_colour(rng), 0.5),
            0.002,
            turn=rng.uniform(-20, 20),
        )
    _vase((x + 0.4, y + 0.05, 0.885), rng)


BUILDERS = {
    "shelf": shelf,
    "wall_shelf": wall_shelf,
    "frames": frames,
    "lamp": lamp,
    "plant": plant,
    "sofa": sofa,
    "window": window,
    "door": door,
    "desk": desk,
}
