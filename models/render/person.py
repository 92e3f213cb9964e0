"""A person in the scene: body, eyes, lashes, clothes, hair, something in the hands."""

import numpy as np
from mathutils import Matrix

from . import clothes, hair, props
from .body_assets import read_base_mesh, read_vertex_ranges
from .figure import Figure, submesh, vertex_normals
from .meshes import add_empty, add_mesh, subdivide
from .skin import eye_material, lash_material, skin_material


def _add_body(figure, person, seed, root):
    """Skin mesh; what clothes hide is pulled inwards so that it cannot show through them."""
    faces = read_base_mesh().groups["body"]
    vertices, faces, used, uv = submesh(figure.posed, faces)
    hidden = clothes.coverage(figure, person)[used]
    vertices = vertices - 0.02 * hidden[:, None] * vertex_normals(vertices, faces)
    item = add_mesh("body", vertices, faces, skin_material(person, seed), uv=uv, parent=root)
    subdivide(item, 1, 2)
    return item


def _add_eyes(figure, person, root):
    ranges = read_vertex_ranges()
    material = eye_material(person.eye_colour)
    turn = figure.transforms["head"][0]
    for side in "lr":
        faces = read_base_mesh().groups[f"helper-{side}-eye"]
        vertices, faces, _, uv = submesh(figure.posed, faces)
        centre = figure.posed[ranges[f"helper-{side}-eye"]].mean(axis=0)
        local = (vertices - centre) @ turn
        item = add_mesh("eye", local, faces, material, uv=uv, parent=root)
        item.location = centre
        item.rotation_euler = Matrix(turn.tolist()).to_euler()
        subdivide(item, 2)


def _add_lashes(figure, root):
    material = lash_material()
    for side in "lr":
        # Row 2 is the upper lid; the lower row reads as heavy make-up.
        faces = read_base_mesh().groups[f"helper-{side}-eyelashes-2"]
        vertices, faces, _, uv = submesh(figure.posed, faces)
        add_mesh("lashes", vertices, faces, material, uv=uv, parent=root)


def add_person(person, seed):
    """Build one person; returns the empty that everything of it hangs on."""
    x, y = person.position
    root = add_empty("person", (x, y, 0.0), person.heading)
    figure = Figure(person)
    floor = figure.posed[read_vertex_ranges()["body"], 2].min()
    root.location.z = -floor
    rng = np.random.default_rng([seed, 7])
    body = _add_body(figure, person, seed, root)
    _add_eyes(figure, person, root)
    _add_lashes(figure, root)
    garments = clothes.add_clothes(figure, person, rng, root)
    hair.add_hair(figure, person, rng, [body, *garments], root)
    if person.prop:
        props.add_prop(person.prop, figure, rng, root)
    return root
