"""What the inputs of convolutions reach, for engines that compute in 8-bit integers.

A weight file may hold, beside the network's own tensors, `calibration.decoder.conv1` to `conv4`:
two rows, the least and the greatest value of each input channel, 0 always being among them. Values
beyond are clamped by the engine, so the pairs should be like those that the network will see. The
same for the convolutions of the encoder's blocks and for ASPP: `calibration.aspp.convs.0.0` (what
the other branches read, too) and `calibration.aspp.project.0`.
"""

from contextlib import contextmanager
from typing import Any, Dict, Iterator, Mapping, Tuple

import torch
from torch import Tensor, nn

from matting_models.network import MattingBase

PREFIX = "calibration."
HEAD = ("aspp.convs.0.0", "aspp.project.0") + tuple(f"decoder.conv{i}" for i in (1, 2, 3, 4))
STEMS = ("backbone.conv1", "backbone.features.0.0")


def split_calibration(tensors: Mapping[str, Tensor]) -> Tuple[Dict[str, Tensor], Dict[str, Tensor]]:
    """(the network's tensors, the calibration's)."""
    own: Dict[str, Tensor] = {}
    calibration: Dict[str, Tensor] = {}
    for name, value in tensors.items():
        (calibration if name.startswith(PREFIX) else own)[name] = value
    return own, calibration


def calibrated_layers(network: MattingBase) -> Tuple[str, ...]:
    """The convolutions of the encoder's blocks, ASPP's and the decoder's."""
    blocks = tuple(
        name
        for name, module in network.named_modules()
        if isinstance(module, nn.Conv2d) and name.startswith("backbone.") and name not in STEMS
    )
    return blocks + HEAD


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
        for layer in calibrated_layers(network)
    ]
    try:
        yield ranges
    finally:
        for hook in hooks:
            hook.remove()
