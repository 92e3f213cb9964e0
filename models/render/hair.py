"""Hair on a figure: scalp region, guides kept out of the body, curve objects with hair shading."""

import bpy
import numpy as np
from mathutils import Vector
from mathutils.bvhtree import BVHTree

from .body_assets import read_base_mesh, read_vertex_ranges
from .meshes import add_object
from .nodes import Shader
from .strands import Growth, follow, sample_surface, wound_ball

# Hairline: lowest elevation (degrees, seen from the cranium's centre) at angles from the face.
_HAIRLINE = ((0, 25, 45, 62, 78, 95, 120, 150, 180), (35, 34, 27, 10, -2, 8, -10, -36, -40))


def cranium(figure):
    """(centre (3,), face half width, y in front of which the face lies), posed frame."""
    ranges, turn = read_vertex_ranges(), figure.transforms["head"][0]
    eyes = [figure.posed[ranges[f"helper-{side}-eye"]].mean(axis=0) for side in "lr"]
    middle = 0.5 * (eyes[0] + eyes[1])
    centre = middle + turn @ np.array([0.0, 0.078, 0.012])
    apart = np.linalg.norm(eyes[0] - eyes[1])
    return centre, 1.0 * apart, middle[1] + 0.055


def scalp_triangles(figure):
    """Triangles (n, 3) of the body mesh on which hair grows."""
    centre, turn = cranium(figure)[0], figure.transforms["head"][0]
    local = (figure.posed - centre) @ turn
    reach = np.linalg.norm(local, axis=1)
    azimuth = np.degrees(np.abs(np.arctan2(local[:, 0], -local[:, 1])))
    elevation = np.degrees(np.arcsin(local[:, 2] / np.maximum(reach, 1e-9)))
    inside = (reach < 0.20) & (elevation > np.interp(azimuth, *_HAIRLINE))
    faces = [[v for v, _ in face] for face in read_base_mesh().groups["body"]]
    quads = [face for face in faces if all(inside[v] for v in face)]
    return np.array([t for q in quads for t in ((q[0], q[1], q[2]), (q[0], q[2], q[3]))])


def _obstacle(items):
    """BVH of the evaluated meshes, in the person's frame."""
    vertices, faces = [], []
    graph = bpy.context.evaluated_depsgraph_get()
    for item in items:
        mesh = item.evaluated_get(graph).to_mesh()
        start = len(vertices)
        vertices.extend(v.co.copy() for v in mesh.vertices)
        faces.extend([start + k for k in polygon.vertices] for polygon in mesh.polygons)
    return BVHTree.FromPolygons(vertices, faces)


def _resolver(tree):
    """Function that lifts points to at least their clearance above the nearest surface."""

    def resolve(points, clearance):
        for k, point in enumerate(points):
            place, normal, _, _ = tree.find_nearest(Vector(point), 0.08)
            if place is None:
                continue
            height = (Vector(point) - place).dot(normal)
            if height < clearance[k]:
                points[k] = place + normal * clearance[k]
        return points

    return resolve


def hair_material(hair, name="hair"):
    """Principled hair (Chiang et al. 2016) with melanin, and some spread between strands."""
    shader = Shader(name)
    node = shader.node(
        "BsdfHairPrincipled",
        {"parametrization": "MELANIN"},
        Melanin=hair.melanin,
        Melanin_Redness=hair.redness,
        Roughness=0.28,
        Radial_Roughness=0.35,
        Coat=0.05,
        Random_Color=0.15,
        Random_Roughness=0.2,
    )
    return shader.surface(node)


def _curve_nodes(source, radius, material):
    """Node group: the source object's edges as tapered curves."""
    group = bpy.data.node_groups.new("strands", "GeometryNodeTree")
    group.outputs.new("NodeSocketGeometry", "Geometry")
    new = group.nodes.new
    info, curve, taper = (
        new("GeometryNodeObjectInfo"),
        new("GeometryNodeMeshToCurve"),
        new("GeometryNodeSetCurveRadius"),
    )
    info.inputs[0].default_value = source
    along, scale, paint = (
        new("GeometryNodeSplineParameter"),
        new("ShaderNodeMapRange"),
        new("GeometryNodeSetMaterial"),
    )
    scale.inputs["To Min"].default_value = radius
    scale.inputs["To Max"].default_value = 0.3 * radius
    paint.inputs["Material"].default_value = material
    output = new("NodeGroupOutput")
    link = group.links.new
    link(info.outputs["Geometry"], curve.inputs[0])
    link(curve.outputs[0], taper.inputs[0])
    link(along.outputs["Factor"], scale.inputs["Value"])
    link(scale.outputs["Result"], taper.inputs["Radius"])
    link(taper.outputs[0], paint.inputs[0])
    link(paint.outputs[0], output.inputs[0])
    return group


def add_strands(name, strands, radius, material, root):
    """Curves object that renders `strands` (n, points, 3); radius at the root in metres."""
    count, points = strands.shape[:2]
    mesh = bpy.data.meshes.new(f"{name} points")
    mesh.vertices.add(count * points)
    mesh.vertices.foreach_set("co", strands.astype(np.float32).ravel())
    start = np.arange(count * points).reshape(count, points)
    edges = np.stack([start[:, :-1], start[:, 1:]], axis=2).astype(np.int32)
    mesh.edges.add(edges.size // 2)
    mesh.edges.foreach_set("vertices", edges.ravel())
    mesh.update()
    source = add_object(f"{name} points", mesh, root)
    source.hide_render = True
    curves = bpy.data.hair_curves.new(name)
    curves.materials.append(material)
    item = add_object(name, curves, root)
    item.modifiers.new("strands", "NODES").node_group = _curve_nodes(source, radius, material)
    return item


def _add_brows(figure, person, tree, rng, root, material):
    """Eyebrows: short strands on an arch above each eye."""
    ranges = read_vertex_ranges()
    turn = figure.transforms["head"][0]
    strands = []
    for side, sign in (("l", 1.0), ("r", -1.0)):
        eye = figure.posed[ranges[f"helper-{side}-eye"]].mean(axis=0)
        along = rng.random(420) ** 0.9
        width = 0.0042 * (1.0 - 0.65 * along)
        local = np.stack(
            [
                sign * (-0.021 + 0.042 * along),
                np.full(420, -0.2),
                0.0205
                + 0.006 * np.sin(2.3 * along)
                - 0.003 * along
                + width * rng.uniform(-1, 1, 420),
            ],
            axis=1,
        )
        for place, t in zip(eye + local @ turn.T, along, strict=True):
            hit = tree.ray_cast(Vector(place), Vector(turn @ np.array([0.0, 1.0, 0.0])))[0]
            if hit is None:
                continue
            lean = np.array([sign * (0.35 + t), -0.25, 0.75 - 0.9 * t]) + 0.15 * rng.normal(size=3)
            lean = turn @ (lean / np.linalg.norm(lean))
            steps = np.linspace(0.0, 0.009, 6)[:, None]
            curve = (
                np.array(hit) + steps * lean + (steps**2) * 40 * (turn @ np.array([0, 0.8, -0.5]))
            )
            strands.append(curve)
    if strands:
        add_strands("brows", np.array(strands), 0.00013, material, root)


def add_hair(figure, person, rng, obstacles, root):
    """Brows and scalp hair of one person."""
    hair = person.hair
    material = hair_material(hair)
    tree = _obstacle(obstacles)
    _add_brows(figure, person, tree, rng, root, material)
    if hair.style == "bald":
        return
    triangles = scalp_triangles(figure)
    resolve = _resolver(tree)
    growth = Growth(hair, cranium(figure), resolve, rng)
    roots, normals = sample_surface(figure.posed, triangles, hair.guides, rng)
    roots = resolve(roots, np.zeros(len(roots)))
    guides = growth.grow(roots, normals)
    roots, _ = sample_surface(figure.posed, triangles, hair.strands, rng)
    add_strands("hair", follow(hair, roots, guides, rng), 0.00009 * hair.thickness, material, root)
    if hair.style == "bun":
        ball = wound_ball(growth.knot(), 0.048, hair.strands // 5, rng)
        add_strands("bun", ball, 0.00009 * hair.thickness, material, root)
