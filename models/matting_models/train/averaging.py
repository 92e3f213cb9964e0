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
        values, means = network.state_dict(), self.network.state_dict()
        followed = [name for name, mean in means.items() if mean.is_floating_point()]
        torch._foreach_lerp_(
            [means[name] for name in followed], [values[name] for name in followed], weight
        )
        for name in means.keys() - set(followed):
            means[name].copy_(values[name])
