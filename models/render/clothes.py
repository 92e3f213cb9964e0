"""Upper garment and trousers, cut from the base mesh's helper suit and wrinkled."""

import bmesh
import bpy
import numpy as np
from mathutils import Vector

from .body_assets import read_base_mesh, read_rig
from .figure import submesh, vertex_normals
from .meshes import add_mesh, subdivide
from .nodes import Shader

_SLEEVE_END = {"tee": 0.42, "tank": 0.02, "sweater": 0.97, "shirt": 0.97}
_NECK_RADIUS = {"tee": 0.085, "tank": 0.105, "sweater": 0.076, "shirt": 0.074}


def arm_position(figure, points, side):
    """Position along the rest arm: 0 at the shoulder, 0.5 at the elbow, 1 at the wrist."""
    joints = figure.rest_joints
    shoulder, elbow, wrist = (joints[f"{b}.{side}"] for b in ("upperarm01", "lowerarm01", "wrist"))

    def along(start, end):
        axis = end - start
        return (points - start) @ axis / (axis @ axis)

    lower = along(elbow, wrist)
    return np.where(lower > 0.0, 0.5 + 0.5 * lower, 0.5 * np.minimum(along(shoulder, elbow), 1.0))


def _is_arm(names):
    parts = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
    return np.array([name.startswith(parts) for name in names])


def _is_leg(names):
    parts = ("upperleg", "lowerleg", "foot", "toe")
    return np.array([name.startswith(parts) for name in names])


def _is_head(names):
    bones = read_rig()[0]

    def above(name):
        return bool(name) and (name == "neck02" or above(bones[name].get("parent")))

    known = {name: above(name) for name in bones}
    return np.array([known.get(name, False) for name in names])


def garment_region(figure, kind):
    """Boolean per vertex: does the garment `kind` (or 'trousers') cover it?"""
    names, rest = figure.bone_of, figure.rest
    hip = figure.rest_joints["pelvis.L"][2]
    if kind == "trousers":
        return (rest[:, 2] < hip - 0.02) & ~_is_arm(names)
    side = np.where(rest[:, 0] > 0, 0, 1)
    along = np.stack([arm_position(figure, rest, s) for s in "LR"])[side, np.arange(len(rest))]
    sleeves = ~_is_arm(names) | (along < _SLEEVE_END[kind])
    return (
        sleeves
        & (rest[:, 2] > hip - 0.10)
        & ~_is_head(names)
        & ~(_is_leg(names) & (rest[:, 2] < hip - 0.10))
    )


def neck_opening(figure, kind):
    """(centre, unit axis, radius) of the ball that is cut out for the neck, rest pose."""
    neck = figure.rest_joints["neck01"]
    return neck + np.array([0.0, -0.015, 0.055]), _NECK_RADIUS[kind]


def coverage(figure, person):
    """1 where clothes cover the body, 0 where skin shows; float per vertex."""
    kind = person.clothes.kind
    centre, radius = neck_opening(figure, kind)
    upper = garment_region(figure, kind)
    upper &= np.linalg.norm(figure.rest - centre, axis=1) > radius + 0.05
    if kind == "tank":
        upper &= ~_is_arm(figure.bone_of)
    return (upper | garment_region(figure, "trousers")).astype(float)


def _cut(figure, region):
    """Faces of the helper suit whose corners all lie in `region`."""
    suit = read_base_mesh().groups["helper-tights"]
    return [face for face in suit if all(region[vertex] for vertex, _ in face)]


def _smooth(vertices, faces, steps, keep):
    """Laplacian smoothing; `keep` marks vertices that stay (the hems)."""
    edges = {tuple(sorted((f[k], f[k - 1]))) for f in faces for k in range(len(f))}
    pairs = np.array(sorted(edges))
    degree = np.bincount(pairs.ravel(), minlength=len(vertices))[:, None]
    for _ in range(steps):
        total = np.zeros_like(vertices)
        np.add.at(total, pairs[:, 0], vertices[pairs[:, 1]])
        np.add.at(total, pairs[:, 1], vertices[pairs[:, 0]])
        moved = 0.5 * vertices + 0.5 * total / np.maximum(degree, 1)
        vertices = np.where(keep[:, None], vertices, moved)
    return vertices


def _hems(faces, count):
    """Boolean per vertex: on an open border."""
    edges = {}
    for face in faces:
        for k in range(len(face)):
            edge = tuple(sorted((face[k], face[k - 1])))
            edges[edge] = edges.get(edge, 0) + 1
    border = np.zeros(count, dtype=bool)
    border[[v for edge, uses in edges.items() if uses == 1 for v in edge]] = True
    return border


def _fold(item, rng, amount, size, squash):
    """Displacement by stretched cloud noise, on the subdivided mesh."""
    texture = bpy.data.textures.new("folds", "CLOUDS")
    texture.noise_scale = size
    texture.noise_depth = 2
    modifier = item.modifiers.new("folds", "DISPLACE")
    modifier.texture = texture
    modifier.strength = amount
    modifier.mid_level = 0.45
    frame = bpy.data.objects.new("fold frame", None)
    bpy.context.scene.collection.objects.link(frame)
    frame.location = tuple(rng.uniform(-5, 5, 3))
    frame.scale = squash
    frame.rotation_euler = tuple(rng.uniform(-0.5, 0.5, 3))
    modifier.texture_coords = "OBJECT"
    modifier.texture_coords_object = frame


def _open_neck(item, figure, kind):
    """Cut a round hole for the neck: a ball that follows the posed spine, with a clean edge."""
    centre, radius = neck_opening(figure, kind)
    matrix, shift = figure.transforms["spine01"]
    centre = Vector(matrix @ centre + shift)
    mesh = bmesh.new()
    mesh.from_mesh(item.data)
    inside = {vertex for vertex in mesh.verts if (vertex.co - centre).length < radius}
    gone = [face for face in mesh.faces if all(vertex in inside for vertex in face.verts)]
    bmesh.ops.delete(mesh, geom=gone, context="FACES")
    for vertex in mesh.verts:
        away = vertex.co - centre
        if away.length < radius:
            vertex.co = centre + away.normalized() * radius
    mesh.to_mesh(item.data)
    mesh.free()


def _refine(item, levels):
    """Apply subdivision so that cuts follow fine faces."""
    modifier = subdivide(item, levels)
    evaluated = item.evaluated_get(bpy.context.evaluated_depsgraph_get())
    mesh = bpy.data.meshes.new_from_object(evaluated)
    item.modifiers.remove(modifier)
    material = item.data.materials[0] if item.data.materials else None
    item.data = mesh
    if material and not mesh.materials:
        mesh.materials.append(material)


def _garment(figure, person, kind, material, rng, root, ease):
    vertices, faces, _, uv = submesh(figure.posed, _cut(figure, garment_region(figure, kind)))
    # Looser towards the hem, so that the trousers stay inside.
    below = np.clip((figure.joints["spine04"][2] - vertices[:, 2:]) / 0.15, 0.0, 1.0)
    flare = 1.0 + (1.6 * below if kind != "trousers" else 0.0)
    vertices = vertices + ease * flare * vertex_normals(vertices, faces)
    vertices = _smooth(vertices, faces, 4, _hems(faces, len(vertices)))
    item = add_mesh(kind, vertices, faces, material, uv=uv, parent=root)
    _refine(item, 1)
    if kind != "trousers":
        _open_neck(item, figure, kind)
    amount = person.clothes.wrinkles
    subdivide(item, 1, 2)
    _fold(item, rng, 0.013 * amount, 0.09, (1.0, 1.0, 0.55))
    _fold(item, rng, 0.004 * amount, 0.03, (1.0, 1.0, 0.6))
    thick = item.modifiers.new("thickness", "SOLIDIFY")
    thick.thickness = 0.004
    thick.offset = 1.0
    return item


def add_clothes(figure, person, rng, root):
    """Build the garments; returns their objects."""
    cloth = person.clothes
    upper = fabric(cloth.kind, cloth.colour, cloth.second_colour, cloth.pattern, rng)
    lower = fabric("trousers", cloth.trousers, cloth.trousers, "plain", rng)
    return [
        _garment(figure, person, "trousers", lower, rng, root, 0.006),
        _garment(figure, person, cloth.kind, upper, rng, root, cloth.looseness),
    ]


def _pattern(shader, pattern, first, second, place):
    if pattern == "stripes":
        wave = shader.node("TexWave", {"bands_direction": "Z"}, Vector=place, Scale=9.0)
        step = shader.ramp(wave.outputs["Fac"], [(0.48, (0, 0, 0)), (0.52, (1, 1, 1))])
        return shader.mix(step, first, second)
    if pattern == "checks":
        bands = [
            shader.node("TexWave", {"bands_direction": axis}, Vector=place, Scale=7.0).outputs[
                "Fac"
            ]
            for axis in "XZ"
        ]
        return shader.mix(shader.math("MULTIPLY", bands[0], bands[1]), first, second)
    if pattern == "dots":
        cell = shader.node("TexVoronoi", Vector=place, Scale=30.0).outputs["Distance"]
        return shader.mix(shader.ramp(cell, [(0.3, (1, 1, 1)), (0.34, (0, 0, 0))]), first, second)
    worn = shader.noise(place, 8.0, 6.0)
    return shader.mix(shader.math("MULTIPLY", worn, 0.25), first, tuple(c * 0.7 for c in first))


def fabric(kind, colour, second, pattern, rng):
    """Woven or knitted cloth with sheen; patterns: plain, stripes, checks, dots."""
    shader = Shader(kind)
    place = shader.coordinates("Object", rotation=tuple(rng.uniform(-0.03, 0.03, 3)))
    base = _pattern(shader, pattern, tuple(colour), tuple(second), place)
    if kind == "sweater":
        weave = shader.node(
            "TexWave", {"bands_direction": "X"}, Vector=place, Scale=90.0, Distortion=1.5
        )
        height, depth = weave.outputs["Fac"], 0.0025
    else:
        height, depth = shader.noise(place, 1500.0, 2.0), 0.0006
    return shader.surface(
        shader.node(
            "BsdfPrincipled",
            Base_Color=base,
            Roughness=0.85,
            Specular=0.2,
            Sheen=0.6,
            Normal=shader.bump(height, 0.5, depth),
        )
    )
