"""Everything that is slow to draw, drawn once: silhouettes, textures and backdrops on disk.

A bank is a folder of .npy files, opened as memory maps, so that workers share its pages. Item i
depends only on the bank's seed and i: the number of processes that draw it changes nothing.
"""

import json
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Callable, List

import numpy as np

from matting_models.data import backdrops, textures
from matting_models.data.fields import to_bytes
from matting_models.data.shapes import draw_shape
from matting_models.data.terms import PathLike

TEXTURES = {"cloth": textures.cloth, "skin": textures.skin, "hair": textures.hair}


@dataclass(frozen=True)
class BankSpec:
    """How many items of which size (pixels a side) a bank holds."""

    seed: int = 1
    shapes: int = 2000
    shape_size: int = 1024
    textures: int = 160
    texture_size: int = 512
    backdrops: int = 400
    backdrop_size: tuple = (640, 896)


class Bank:
    """An opened bank: arrays uint8 of shape (n, h, w[, 3]), read-only."""

    def __init__(self, folder: PathLike) -> None:
        folder = Path(folder)
        if not (folder / "spec.json").exists():
            raise FileNotFoundError(
                f"wanted a data bank, found no {folder / 'spec.json'}; "
                "draw one with: python -m matting_models bank --out DIR"
            )
        self.alpha, self.parts, self.backdrop = (
            _open(folder, name) for name in ("alpha", "parts", "backdrop")
        )
        self.texture = {name: _open(folder, name) for name in TEXTURES}


def _open(folder: Path, name: str) -> np.ndarray:
    return np.load(folder / f"{name}.npy", mmap_mode="r")


def draw_bank(
    folder: PathLike,
    spec: BankSpec = BankSpec(),
    processes: int = 1,
    report: Callable[[str], None] = print,
) -> Bank:
    """Draw a bank into `folder` unless it already holds this very one. Returns it opened."""
    folder = Path(folder)
    wanted = json.loads(json.dumps(asdict(spec)))
    marker = folder / "spec.json"
    if not marker.exists() or json.loads(marker.read_text()) != wanted:
        folder.mkdir(parents=True, exist_ok=True)
        marker.unlink(missing_ok=True)
        jobs = _create_files(folder, spec)
        with ProcessPoolExecutor(processes) as pool:
            for done, _ in enumerate(pool.map(_draw_item, jobs, chunksize=4), 1):
                if done % 100 == 0:
                    report(f"bank: {done} of {len(jobs)}")
        temporary = folder / "spec.json.part"
        temporary.write_text(json.dumps(wanted))
        os.replace(temporary, marker)
    return Bank(folder)


def open_or_draw(folder: PathLike, processes: int = 1) -> Bank:
    """The bank in `folder`, whatever its spec, or a new one of the default spec."""
    if (Path(folder) / "spec.json").exists():
        return Bank(folder)
    return draw_bank(folder, BankSpec(), processes)


def _create_files(folder: Path, spec: BankSpec) -> List[tuple]:
    """Allocate the arrays; list (folder, name, index, spec) of everything to draw."""
    size, tile = spec.shape_size, spec.texture_size
    shapes = {
        "alpha": (spec.shapes, size, size),
        "parts": (spec.shapes, size // 2, size // 2),
        "backdrop": (spec.backdrops, *spec.backdrop_size, 3),
    }
    shapes.update({name: (spec.textures, tile, tile, 3) for name in TEXTURES})
    for name, shape in shapes.items():
        np.lib.format.open_memmap(folder / f"{name}.npy", "w+", np.uint8, shape).flush()
    return [
        (folder, name, index, spec)
        for name, shape in shapes.items()
        if name != "parts"
        for index in range(shape[0])
    ]


def _draw_item(job: tuple) -> None:
    folder, name, index, spec = job
    target = np.lib.format.open_memmap(folder / f"{name}.npy", "r+")
    if name == "alpha":
        parts = np.lib.format.open_memmap(folder / "parts.npy", "r+")
        target[index], parts[index] = draw_shape((spec.seed << 32) + index, spec.shape_size)
        return
    draw = TEXTURES.get(name, backdrops.backdrop)
    rng = np.random.default_rng([spec.seed, index, sum(name.encode())])
    target[index] = to_bytes(draw(rng, *target.shape[1:3]))
