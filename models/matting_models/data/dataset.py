"""Training samples by index, the same for any number of workers and after any interruption."""

from dataclasses import dataclass
from typing import Dict, Iterator, List, Optional, Tuple

import numpy as np
import torch
from torch.utils.data import Dataset

from matting_models.data.chances import DEFAULT, Chances
from matting_models.data.footage import Footage
from matting_models.data.scene import make_triplet
from matting_models.data.source import Source
from matting_models.data.terms import Scene


@dataclass(frozen=True)
class Plan:
    """What a stage is fed with.

    sizes: (height, width) of the batches, taken in turn; all pictures of a batch have one size.
    scale: range of output pixels per pixel of a 1920x1080 picture.
    views: how often a scene is shown, each time mirrored and recoloured anew; above 1 where
        drawing costs more than training. block: batches whose views are shuffled together.
    footage: probability that a sample comes from triplet folders instead, when there are some.
    own_plate: of those, the share that keeps its own plate; the rest is put before another one.
    """

    sizes: Tuple[Tuple[int, int], ...]
    scale: Tuple[float, float]
    batch: int
    views: int = 1
    block: int = 8
    footage: float = 0.4
    own_plate: float = 0.4


class Triplets(Dataset):
    """Item i is the i-th batch: dict of uint8 tensors (B, H, W, C).

    stream: number of an independent sequence; all streams of a seed have the same sizes at the
        same step, so that processes that train together do not wait for each other.
    """

    def __init__(
        self,
        source: Source,
        plan: Plan,
        seed: int,
        chances: Chances = DEFAULT,
        footage: Optional[Footage] = None,
        stream: int = 0,
    ) -> None:
        self.source, self.plan, self.seed, self.stream = source, plan, seed, stream
        self.chances, self.footage = chances, footage
        self._shown_block = -1
        self._scenes: Dict[Tuple[int, int], Scene] = {}

    def __getitem__(self, step: int) -> Dict[str, torch.Tensor]:
        samples = [self._view(step, slot) for slot in range(self.plan.batch)]
        return {
            name: torch.from_numpy(np.stack([sample[name] for sample in samples]))
            for name in samples[0]
        }

    def _view(self, step: int, slot: int) -> Scene:
        """One view of one scene of the block that this step belongs to."""
        plan = self.plan
        block, offset = divmod(step, plan.block * plan.views)
        order = np.random.default_rng([self.seed, 1, block]).permutation(plan.block * plan.views)
        batch = int(order[offset]) % plan.block
        scene = self._scene(block, batch, slot)
        return random_view(np.random.default_rng([self.seed, 2, step, slot, self.stream]), scene)

    def _scene(self, block: int, batch: int, slot: int) -> Scene:
        if self._shown_block != block:
            self._shown_block, self._scenes = block, {}
        key = (batch, slot)
        if key not in self._scenes:
            self._scenes[key] = self._draw([self.seed, 3, block, batch, slot, self.stream], batch)
        return self._scenes[key]

    def _draw(self, seed: List[int], batch: int) -> Scene:
        rng = np.random.default_rng(seed)
        height, width = self.plan.sizes[batch % len(self.plan.sizes)]
        scale = float(np.exp(rng.uniform(*np.log(self.plan.scale))))
        footage = self.footage if rng.random() < self.plan.footage else None
        if footage is not None and rng.random() < self.plan.own_plate:
            return footage.sample(rng, height, width, scale, self.chances)
        return make_triplet(seed + [4], height, width, scale, self.source, self.chances, footage)


def random_view(rng: np.random.Generator, scene: Scene) -> Scene:
    """Mirror and channel order of all pictures alike; alpha gets a channel axis."""
    mirror, order = rng.random() < 0.5, rng.permutation(3)
    view = {}
    for name, image in scene.items():
        image = image[:, ::-1] if mirror else image
        image = image[..., order] if image.ndim == 3 else image[..., None]
        view[name] = np.ascontiguousarray(image)
    return view


class Steps:
    """The sampler of the batches of steps `start` to `stop`: makes a run resumable at any step."""

    def __init__(self, start: int, stop: int) -> None:
        self.start, self.stop = start, stop

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.start, self.stop))

    def __len__(self) -> int:
        return max(0, self.stop - self.start)
