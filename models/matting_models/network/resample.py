"""Resizing and padding, by the operators themselves.

torch.nn.functional.interpolate and pad are Python functions; compiled to TorchScript by a new
torch they name operators which LibTorch 1.13 does not know (aten::_upsample_lanczos2d_aa), and the
file is refused there. The operators called here are known to every version from 1.13 on.
"""

import torch
from torch import Tensor

from matting_models.network.doubling import double, doubles


def bilinear(x: Tensor, height: int, width: int) -> Tensor:
    """(B, C, h, w) -> (B, C, height, width), pixel centres at half integers, edges clamped."""
    if not torch.jit.is_scripting():
        if doubles(x, height, width):
            return double(x)
    return torch._C._nn.upsample_bilinear2d(x, [height, width], False)  # type: ignore[call-arg]


def nearest(x: Tensor, height: int, width: int) -> Tensor:
    """(B, C, h, w) -> (B, C, height, width)."""
    return torch._C._nn.upsample_nearest2d(x, [height, width])  # type: ignore[call-arg]


def pad_zeros(x: Tensor, border: int) -> Tensor:
    """(B, C, h, w) -> (B, C, h + 2 border, w + 2 border), zeros around."""
    return torch.constant_pad_nd(x, [border, border, border, border], 0.0)
