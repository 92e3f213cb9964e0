"""Atrous spatial pyramid pooling of DeepLabV3 (arXiv 1706.05587), rates as in arXiv 2012.07810."""

from typing import List

import torch
from torch import Tensor, nn

RATES = (3, 6, 9)


def conv_bn_relu(inputs: int, outputs: int, kernel: int = 1, rate: int = 1) -> List[nn.Module]:
    padding = rate if kernel == 3 else 0
    conv = nn.Conv2d(inputs, outputs, kernel, padding=padding, dilation=rate, bias=False)
    return [conv, nn.BatchNorm2d(outputs), nn.ReLU()]


class PooledBranch(nn.Sequential):
    """The mean over the whole image, projected, and spread over the image again."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__(nn.AdaptiveAvgPool2d(1), *conv_bn_relu(inputs, outputs))

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[2], x.shape[3]
        for layer in self:
            x = layer(x)
        return x.expand(-1, -1, height, width)


class ASPP(nn.Module):
    """(B, inputs, H, W) -> (B, outputs, H, W)."""

    def __init__(self, inputs: int, outputs: int, dropout: float):
        super().__init__()
        branches: List[nn.Module] = [nn.Sequential(*conv_bn_relu(inputs, outputs))]
        branches += [nn.Sequential(*conv_bn_relu(inputs, outputs, 3, rate)) for rate in RATES]
        branches.append(PooledBranch(inputs, outputs))
        self.convs = nn.ModuleList(branches)
        self.project = nn.Sequential(
            *conv_bn_relu(len(branches) * outputs, outputs), nn.Dropout(dropout)
        )

    def forward(self, x: Tensor) -> Tensor:
        branches: List[Tensor] = []
        for branch in self.convs:
            branches.append(branch(x))
        return self.project(torch.cat(branches, 1))
