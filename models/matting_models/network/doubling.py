"""Bilinear upsampling by two whose gradient is a convolution.

PyTorch's own backward pass of bilinear upsampling is slow on CPUs for channels-last bfloat16
(several times the forward pass). For a factor of exactly two it is a 4x4 depthwise convolution
with stride 2, which oneDNN runs fast; only training uses this.
"""

from typing import Tuple

import torch
from torch import Tensor
from torch.nn import functional as F

TAPS = (
    0.25,
    0.75,
    0.75,
    0.25,
)  # what the four output pixels around an input pixel take of it


class _Double(torch.autograd.Function):
    @staticmethod
    def forward(x: Tensor) -> Tensor:
        size = [2 * x.shape[2], 2 * x.shape[3]]
        return torch._C._nn.upsample_bilinear2d(x, size, False)  # type: ignore[call-arg]

    @staticmethod
    def setup_context(ctx: object, inputs: Tuple[Tensor], output: Tensor) -> None:
        pass

    @staticmethod
    def backward(ctx: object, gradient: Tensor) -> Tensor:
        channels = gradient.shape[1]
        taps = torch.tensor(TAPS, dtype=gradient.dtype, device=gradient.device)
        weight = torch.outer(taps, taps).expand(channels, 1, 4, 4).contiguous()
        # The clamped edge: the outermost output pixels lie on the outermost input pixel wholly.
        padded = F.pad(gradient, (1, 1, 1, 1), mode="replicate")
        return F.conv2d(padded, weight, stride=2, groups=channels)


def doubles(x: Tensor, height: int, width: int) -> bool:
    """True where `double` may stand in for bilinear upsampling: training on a CPU, factor 2."""
    return (
        x.requires_grad
        and torch.is_grad_enabled()
        and x.device.type == "cpu"
        and height == 2 * x.shape[2]
        and width == 2 * x.shape[3]
    )


def double(x: Tensor) -> Tensor:
    """(B, C, h, w) -> (B, C, 2 h, 2 w): bilinear, pixel centres at half integers."""
    return _Double.apply(x)
