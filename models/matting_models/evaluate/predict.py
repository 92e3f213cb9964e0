"""Mattes of a network for one pair of pictures of any size."""

from typing import Callable, NamedTuple

import numpy as np
import torch
from torch.nn import functional as F

from matting_models.network import MattingRefine, Refinement

MIN_SIDE = 480  # pixels: what models/catalog.json says of the default model
PUBLISHED = Refinement("sampling", 80_000, 0.7, True)  # what the published inference does


class Matte(NamedTuple):
    """alpha HxW and foreground colour fgr HxWx3, float32 in [0, 1]."""

    alpha: np.ndarray
    fgr: np.ndarray


Predictor = Callable[[np.ndarray, np.ndarray], Matte]  # of an image and its plate


def to_tensor(image: np.ndarray) -> torch.Tensor:
    """uint8 RGB HxWx3 -> float (1, 3, H, W), padded to multiples of 4 by repeating the edge."""
    x = torch.from_numpy(np.ascontiguousarray(image)).permute(2, 0, 1)[None].float() / 255
    return F.pad(x, (0, -x.shape[3] % 4, 0, -x.shape[2] % 4), mode="replicate")


@torch.no_grad()
def predict(
    network: MattingRefine,
    src: np.ndarray,
    bgr: np.ndarray,
    how: Refinement = PUBLISHED,
    scale: float = 0.25,
    min_side: int = MIN_SIDE,
) -> Matte:
    """src, bgr: RGB uint8 HxWx3 of one size. The network must be in evaluation mode.

    scale, min_side: the library's parameters model_backbone_scale and model_backbone_min_side.
    """
    if src.shape != bgr.shape:
        raise ValueError(f"image {src.shape} and plate {bgr.shape} must have one size")
    height, width = src.shape[:2]
    side = max(height, width)
    if side * scale < min_side:
        scale = min(1.0, -(-min_side // 64) * 64 / side)
    device = next(network.parameters()).device
    pha, fgr, *_ = network.matte(to_tensor(src).to(device), to_tensor(bgr).to(device), scale, how)
    alpha = pha[0, 0, :height, :width].float().cpu().numpy()
    return Matte(alpha, fgr[0, :, :height, :width].float().permute(1, 2, 0).cpu().numpy())
