"""Training samples by index, the same for any number of workers and after any interruption."""

from dataclasses import dataclass
from typing import Dict, Iterator, Optional, Tuple

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
    batch: pictures a step trains on, all of one size.
    views: how often a scene is shown on average; above 1 where drawing costs more than training.
    kept: scenes of each size that wait to be shown again, where views is above 1.
    footage: probability that a sample comes from triplet folders instead, when there are some.
    own_plate: of those, the share that keeps its own plate; the rest is put before another one.
    """

    sizes: Tuple[Tuple[int, int], ...]
    scale: Tuple[float, float]
    batch: int
    views: int = 1
    kept: int = 48
    footage: float = 0.4
    own_plate: float = 0.4

    @property
    def fresh(self) -> int:
        """New scenes a step."""
        return max(1, self.batch // self.views)

    def size_index(self, step: int) -> int:
        return step % len(self.sizes)


class Triplets(Dataset):
    """Item i is what step i draws anew: dict of uint8 tensors (plan.fresh, H, W, C).

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

    def __getitem__(self, step: int) -> Dict[str, torch.Tensor]:
        scenes = [self._draw(step, slot) for slot in range(self.plan.fresh)]
        return {
            name: torch.from_numpy(np.stack([scene[name] for scene in scenes]))
            for name in scenes[0]
        }

    def _draw(self, step: int, slot: int) -> Scene:
        seed = [self.seed, 3, step, slot, self.stream]
        rng = np.random.default_rng(seed)
        height, width = self.plan.sizes[self.plan.size_index(step)]
        scale = float(np.exp(rng.uniform(*np.log(self.plan.scale))))
        footage = self.footage if rng.random() < self.plan.footage else None
        if footage is not None and rng.random() < self.plan.own_plate:
            scene = footage.sample(rng, height, width, scale, self.chances)
        else:
            scene = make_triplet(
                seed + [4], height, width, scale, self.source, self.chances, footage
            )
        return {**scene, "alpha": scene["alpha"][..., None]}


class Steps:
    """The sampler of the batches of steps `start` to `stop`: makes a run resumable at any step."""

    def __init__(self, start: int, stop: int) -> None:
        self.start, self.stop = start, stop

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.start, self.stop))

    def __len__(self) -> int:
        return max(0, self.stop - self.start)
