"""Which 4x4 patches of the image are refined, and moving those between images and batches."""

from typing import NamedTuple

import torch
from torch import Tensor

from matting_models.network.resample import pad_zeros

REFINE_MODES = ("sampling", "thresholding", "full")


class Refinement(NamedTuple):
    """Where to refine.

    mode: "sampling" refines the patches of largest error, "thresholding" those whose error is
        above a threshold, "full" refines everything.
    sample_pixels: pixels refined by "sampling", 16 a patch; more than the image has means all.
    threshold: error in [0, 1] above which "thresholding" refines.
    prevent_oversampling: "sampling" leaves patches out whose error is zero.
    """

    mode: str
    sample_pixels: int
    threshold: float
    prevent_oversampling: bool


def select_patches(err: Tensor, how: Refinement) -> Tensor:
    """Error (B, 1, H/4, W/4) -> 1 where a patch is to be refined, 0 elsewhere, same shape, type."""
    if how.mode == "thresholding":
        return err.gt(how.threshold).to(err.dtype)
    flat = err.flatten(1)
    count = min(how.sample_pixels // 16, flat.shape[1])
    worst = flat.topk(count, dim=1, sorted=False).indices
    selected = torch.zeros_like(flat).scatter_(1, worst, 1.0)
    if how.prevent_oversampling:
        selected = selected * flat.gt(0.0).to(flat.dtype)
    return selected.view(err.shape)


def crop_patches(x: Tensor, index: Tensor, size: int, border: int) -> Tensor:
    """Cut patches with a border around each, zeros outside of the image.

    x: (B, C, H, W). index: (P, 3) batch, row, column of each patch, counted in patches.
    size: side of a patch in x. Returns (P, C, size + 2 border, size + 2 border).
    """
    side = size + 2 * border
    windows = pad_zeros(x, border).permute(0, 2, 3, 1).unfold(1, side, size).unfold(2, side, size)
    return windows[index[:, 0], index[:, 1], index[:, 2]]


def paste_patches(x: Tensor, patches: Tensor, index: Tensor) -> Tensor:
    """A copy of x (B, C, H, W) with patches (P, C, 4, 4) put in at index, see crop_patches."""
    batch, channels, height, width = x.shape
    tiles = x.reshape(batch, channels, height // 4, 4, width // 4, 4)
    tiles = tiles.permute(0, 2, 4, 1, 3, 5).clone()
    tiles[index[:, 0], index[:, 1], index[:, 2]] = patches.to(x.dtype)
    return tiles.permute(0, 3, 1, 4, 2, 5).reshape(batch, channels, height, width)
