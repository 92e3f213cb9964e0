"""A depthwise 3x3 convolution that also trains fast in bfloat16 on CPUs.

oneDNN's bfloat16 backward pass of strided and of dilated depthwise convolutions is one to two
orders of magnitude slower than the forward pass. While training under CPU autocast these two
cases take another way to the same result; inference and TorchScript see a plain convolution.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class DepthwiseConv2d(nn.Conv2d):
    """3x3, one filter per channel, no bias, output size ceil(input / stride)."""

    def __init__(self, channels: int, stride: int = 1, dilation: int = 1):
        super().__init__(
            channels,
            channels,
            3,
            stride,
            dilation,
            dilation,
            groups=channels,
            bias=False,
        )

    def forward(self, x: Tensor) -> Tensor:
        if not torch.jit.is_scripting():
            if self.training and x.device.type == "cpu" and torch.is_autocast_enabled("cpu"):
                return self._trained_on_cpu(x)
        return self._conv_forward(x, self.weight, self.bias)

    def _trained_on_cpu(self, x: Tensor) -> Tensor:
        if self.stride[0] > 1:
            return self._in_float(x)
        if self.dilation[0] > 1:
            return self._by_phases(x, int(self.dilation[0]))
        return self._conv_forward(x, self.weight, self.bias)

    def _in_float(self, x: Tensor) -> Tensor:
        """Same numbers, in single precision: several times faster backward than bfloat16."""
        with torch.autocast("cpu", enabled=False):
            y = self._conv_forward(x.float(), self.weight, self.bias)
        return y.to(torch.get_autocast_dtype("cpu"))

    def _by_phases(self, x: Tensor, d: int) -> Tensor:
        """A convolution of dilation d is d * d undilated ones on the phases of the image."""
        batch, channels, height, width = x.shape
        x = F.pad(x, (0, -width % d, 0, -height % d))
        h, w = x.shape[2] // d, x.shape[3] // d
        phases = x.permute(0, 2, 3, 1).reshape(batch, h, d, w, d, channels)
        phases = phases.permute(0, 2, 4, 1, 3, 5).reshape(batch * d * d, h, w, channels)
        y = F.conv2d(phases.permute(0, 3, 1, 2), self.weight, None, 1, 1, 1, channels)
        y = y.permute(0, 2, 3, 1).reshape(batch, d, d, h, w, channels)
        y = y.permute(0, 3, 1, 4, 2, 5).reshape(batch, h * d, w * d, channels)
        return y.permute(0, 3, 1, 2)[:, :, :height, :width]
