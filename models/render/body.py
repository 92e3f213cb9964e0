"""Shape and pose of a person: morph targets, inverse kinematics of the arms, linear skinning.

Coordinates are metres, z up, the person faces -y and its left is +x. Morph weights multiply the
way MakeHuman's macro targets do (mpfb2 targets/macrodetails/macro.json). Skinning is the classic
linear blend; the rotations are given in the rest pose's world axes and composed along the bones.
"""

import numpy as np

from .body_assets import read_base_mesh, read_rig, read_target, read_vertex_ranges

RACES = ("african", "asian", "caucasian")


def macro_weights(person):
    """Target name -> weight for gender, age, race, weight and muscle, each in [0, 1]."""
    genders = {"female": 1.0 - person.gender, "male": person.gender}
    ages = {"young": 1.0 - person.age, "old": person.age}
    bulks = {
        "minweight": max(0.0, 1.0 - 2.0 * person.weight),
        "averageweight": 1.0 - abs(2.0 * person.weight - 1.0),
        "maxweight": max(0.0, 2.0 * person.weight - 1.0),
    }
    result = {}
    for gender, g in genders.items():
        for age, a in ages.items():
            for race, r in zip(RACES, person.race, strict=True):
                result[f"macrodetails/{race}-{gender}-{age}"] = g * a * r
            for bulk, b in bulks.items():
                name = f"macrodetails/universal-{gender}-{age}-averagemuscle-{bulk}"
                result[name] = g * a * b
    return {name: weight for name, weight in result.items() if weight > 0.0}


def shaped_vertices(person):
    """Vertices (19158, 3) of the person in the rest pose."""
    vertices = read_base_mesh().vertices.copy()
    for name, weight in {**macro_weights(person), **person.face, **person.expression}.items():
        indices, offsets = read_target(name)
        vertices[indices] += weight * offsets
    return vertices


def rotation(axis, degrees):
    """Rotation matrix (3, 3) about `axis` ('x', 'y', 'z' or a vector); Rodrigues' formula."""
    axes = {"x": (1, 0, 0), "y": (0, 1, 0), "z": (0, 0, 1)}
    x, y, z = np.asarray(axes.get(axis, axis) if isinstance(axis, str) else axis, dtype=float)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.radians(degrees)
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def rotation_between(start, end):
    """Smallest rotation that turns direction `start` into direction `end`."""
    start, end = start / np.linalg.norm(start), end / np.linalg.norm(end)
    axis = np.cross(start, end)
    sine = np.linalg.norm(axis)
    if sine < 1e-9:
        return np.eye(3)
    return rotation(axis / sine, np.degrees(np.arctan2(sine, start @ end)))


def joint_positions(vertices):
    """Bone name -> position of its head (3,), read off the shaped vertices."""
    ranges = read_vertex_ranges()
    positions = {}
    for name, bone in read_rig()[0].items():
        head = bone["head"]
        if head["strategy"] == "CUBE":
            indices = ranges[head["cube_name"]]
        else:
            indices = head.get("vertex_indices") or [head["vertex_index"]]
        positions[name] = vertices[indices].mean(axis=0)
    return positions


def reach(joints, side, wrist_target, elbow_hint):
    """Two-bone inverse kinematics: rotations that bring the wrist of `side` ('L', 'R') to a point.

    elbow_hint: direction in which the elbow points. Returns bone -> rotation (3, 3).
    """
    shoulder, elbow, wrist = (
        joints[f"{bone}.{side}"] for bone in ("upperarm01", "lowerarm01", "wrist")
    )
    upper, lower = np.linalg.norm(elbow - shoulder), np.linalg.norm(wrist - elbow)
    span = np.asarray(wrist_target) - shoulder
    distance = np.clip(np.linalg.norm(span), abs(upper - lower) + 1e-3, upper + lower - 1e-3)
    along = span / np.linalg.norm(span)
    hint = np.asarray(elbow_hint, dtype=float)
    outward = hint - (hint @ along) * along
    outward /= np.linalg.norm(outward)
    offset = (upper**2 - lower**2 + distance**2) / (2 * distance)
    new_elbow = shoulder + along * offset + outward * np.sqrt(max(upper**2 - offset**2, 0.0))
    new_wrist = shoulder + along * distance
    turn_upper = rotation_between(elbow - shoulder, new_elbow - shoulder)
    turn_lower = rotation_between(turn_upper @ (wrist - elbow), new_wrist - new_elbow)
    return {
        f"upperarm01.{side}": turn_upper,
        f"lowerarm01.{side}": turn_upper.T @ turn_lower @ turn_upper,
    }


def bone_transforms(joints, rotations):
    """Bone -> (matrix (3, 3), translation (3,)) that moves rest points to posed points."""
    transforms = {}
    for name, bone in read_rig()[0].items():
        parent = bone.get("parent")
        matrix, shift = transforms[parent] if parent else (np.eye(3), np.zeros(3))
        turn = rotations.get(name)
        if turn is not None:
            shift = matrix @ (joints[name] - turn @ joints[name]) + shift
            matrix = matrix @ turn
        transforms[name] = (matrix, shift)
    return transforms


def skin(vertices, transforms):
    """Linear blend skinning of `vertices` with the rig's weights."""
    result = np.zeros_like(vertices)
    total = np.zeros((len(vertices), 1))
    for name, pairs in read_rig()[1].items():
        if name not in transforms or not pairs:
            continue
        indices = np.array([int(pair[0]) for pair in pairs])
        weights = np.array([pair[1] for pair in pairs])[:, None]
        matrix, shift = transforms[name]
        result[indices] += weights * (vertices[indices] @ matrix.T + shift)
        total[indices] += weights
    return np.where(total > 1e-6, result / np.maximum(total, 1e-6), vertices)
