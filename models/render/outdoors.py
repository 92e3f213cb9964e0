"""Runs inside Blender: `blender -b -P outdoors.py -- FOLDER WIDTH HEIGHT SAMPLES SEED`.

An evening landscape: Nishita sky, layered hills, a lake, trees and grass; saved as
`background.npy` (linear RGBA, top row first) with its guides for denoising.
"""

import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import bpy  # noqa: E402
import numpy as np  # noqa: E402

from render.meshes import add_mesh, add_object, sheet  # noqa: E402
from render.nodes import Shader, plain  # noqa: E402
from render.scene import clear, render_layer  # noqa: E402


def fractal(x, y, rng, octaves=7, scale=0.02):
    """Sum of randomly turned sine ridges, about [-1, 1]; x, y arrays in metres."""
    total, weight = np.zeros_like(x), 0.0
    for octave in range(octaves):
        for _ in range(3):
            turn, phase = rng.uniform(0, 2 * np.pi, 2)
            wave = np.sin((x * np.cos(turn) + y * np.sin(turn)) * scale * 2.1**octave + phase)
            total += wave * 0.52**octave
        weight += 0.52**octave * 1.6
    return total / weight


def add_sky(elevation=7.0, turn=-58.0):
    """Low sun in a clear sky."""
    world = bpy.context.scene.world
    tree = world.node_tree
    sky = tree.nodes.new("ShaderNodeTexSky")
    sky.sky_type = "NISHITA"
    sky.sun_elevation, sky.sun_rotation = math.radians(elevation), math.radians(turn)
    sky.sun_size, sky.sun_intensity = math.radians(1.2), 0.35
    sky.air_density, sky.dust_density, sky.ozone_density = 1.3, 2.5, 1.5
    background = tree.nodes["Background"]
    tree.links.new(sky.outputs[0], background.inputs["Color"])
    background.inputs["Strength"].default_value = 0.40


def _land_material():
    shader = Shader("meadow")
    place = shader.coordinates("Object")
    tint = shader.noise(place, 0.08, 8.0, 0.6)
    base = shader.ramp(
        tint, [(0.3, (0.035, 0.06, 0.012)), (0.5, (0.09, 0.11, 0.02)), (0.7, (0.20, 0.16, 0.05))]
    )
    return shader.surface(shader.node("BsdfPrincipled", Base_Color=base, Roughness=0.9))


def _haze_material(colour, haze):
    """Far hills: their own colour and the light that the air between adds."""
    shader = Shader("far hill")
    mixed = shader.node("MixShader", Fac=haze)
    land = shader.node("BsdfDiffuse", Color=colour)
    air = shader.node("Emission", Color=(0.85, 0.55, 0.42), Strength=0.55)
    shader.feed(mixed.inputs[1], land.outputs[0])
    shader.feed(mixed.inputs[2], air.outputs[0])
    return shader.surface(mixed)


def add_hills(rng):
    """Ridges behind one another, each paler."""
    for k, distance in enumerate((140.0, 260.0, 480.0, 900.0)):
        x = np.linspace(-1.1, 1.1, 420) * distance
        crest = (
            distance
            * (0.028 + 0.012 * k)
            * (1.0 + 0.9 * fractal(x, np.zeros_like(x), rng, 7, 7.0 / distance))
        )
        rows = np.linspace(0.0, 1.0, 14)[:, None]
        grid = np.stack(
            [
                np.broadcast_to(x, (14, 420)),
                distance + 0.25 * distance * np.broadcast_to(rows, (14, 420)),
                -2.0 + np.sin(rows * np.pi / 2) * (crest + 2.0),
            ],
            axis=2,
        )
        sheet("hill", grid, _haze_material((0.03, 0.05, 0.02), 0.15 + 0.2 * k))


def add_meadow(rng):
    """Foreground land that falls to a lake."""
    x, y = np.meshgrid(np.linspace(-60, 60, 240), np.linspace(-4, 60, 200))
    shore = 0.5 * (1.0 + np.tanh((26.0 + 4.0 * np.sin(x * 0.13) - y) / 5.0))
    height = 0.5 * fractal(x, y, rng, 6, 0.09) * shore - 2.2 * (1.0 - shore)
    land = sheet("meadow", np.stack([x, y, height], axis=2), _land_material())
    shader = Shader("water")
    ripple = shader.noise(shader.coordinates("Object", scale=(0.25, 1.0, 1.0)), 1.2, 6.0)
    water = shader.surface(
        shader.node(
            "BsdfPrincipled",
            Base_Color=(0.01, 0.02, 0.025),
            Roughness=0.06,
            Normal=shader.bump(ripple, 0.25, 0.3),
        )
    )
    sheet(
        "lake",
        np.array(
            [[[-900, 10, -0.9], [900, 10, -0.9]], [[-900, 900, -0.9], [900, 900, -0.9]]],
            dtype=float,
        ),
        water,
    )
    return land, (x, y, height)


def _tree_mesh(rng):
    """Trunk with forking limbs and a cloud of leaves, as one mesh."""
    vertices, faces, leaves = [], [], []

    def limb(base, direction, length, radius, depth):
        tip = base + direction * length
        side = np.cross(direction, [0.3, 0.9, 0.2])
        side /= np.linalg.norm(side)
        other = np.cross(direction, side)
        start = len(vertices)
        for point, r in ((base, radius), (tip, 0.65 * radius)):
            for a in np.arange(6) * np.pi / 3:
                vertices.append(point + r * (np.cos(a) * side + np.sin(a) * other))
        faces.extend(
            (start + k, start + (k + 1) % 6, start + 6 + (k + 1) % 6, start + 6 + k)
            for k in range(6)
        )
        if depth == 0:
            leaves.append(tip)
            return
        for _ in range(3):
            turn = direction + rng.normal(size=3) * 0.55 + [0, 0, 0.12]
            limb(
                tip,
                turn / np.linalg.norm(turn),
                length * rng.uniform(0.6, 0.85),
                0.6 * radius,
                depth - 1,
            )

    limb(np.zeros(3), np.array([0.0, 0.0, 1.0]), 1.7, 0.16, 4)
    wood = len(faces)
    for tip in leaves:
        for centre in tip + rng.normal(size=(110, 3)) * 0.33:
            u, v = rng.normal(size=(2, 3)) * 0.032
            start = len(vertices)
            vertices.extend([centre - u, centre + v, centre + u, centre - v])
            faces.append((start, start + 1, start + 2, start + 3))
    return np.array(vertices), faces, wood


def _leaf_material():
    """Leaves that let the low sun through."""
    shader = Shader("leaves")
    mixed = shader.node("MixShader", Fac=0.45)
    front = shader.node("BsdfPrincipled", Base_Color=(0.10, 0.12, 0.02), Roughness=0.5)
    back = shader.node("BsdfTranslucent", Color=(0.30, 0.26, 0.03))
    shader.feed(mixed.inputs[1], front.outputs[0])
    shader.feed(mixed.inputs[2], back.outputs[0])
    return shader.surface(mixed)


def add_trees(rng, ground):
    """A few shared tree shapes, scattered at the shore and one large at the side."""
    bark, leaf = plain("bark", (0.06, 0.035, 0.02), 0.9), _leaf_material()
    shapes = []
    for _ in range(3):
        vertices, faces, wood = _tree_mesh(rng)
        item = add_mesh("tree", vertices, faces, bark, smooth=False)
        item.data.materials.append(leaf)
        item.data.polygons.foreach_set(
            "material_index", [int(k >= wood) for k in range(len(faces))]
        )
        item.location = (0, -500, 0)
        shapes.append(item.data)
    places = [(-7.5, 13.0, 1.25), (-10.5, 17.0, 1.0), (9.5, 19.0, 1.15)]
    places += [
        (rng.uniform(-34, 34), rng.uniform(20, 27), rng.uniform(0.5, 0.9)) for _ in range(14)
    ]
    x, y, height = ground
    for px, py, size in places:
        row = np.argmin(np.abs(y[:, 0] - py))
        column = np.argmin(np.abs(x[0] - px))
        item = add_object("tree", shapes[rng.integers(3)])
        item.location = (px, py, height[row, column] - 0.1)
        item.scale = (size,) * 3
        item.rotation_euler = (0, 0, rng.uniform(0, 6.28))


def add_grass(rng, ground):
    """Blades near the camera, as one mesh of triangles."""
    x, y, height = ground
    count = 42000
    px = rng.uniform(-14, 14, count)
    py = -1.0 + 22.0 * rng.random(count) ** 1.7
    column = np.clip(((px + 60) / 120 * 239).astype(int), 0, 239)
    row = np.clip(((py + 4) / 64 * 199).astype(int), 0, 199)
    base = np.stack([px, py, height[row, column] - 0.02], axis=1)
    turn = rng.uniform(0, 2 * np.pi, count)
    across = np.stack([np.cos(turn), np.sin(turn), np.zeros(count)], axis=1) * 0.008
    tall = rng.uniform(0.10, 0.42, (count, 1))
    tip = base + np.concatenate([0.12 * rng.normal(size=(count, 2)), tall], axis=1)
    vertices = np.stack([base - across, base + across, tip], axis=1).reshape(-1, 3)
    faces = np.arange(3 * count).reshape(-1, 3).tolist()
    add_mesh("grass", vertices, faces, plain("grass", (0.10, 0.13, 0.02), 0.6), smooth=False)


def main():
    """Build the landscape and render it."""
    folder, *numbers = sys.argv[sys.argv.index("--") + 1 :]
    width, height, samples, seed = map(int, numbers)
    scene = clear()
    rng = np.random.default_rng([seed, 31])
    add_sky()
    add_hills(rng)
    _, ground = add_meadow(rng)
    add_trees(rng, ground)
    add_grass(rng, ground)
    camera = bpy.data.cameras.new("camera")
    camera.lens = 30.0
    camera.clip_end = 5000.0
    scene.camera = add_object("camera", camera)
    scene.camera.location = (0.0, -3.0, 1.9)
    scene.camera.rotation_euler = (math.radians(91.5), 0.0, 0.0)
    scene.render.resolution_x, scene.render.resolution_y = width, height
    render_layer(scene, Path(folder), "background", samples, seed)


if __name__ == "__main__":
    main()
