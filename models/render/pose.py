"""Poses by name: where the wrists go and how spine and head turn (angles in degrees)."""

import numpy as np

from .body import reach, rotation

# name -> for each side: wrist position relative to an anchor joint as (outward, forward, up) in
# metres, the anchor, and the direction in which the elbow points (outward, forward, up).
_DOWN = ("shoulder01", (0.20, 0.02, -0.50), (0.6, -1.0, 0.0))
_HIP = ("pelvis", (0.205, 0.02, 0.13), (1.0, -0.55, -0.1))
_HOLD = ("spine02", (0.06, 0.30, 0.10), (0.8, -0.4, -0.8))
_HOLD_UNDER = ("spine02", (0.10, 0.27, 0.02), (0.8, -0.4, -0.8))
_FOLD = ("spine01", (-0.05, 0.25, -0.10), (1.0, 0.1, -0.6))
_WAVE = ("shoulder01", (0.20, 0.14, 0.20), (0.8, 0.0, -1.0))
_HAIR = ("head", (0.14, 0.02, 0.05), (1.0, 0.1, -0.2))
POSES = {
    "relaxed": (_DOWN, _DOWN),
    "hips": (_HIP, _HIP),
    "one_hip": (_HIP, _DOWN),
    "hold": (_HOLD, _HOLD_UNDER),
    "fold": (_FOLD, ("spine01", (-0.04, 0.22, -0.06), (1.0, 0.1, -0.6))),
    "wave": (_WAVE, _DOWN),
    "touch_hair": (_HAIR, _DOWN),
}


def pose_rotations(joints, pose):
    """Bone -> rotation for `pose` (PoseParameters) on a body with these rest joints."""
    rotations = {}
    for side, (anchor, offset, elbow) in zip("LR", POSES[pose.name], strict=True):
        sign = 1.0 if side == "L" else -1.0
        flip = np.array([sign, -1.0, 1.0])
        origin = joints.get(f"{anchor}.{side}", joints.get(anchor))
        if f"{anchor}.{side}" not in joints:
            origin = origin * np.array([0.0, 1.0, 1.0])
        rotations.update(reach(joints, side, origin + flip * offset, flip * elbow))
    rotations["spine03"] = rotation("z", pose.turn * 0.5) @ rotation("y", pose.lean)
    rotations["spine01"] = rotation("z", pose.turn * 0.5)
    head = rotation("z", pose.head_yaw) @ rotation("x", pose.head_pitch)
    rotations["head"] = head @ rotation("y", pose.head_roll)
    rotations["neck01"] = rotation("z", pose.head_yaw * 0.3) @ rotation("y", pose.head_roll * 0.4)
    rotations.update(_finger_curl(joints, pose.finger_curl))
    return rotations


def _finger_curl(joints, degrees):
    """Bend every finger joint about the axis across its palm."""
    rotations = {}
    for side in "LR":
        along = joints[f"finger3-1.{side}"] - joints[f"wrist.{side}"]
        across = joints[f"finger5-1.{side}"] - joints[f"finger2-1.{side}"]
        axis = across - (across @ along) * along / (along @ along)
        axis = axis / np.linalg.norm(axis) * (1.0 if side == "L" else -1.0)
        for finger in range(2, 6):
            for part in range(1, 4):
                bend = rotation(axis, (-1.0 if side == "L" else 1.0) * degrees)
                rotations[f"finger{finger}-{part}.{side}"] = bend
    return rotations
