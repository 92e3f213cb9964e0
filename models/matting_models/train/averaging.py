"""Exponential moving average of a network's weights and statistics."""

import copy

import torch
from torch import nn


class Average:
    """`network` is the average: same names, in evaluation mode, never trained itself."""

    def __init__(self, network: nn.Module, decay: float):
        self.decay = decay
        self.network = copy.deepcopy(network).eval().requires_grad_(False)

    @torch.no_grad()
    def update(self, network: nn.Module, step: int) -> None:
        """Follow faster during the first steps, when the average is still the start's."""
        weight = 1 - min(self.decay, (1 + step) / (10 + step))
        values = network.state_dict()
        for name, mean in self.network.state_dict().items():
            value = values[name]
            if mean.is_floating_point():
                mean.lerp_(value.to(mean.dtype), weight)
            else:
                mean.copy_(value)
