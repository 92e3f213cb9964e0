"""Blender mesh objects from arrays and simple solids."""

import math

import bpy
import numpy as np


def add_mesh(name, vertices, faces, material=None, smooth=True, uv=None, parent=None):
    """New mesh object in the scene. uv: one (u, v) per face corner, flattened, or None."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([tuple(v) for v in np.asarray(vertices).tolist()], [], faces)
    if smooth:
        mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
    if uv is not None:
        mesh.uv_layers.new(name="UVMap").data.foreach_set("uv", np.asarray(uv).ravel())
    if material is not None:
        mesh.materials.append(material)
    mesh.update()
    return add_object(name, mesh, parent)


def add_object(name, data, parent=None):
    """Link a new object with `data` into the scene; `parent` is an object or None."""
    item = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(item)
    item.parent = parent
    return item


def add_empty(name, location=(0, 0, 0), turn=0.0):
    """An empty that groups objects; turn about z in degrees."""
    item = add_object(name, None)
    item.location = location
    item.rotation_euler = (0.0, 0.0, math.radians(turn))
    return item


def subdivide(item, levels, render_levels=None):
    """Catmull-Clark subdivision modifier."""
    modifier = item.modifiers.new("subdivision", "SUBSURF")
    modifier.levels = levels
    modifier.render_levels = levels if render_levels is None else render_levels
    return modifier


def box(name, size, location, material, bevel=0.0, parent=None, turn=0.0):
    """Axis-aligned box of `size` centred at `location`; bevel radius and size in metres."""
    half = np.array(size) / 2.0
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) * half
    faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    item = add_mesh(name, corners, faces, material, smooth=bevel > 0.0, parent=parent)
    item.location = location
    item.rotation_euler = (0.0, 0.0, math.radians(turn))
    if bevel > 0.0:
        modifier = item.modifiers.new("bevel", "BEVEL")
        modifier.width = bevel
        modifier.segments = 3
        item.data.use_auto_smooth = True
    return item


def lathe(name, profile, material, location=(0, 0, 0), segments=40, parent=None):
    """Solid of revolution about z; profile: list of (radius, height) from bottom to top."""
    angles = np.linspace(0.0, 2.0 * np.pi, segments, endpoint=False)
    rings = [
        np.stack([r * np.cos(angles), r * np.sin(angles), np.full(segments, z)], axis=1)
        for r, z in profile
    ]
    faces = []
    for ring in range(len(profile) - 1):
        for k in range(segments):
            after = (k + 1) % segments
            low, high = ring * segments, (ring + 1) * segments
            faces.append((low + k, low + after, high + after, high + k))
    item = add_mesh(name, np.concatenate(rings), faces, material, parent=parent)
    item.location = location
    return item


def sheet(name, points, material, parent=None):
    """Smooth surface through a grid of points (rows, columns, 3)."""
    rows, columns = points.shape[:2]
    faces = [
        (r * columns + c, r * columns + c + 1, (r + 1) * columns + c + 1, (r + 1) * columns + c)
        for r in range(rows - 1)
        for c in range(columns - 1)
    ]
    corners = np.array([[v % columns, v // columns] for face in faces for v in face], dtype=float)
    uv = corners / np.array([columns - 1, rows - 1])
    return add_mesh(name, points.reshape(-1, 3), faces, material, uv=uv, parent=parent)
