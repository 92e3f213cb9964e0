"""ResNet-50 and ResNet-101 (arXiv 1512.03385) as encoders of output stride 16.

The last stage is dilated instead of strided; pooling and classifier are gone. Strides sit on the
3x3 convolutions, and parameter names follow torchvision's ResNet, as the published checkpoints do.
"""

from typing import Optional, Tuple

from torch import Tensor, nn

BLOCKS = {"resnet50": (3, 4, 6, 3), "resnet101": (3, 4, 23, 3)}
EXPANSION = 4


class Bottleneck(nn.Module):
    """1x1 down to `width`, 3x3, 1x1 up to 4 * width, added to the input."""

    def __init__(self, inputs: int, width: int, stride: int, dilation: int):
        super().__init__()
        outputs = width * EXPANSION
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, dilation, dilation, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.downsample: Optional[nn.Module] = None
        if stride != 1 or inputs != outputs:
            projection = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        if self.downsample is not None:
            x = self.downsample(x)
        return self.relu(y + x)


def stage(inputs: int, width: int, blocks: int, stride: int, dilation: int) -> nn.Sequential:
    """One resolution; only the blocks behind the first are dilated, as torchvision does it."""
    first = Bottleneck(inputs, width, stride, 1)
    rest = [Bottleneck(width * EXPANSION, width, 1, dilation) for _ in range(blocks - 1)]
    return nn.Sequential(first, *rest)


class ResNetEncoder(nn.Module):
    """(B, channels, H, W) -> features at 1/16, 1/8, 1/4, 1/2 of the size, and the input itself."""

    def __init__(self, channels: int, variant: str):
        super().__init__()
        blocks = BLOCKS[variant]
        self.conv1 = nn.Conv2d(channels, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = stage(64, 64, blocks[0], stride=1, dilation=1)
        self.layer2 = stage(256, 128, blocks[1], stride=2, dilation=1)
        self.layer3 = stage(512, 256, blocks[2], stride=2, dilation=1)
        self.layer4 = stage(1024, 512, blocks[3], stride=1, dilation=2)

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        x1 = self.relu(self.bn1(self.conv1(x)))
        x2 = self.layer1(self.maxpool(x1))
        x3 = self.layer2(x2)
        x4 = self.layer4(self.layer3(x3))
        return x4, x3, x2, x1, x
