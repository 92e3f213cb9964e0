"""The refiner: coarse maps and the full-size pictures -> full-size alpha and foreground.

Two convolutions at half size, two at full size, all without padding, so that a 4x4 patch needs
8x8 pixels at half size and 8x8 at full size (arXiv 2012.07810, section 3.2).
"""

import copy
from typing import NamedTuple, Sequence, Tuple

import torch
from torch import Tensor, nn

from matting_models.network.patches import crop_patches, paste_patches
from matting_models.network.resample import bilinear, nearest, pad_zeros

CARRIED = 4  # channels of the coarse maps that are refined: alpha and foreground


class Coarse(NamedTuple):
    """Maps of the base network.

    pha: alpha (B, 1, h, w).
    fgr: foreground minus src (B, 3, h, w), RGB.
    err: its own guess of |alpha - truth| (B, 1, h, w).
    hid: features for the refiner (B, hidden, h, w), not negative.
    """

    pha: Tensor
    fgr: Tensor
    err: Tensor
    hid: Tensor


class Refiner(nn.Module):
    """Every method takes src, bgr (B, 3, H, W), RGB in [0, 1], H and W multiples of 4, and the
    coarse maps with alpha clamped, of any size unless stated. Every method returns a tensor of four
    channels, not clamped: alpha, then foreground minus src.
    """

    def __init__(self, hidden: int, widths: Tuple[int, int, int]):
        super().__init__()
        self.conv1 = nn.Conv2d(hidden + 4 + 6, widths[0], 3, bias=False)
        self.bn1 = nn.BatchNorm2d(widths[0])
        self.conv2 = nn.Conv2d(widths[0], widths[1], 3, bias=False)
        self.bn2 = nn.BatchNorm2d(widths[1])
        self.conv3 = nn.Conv2d(widths[1] + 6, widths[2], 3, bias=False)
        self.bn3 = nn.BatchNorm2d(widths[2])
        self.conv4 = nn.Conv2d(widths[2], 4, 3)
        self.relu = nn.ReLU(inplace=True)

    @torch.no_grad()
    def pass_coarse_maps(self) -> None:
        """New weights with which it puts out what the coarse maps say: where training may begin.

        Four channels carry alpha and foreground minus src, the latter plus 1, so that ReLU lets it
        through; the others are random and not read yet. Normalisation does nothing. A refiner that
        starts from random weights goes through solutions that are worse than no refining.
        """
        hidden = self.conv1.in_channels - CARRIED - 6
        for normalisation in (self.bn1, self.bn2, self.bn3):
            normalisation.reset_parameters()
        for conv, first in ((self.conv1, hidden), (self.conv2, 0), (self.conv3, 0)):
            nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
            conv.weight[:CARRIED] = 0
            for channel in range(CARRIED):
                conv.weight[channel, first + channel, 1, 1] = 1
        self.bn1.bias[1:CARRIED] = 1
        bias = self.conv4.bias
        assert bias is not None
        self.conv4.weight.zero_()
        for channel in range(CARRIED):
            self.conv4.weight[channel, channel, 1, 1] = 1
        bias[0], bias[1:] = 0, -1

    @torch.no_grad()
    def passes_coarse_maps(self) -> bool:
        """Are these the weights of pass_coarse_maps, but for channels that nothing reads?"""
        fresh = copy.deepcopy(self)
        fresh.pass_coarse_maps()
        own, wanted = self.state_dict(), fresh.state_dict()
        return all(
            torch.equal(own[name][:CARRIED].float(), wanted[name][:CARRIED].float())
            for name in wanted
            if not name.endswith("num_batches_tracked")
        )

    def forward(self, src: Tensor, bgr: Tensor, coarse: Coarse) -> Tensor:
        """Refine everywhere: (B, 4, H, W)."""
        height, width = src.shape[2], src.shape[3]
        src_bgr = torch.cat([src, bgr], 1)
        half = self._half_size_input(src_bgr, coarse, height // 2, width // 2)
        x = self._at_half_size(pad_zeros(half, 3))
        return self._at_full_size(nearest(x, height + 4, width + 4), pad_zeros(src_bgr, 2))

    def at_patches(self, src: Tensor, bgr: Tensor, coarse: Coarse, selected: Tensor) -> Tensor:
        """Refine patches where selected (B, 1, H/4, W/4) is not zero: (B, 4, H, W).

        Elsewhere the coarse maps, brought to full size.
        """
        height, width = src.shape[2], src.shape[3]
        out = bilinear(torch.cat([coarse.pha, coarse.fgr], 1), height, width)
        index = torch.nonzero(selected.squeeze(1))
        if index.shape[0] == 0:
            return out
        src_bgr = torch.cat([src, bgr], 1)
        half = self._half_size_input(src_bgr, coarse, height // 2, width // 2)
        x = self._at_half_size(crop_patches(half, index, 2, 3))
        x = self._at_full_size(nearest(x, 8, 8), crop_patches(src_bgr, index, 4, 2))
        return paste_patches(out, x, index)

    def windows(
        self,
        src: Tensor,
        bgr: Tensor,
        coarse: Coarse,
        corners: Sequence[Tuple[int, int, int]],
        size: int,
    ) -> Tensor:
        """What forward returns, computed in square windows only; for training.

        corners: (picture of the batch, top, left) of each window; these and size are in pixels of a
        quarter of the picture. Windows may touch the image's border.
        Returns (len(corners), 4, 4 size, 4 size).
        """
        self._check_windows(src, corners, size)
        src_bgr = torch.cat([src, bgr], 1)
        half = self._half_size_input(src_bgr, coarse, src.shape[2] // 2, src.shape[3] // 2)
        x = self._at_half_size(cut(pad_zeros(half, 3), corners, 2, 2 * size + 6))
        x = nearest(x, 4 * size + 4, 4 * size + 4)
        return self._at_full_size(x, cut(pad_zeros(src_bgr, 2), corners, 4, 4 * size + 4))

    def _half_size_input(self, src_bgr: Tensor, coarse: Coarse, height: int, width: int) -> Tensor:
        x = bilinear(torch.cat([coarse.hid, coarse.pha, coarse.fgr], 1), height, width)
        return torch.cat([x, bilinear(src_bgr, height, width).to(x.dtype)], 1)

    def _at_half_size(self, x: Tensor) -> Tensor:
        x = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(x)))

    def _at_full_size(self, x: Tensor, src_bgr: Tensor) -> Tensor:
        x = torch.cat([x, src_bgr.to(x.dtype)], 1)
        return self.conv4(self.relu(self.bn3(self.conv3(x))))

    def _check_windows(
        self, src: Tensor, corners: Sequence[Tuple[int, int, int]], size: int
    ) -> None:
        batch, height, width = src.shape[0], src.shape[2] // 4, src.shape[3] // 4
        for b, y, x in corners:
            if not (0 <= b < batch and 0 <= y <= height - size and 0 <= x <= width - size):
                raise ValueError(
                    f"window {(b, y, x)} of size {size} does not lie in {batch} pictures of "
                    f"{(height, width)} quarter-size pixels"
                )


def cut(x: Tensor, corners: Sequence[Tuple[int, int, int]], step: int, side: int) -> Tensor:
    """Squares of `side` pixels of x (B, C, H, W), their corners counted in `step` pixels."""
    return torch.cat(
        [
            x[
                b : b + 1,
                :,
                step * top : step * top + side,
                step * left : step * left + side,
            ]
            for b, top, left in corners
        ]
    )
