"""MobileNetV2 (arXiv 1801.04381) as an encoder of output stride 16.

The last downsampling is replaced by dilation; the classifier and the 1280-channel layer are gone.
Parameter names follow torchvision's MobileNetV2, as the published checkpoints do.
"""

from typing import List, Tuple

from torch import Tensor, nn

from matting_models.network.depthwise import DepthwiseConv2d

# (expansion, channels, number of blocks, stride of the first block): table 2 of the paper.
STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
UNSTRIDED_BLOCK = 14  # would go down to 1/32; the blocks behind it are dilated instead


def conv_bn_relu6(conv: nn.Conv2d) -> nn.Sequential:
    return nn.Sequential(conv, nn.BatchNorm2d(conv.out_channels), nn.ReLU6(inplace=True))


class InvertedResidual(nn.Module):
    """Expand by 1x1, filter per channel by 3x3, project by 1x1; added to the input if it fits."""

    def __init__(self, inputs: int, outputs: int, stride: int, expansion: int, dilation: int):
        super().__init__()
        width = inputs * expansion
        layers: List[nn.Module] = []
        if expansion != 1:
            layers.append(conv_bn_relu6(nn.Conv2d(inputs, width, 1, bias=False)))
        layers.append(conv_bn_relu6(DepthwiseConv2d(width, stride, dilation)))
        layers += [nn.Conv2d(width, outputs, 1, bias=False), nn.BatchNorm2d(outputs)]
        self.conv = nn.Sequential(*layers)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        if self.residual:
            return x + self.conv(x)
        return self.conv(x)


class MobileNetV2Encoder(nn.Module):
    """(B, channels, H, W) -> features at 1/16, 1/8, 1/4, 1/2 of the size, and the input itself."""

    def __init__(self, channels: int):
        super().__init__()
        layers: List[nn.Module] = [
            conv_bn_relu6(nn.Conv2d(channels, 32, 3, stride=2, padding=1, bias=False))
        ]
        width = 32
        for expansion, outputs, blocks, first_stride in STAGES:
            for block in range(blocks):
                stride = first_stride if block == 0 and len(layers) != UNSTRIDED_BLOCK else 1
                dilation = 2 if len(layers) > UNSTRIDED_BLOCK else 1
                layers.append(InvertedResidual(width, outputs, stride, expansion, dilation))
                width = outputs
        self.features = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        shortcuts: List[Tensor] = [x]
        for i, layer in enumerate(self.features):
            x = layer(x)
            if i == 1 or i == 3 or i == 6:  # the last layers at 1/2, 1/4 and 1/8
                shortcuts.append(x)
        return x, shortcuts[3], shortcuts[2], shortcuts[1], shortcuts[0]
