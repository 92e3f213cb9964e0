"""A shaped and posed body as arrays, and cuts of its mesh. Needs numpy only."""

import numpy as np

from .body import bone_transforms, joint_positions, shaped_vertices, skin
from .body_assets import read_base_mesh, read_rig
from .pose import pose_rotations


class Figure:
    """A posed body as arrays: rest and posed vertices (19158, 3), posed joints, main bones.

    rest_joints, joints: bone -> (3,). bone_of: bone with the largest weight, one per vertex.
    """

    def __init__(self, person):
        self.rest = shaped_vertices(person)
        self.rest_joints = joint_positions(self.rest)
        self.transforms = bone_transforms(
            self.rest_joints, pose_rotations(self.rest_joints, person.pose)
        )
        self.posed = skin(self.rest, self.transforms)
        self.joints = {
            name: matrix @ self.rest_joints[name] + shift
            for name, (matrix, shift) in self.transforms.items()
        }
        self.bone_of = main_bones(len(self.rest))


def main_bones(count):
    """Array of `count` bone names: the one with the largest skinning weight."""
    best = np.zeros(count)
    names = np.full(count, "", dtype=object)
    for name, pairs in read_rig()[1].items():
        for index, weight in pairs:
            if weight > best[int(index)]:
                best[int(index)], names[int(index)] = weight, name
    return names


def submesh(vertices, faces):
    """(vertices, faces, indices, uv) with only the vertices that `faces` use."""
    used = np.unique([vertex for face in faces for vertex, _ in face])
    position = {vertex: k for k, vertex in enumerate(used.tolist())}
    coordinates = read_base_mesh().uv
    uv = [coordinates[corner] for face in faces for _, corner in face]
    return vertices[used], [tuple(position[v] for v, _ in face) for face in faces], used, uv


def vertex_normals(vertices, faces):
    """Area-weighted unit normals (n, 3) of a quad mesh."""
    quads = np.array([face if len(face) == 4 else (*face, face[2]) for face in faces])
    a, b, c, d = (vertices[quads[:, k]] for k in range(4))
    normal = np.cross(c - a, d - b)
    result = np.zeros_like(vertices)
    for k in range(4):
        np.add.at(result, quads[:, k], normal)
    return result / np.maximum(np.linalg.norm(result, axis=1, keepdims=True), 1e-12)
