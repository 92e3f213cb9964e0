"""The base network's decoder: four steps up, each joined by the encoder's features of that size."""

from typing import Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from matting_models.network.resample import bilinear


def upsample_and_join(x: Tensor, shortcut: Tensor) -> Tensor:
    """x brought to the shortcut's size, the shortcut's channels behind its own.

    The cast is for autocast training, where the image itself is float32 and features are bfloat16.
    """
    x = bilinear(x, shortcut.shape[2], shortcut.shape[3])
    return torch.cat([x, shortcut.to(x.dtype)], 1)


class Decoder(nn.Module):
    """Features (B, C, H/16, W/16), .. (B, C, H/2, W/2), input (B, C, H, W) -> (B, outputs, H, W).

    features: channels of the five inputs in this order, the first being the ASPP's.
    """

    def __init__(
        self,
        features: Tuple[int, int, int, int, int],
        widths: Tuple[int, int, int],
        outputs: int,
    ):
        super().__init__()
        x4, x3, x2, x1, x0 = features
        self.conv1 = nn.Conv2d(x4 + x3, widths[0], 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(widths[0])
        self.conv2 = nn.Conv2d(widths[0] + x2, widths[1], 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(widths[1])
        self.conv3 = nn.Conv2d(widths[1] + x1, widths[2], 3, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(widths[2])
        self.conv4 = nn.Conv2d(widths[2] + x0, outputs, 3, padding=1)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x4: Tensor, x3: Tensor, x2: Tensor, x1: Tensor, x0: Tensor) -> Tensor:
        return self.conv4(self.before_output(x4, x3, x2, x1, x0))

    def before_output(self, x4: Tensor, x3: Tensor, x2: Tensor, x1: Tensor, x0: Tensor) -> Tensor:
        """What the last convolution reads: (B, widths[2] + input channels, H, W)."""
        x = self.relu(self.bn1(self.conv1(upsample_and_join(x4, x3))))
        x = self.relu(self.bn2(self.conv2(upsample_and_join(x, x2))))
        x = self.relu(self.bn3(self.conv3(upsample_and_join(x, x1))))
        return upsample_and_join(x, x0)

    def first_outputs(self, x: Tensor, outputs: int) -> Tensor:
        """Only the first channels of the output, from before_output's result.

        Training of the base network alone needs 5 of 37, and this convolution is its dearest.
        """
        bias = self.conv4.bias
        assert bias is not None
        return F.conv2d(x, self.conv4.weight[:outputs], bias[:outputs], padding=1)
