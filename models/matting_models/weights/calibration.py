"""What the decoder's inputs reach, for engines that compute in 8-bit integers.

A weight file may hold, beside the network's own tensors, `calibration.decoder.conv1` to `conv4`:
two rows, the least and the greatest value of each input channel, 0 always being among them. Values
beyond are clamped by the engine, so the pairs should be like those that the network will see.
"""

from contextlib import contextmanager
from typing import Any, Dict, Iterator, Mapping, Tuple

import torch
from torch import Tensor

from matting_models.network import MattingBase

PREFIX = "calibration."
LAYERS = tuple(f"decoder.conv{i}" for i in (1, 2, 3, 4))


def split_calibration(tensors: Mapping[str, Tensor]) -> Tuple[Dict[str, Tensor], Dict[str, Tensor]]:
    """(the network's tensors, the calibration's)."""
    own: Dict[str, Tensor] = {}
    calibration: Dict[str, Tensor] = {}
    for name, value in tensors.items():
        (calibration if name.startswith(PREFIX) else own)[name] = value
    return own, calibration


@contextmanager
def observed_ranges(network: MattingBase) -> Iterator[Dict[str, Tensor]]:
    """The calibration's tensors, widened by every forward pass of the network inside the with."""
    ranges: Dict[str, Tensor] = {}

    def observer(name: str) -> Any:
        @torch.no_grad()
        def observe(_: Any, inputs: tuple) -> None:
            x = inputs[0].float().transpose(0, 1).flatten(1)  # channels, all their values
            low, high = x.min(1).values.clamp(max=0), x.max(1).values.clamp(min=0)
            if name in ranges:
                low, high = ranges[name][0].minimum(low), ranges[name][1].maximum(high)
            ranges[name] = torch.stack([low, high]).cpu()

        return observe

    hooks = [
        network.get_submodule(layer).register_forward_pre_hook(observer(PREFIX + layer))
        for layer in LAYERS
    ]
    try:
        yield ranges
    finally:
        for hook in hooks:
            hook.remove()
