"""Scenes shown several times, mirrored and recoloured anew: drawing costs more than training."""

from typing import Dict

import numpy as np
import torch
from torch import Tensor

from matting_models.data.dataset import Plan


class Replay:
    """The last scenes of each size on the device, and batches drawn from them.

    What it holds and what it shows at a step depend on the plan, the seed and the step alone: a run
    that goes on at step s adds the scenes of the steps from first_needed(s) again.
    """

    def __init__(self, plan: Plan, seed: int, device: torch.device, stream: int = 0):
        self.plan, self.seed, self.device, self.stream = plan, seed, device, stream
        # Steps of a size whose scenes are held; what is shown once need not wait for it.
        self._turns = max(1, plan.kept // plan.fresh) if plan.views > 1 else 1
        self._scenes: Dict[int, Dict[str, Tensor]] = {}

    def first_needed(self, step: int) -> int:
        return max(0, step - self._turns * len(self.plan.sizes))

    def add(self, step: int, scenes: Dict[str, Tensor]) -> None:
        """scenes: uint8 (plan.fresh, H, W, C), the new ones of this step."""
        kept = self._scenes.setdefault(self.plan.size_index(step), {})
        fresh = self.plan.fresh
        slot = step // len(self.plan.sizes) % self._turns * fresh
        for name, pictures in scenes.items():
            if name not in kept:
                shape = (self._turns * fresh, *pictures.shape[1:])
                kept[name] = torch.empty(shape, dtype=torch.uint8, device=self.device)
            kept[name][slot : slot + fresh].copy_(pictures)

    def batch(self, step: int) -> Dict[str, Tensor]:
        """What step trains on: uint8 (plan.batch, H, W, C), mirrored and with channels permuted."""
        rng = np.random.default_rng([self.seed, 2, step, self.stream])
        added = (step // len(self.plan.sizes) + 1) * self.plan.fresh
        available = min(added, self._turns * self.plan.fresh)
        batch = self.plan.batch
        chosen = rng.choice(available, batch, replace=available < batch)
        mirrored = rng.random(batch) < 0.5
        order = rng.permuted(np.tile(np.arange(3), (batch, 1)), axis=1)
        index, mirror, channels = (
            torch.from_numpy(x).to(self.device) for x in (chosen, mirrored, order)
        )
        kept = self._scenes[self.plan.size_index(step)]
        return {name: _view(x[index], mirror, channels) for name, x in kept.items()}


def _view(pictures: Tensor, mirror: Tensor, channels: Tensor) -> Tensor:
    """The pictures (B, H, W, C) mirrored where mirror (B), their channels in the order (B, 3)."""
    pictures = torch.where(mirror[:, None, None, None], pictures.flip(2), pictures)
    if pictures.shape[3] == 1:
        return pictures
    return torch.take_along_dim(pictures, channels[:, None, None, :], 3)
