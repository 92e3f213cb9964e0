"""Folding a stretch of alpha into a network's last convolutions.

A network trained with L1 gives solid bodies 0.97 and clean backgrounds 0.02 here and there. With
alpha' = (alpha - low) / (1 - low - high), clamped as before, they are 1 and 0. It costs nothing: a
factor and a bias of weights that are there already.
"""

import torch

from matting_models.network import MattingRefine


@torch.no_grad()
def stretch_alpha(network: MattingRefine, low: float, high: float) -> None:
    """Make alpha `low` come out as 0 and 1 - `high` as 1, coarse and refined.

    The refiner, which reads the coarse alpha, is given the unstretched one back, but for what was
    clamped away: its first convolution takes the inverse.
    """
    if not (low >= 0 and high >= 0 and low + high < 0.5):
        raise ValueError(f"wanted low, high >= 0 with a sum below 0.5, found {low} and {high}")
    contrast = 1 / (1 - low - high)
    for last in (network.decoder.conv4, network.refiner.conv4):
        assert last.bias is not None
        last.weight[0] *= contrast
        last.bias[0] = (last.bias[0] - low) * contrast
    of_alpha = network.refiner.conv1.weight[:, network.dimensions.hidden]
    mean = network.refiner.bn1.running_mean
    assert mean is not None
    mean -= low * of_alpha.sum((1, 2))
    of_alpha /= contrast
