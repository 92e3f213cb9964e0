"""The losses of arXiv 2012.07810, section 3.3, and what was added to them.

Added: L1 between alphas pooled by 4 and by 16 (holes and veils are large-scale errors), and a small
L1 that pulls the foreground to the image where alpha is 0. Values are clamped to [0, 1] with the
gradient passed straight through, so that an overshooting pixel is not lost to training.
"""

from typing import Tuple

import torch
from torch import Tensor
from torch.nn import functional as F

POOLED_WEIGHT = 0.5
EMPTY_WEIGHT = 0.3


class _Clamp(torch.autograd.Function):
    @staticmethod
    def forward(x: Tensor) -> Tensor:
        return x.clamp(0, 1)

    @staticmethod
    def setup_context(ctx: object, inputs: Tuple[Tensor], output: Tensor) -> None:
        pass

    @staticmethod
    def backward(ctx: object, gradient: Tensor) -> Tensor:
        return gradient


def clamp(x: Tensor) -> Tensor:
    """To [0, 1]; the gradient is that of the identity."""
    return _Clamp.apply(x)


def sobel(x: Tensor) -> Tensor:
    """Gradient magnitude of (B, 1, H, W), in value per pixel."""
    across = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]], device=x.device) / 8
    kernels = torch.stack([across, across.T])[:, None].to(x.dtype)
    d = F.conv2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), kernels)
    return (d.square().sum(1, keepdim=True) + 1e-6).sqrt()


def alpha_loss(pha: Tensor, true: Tensor, edge_weight: float = 1.0) -> Tensor:
    """L1 of alpha and of its gradient; both (B, 1, H, W), pha clamped."""
    return F.l1_loss(pha, true) + edge_weight * F.l1_loss(sobel(pha), sobel(true))


def pooled_loss(pha: Tensor, true: Tensor) -> Tensor:
    """L1 of alpha at 1/4 and 1/16 of the size."""
    quarter, sixteenth = (F.l1_loss(F.avg_pool2d(pha, k), F.avg_pool2d(true, k)) for k in (4, 16))
    return quarter + sixteenth


def foreground_loss(fgr: Tensor, src: Tensor, true_fgr: Tensor, true_pha: Tensor) -> Tensor:
    """L1 where alpha is not 0; a small one to the image elsewhere. fgr is foreground minus src."""
    subject = (true_pha > 0).to(src.dtype)
    color = clamp(fgr + src)
    inside = F.l1_loss(color * subject, true_fgr * subject)
    return inside + EMPTY_WEIGHT * F.l1_loss(color * (1 - subject), src * (1 - subject))


def error_loss(err: Tensor, pha: Tensor, true: Tensor) -> Tensor:
    """Squared error of the error map; all (B, 1, h, w)."""
    return F.mse_loss(clamp(err), (pha.detach() - true).abs())
