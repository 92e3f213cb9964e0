"""The stages: what they are fed with, and the loss of one batch.

A loss takes the network (in training mode, which it may leave), a batch of float tensors src, bgr,
alpha, fgr (B, C, H, W) in [0, 1] and a NumPy generator for its random choices; it returns the total
and the parts that are logged.
"""

from dataclasses import dataclass
from typing import Callable, Dict, List, Sequence, Tuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from matting_models.data.dataset import Plan
from matting_models.network.matting import Coarse, MattingRefine, scaled
from matting_models.network.refiner import cut
from matting_models.train import losses

WINDOW = 32  # side of a refiner's training window in coarse pixels: 128 full-size ones
AT_EDGES = 0.7  # share of the windows that are put on the matte's edges; the rest lie anywhere

# Long sides of what the base network is shown in the later stages: pictures as large as those that
# it will be given (1920x1080 at scale 0.25 is 480x270).
# Trained on half of that, it lost its hold on bodies that fill the frame: light clothes and faces
# before a wall of their colour got holes.
# Sides must be odd as often as even: with sides that are all multiples of 16 it learns where the
# strided layers' samples lie, and its error doubles on some pictures of 480x270, where they lie
# elsewhere. A list and no range, since a GPU's convolutions are planned anew for each size.
BASE_LONG_SIDES = (257, 300, 345, 384, 427, 480, 511, 544, 607, 639)

Batch = Dict[str, Tensor]
Corner = Tuple[int, int, int]  # picture, top and left of a window, in coarse pixels
Losses = Tuple[Tensor, Dict[str, Tensor]]
Loss = Callable[[MattingRefine, Batch, np.random.Generator], Losses]


def base_loss(network: MattingRefine, batch: Batch, rng: np.random.Generator) -> Losses:
    """The base network alone, on pictures that are already of its input size."""
    pha, fgr, err = (x.float() for x in network.coarse_maps(batch["src"], batch["bgr"]))
    return coarse_losses(Coarse(pha, fgr, err, pha), batch)


def coarse_losses(coarse: Coarse, batch: Batch) -> Losses:
    pha, true = losses.clamp(coarse.pha), batch["alpha"]
    parts = {
        "alpha": losses.alpha_loss(pha, true),
        "pooled": losses.POOLED_WEIGHT * losses.pooled_loss(pha, true),
        "fgr": losses.foreground_loss(coarse.fgr, batch["src"], batch["fgr"], true),
        "err": losses.error_loss(coarse.err, pha, true),
    }
    total = parts["alpha"] + parts["pooled"] + parts["fgr"] + parts["err"]
    return total, {**parts, "mad": F.l1_loss(pha, true)}


def refine_loss(network: MattingRefine, batch: Batch, rng: np.random.Generator) -> Losses:
    """Both networks: the base on the whole reduced picture, the refiner in windows of it.

    A refiner whose weights are kept (requires_grad is off) keeps its normalisation, too.
    """
    network.refiner.train(network.refiner.conv1.weight.requires_grad)
    corners = choose_windows(batch["alpha"], rng, 2)
    coarse, src_sm = reduced(network, batch, rng)
    small = {
        name: F.interpolate(batch[name], coarse.pha.shape[2:], mode="area")
        for name in ("alpha", "fgr")
    }
    maps = Coarse(coarse.pha.float(), coarse.fgr.float(), coarse.err.float(), coarse.hid)
    total, parts = coarse_losses(maps, {**small, "src": src_sm})

    refined, window = refined_windows(network, batch, coarse, corners)
    pha = losses.clamp(refined[:, :1])
    fine = losses.alpha_loss(pha, window["alpha"], edge_weight=2.0)
    fine = fine + 2 * F.mse_loss(pha, window["alpha"])
    fine_fgr = fine_foreground_loss(refined, window)
    parts = {
        **parts,
        "fine": fine,
        "fine_fgr": fine_fgr,
        "fine_mad": F.l1_loss(pha, window["alpha"]),
    }
    return total + fine + fine_fgr, parts


def refiner_loss(network: MattingRefine, batch: Batch, rng: np.random.Generator) -> Losses:
    """The refiner alone, after a base network that stays as it is.

    Squared error, whose optimum is the mean of what alpha can be: that is what the estimate of soft
    edges takes it for (the library's plate_projection). With L1 alone a refiner learns to say 0 or
    1. A share of L1 keeps what is surely 0 or 1 exactly so.
    Normalisation keeps its statistics: the windows of one batch are too few and too alike.
    """
    network.eval()
    corners = choose_windows(batch["alpha"], rng, 4)
    with torch.no_grad():
        coarse, _ = reduced(network, batch, rng)
    refined, window = refined_windows(network, batch, coarse, corners)
    pha = losses.clamp(refined[:, :1])
    squared = F.mse_loss(pha, window["alpha"])
    fine_fgr = fine_foreground_loss(refined, window)
    absolute = F.l1_loss(pha, window["alpha"])
    parts = {"squared": squared, "fine_fgr": fine_fgr, "mad": absolute}
    return 4 * squared + absolute + fine_fgr, parts


def reduced(
    network: MattingRefine, batch: Batch, rng: np.random.Generator
) -> Tuple[Coarse, Tensor]:
    """The base network's maps of the whole pictures at some reduced size, and src of that size."""
    scale = choose_base_scale(max(batch["src"].shape[2:]), rng)
    src_sm, bgr_sm = scaled(batch["src"], scale), scaled(batch["bgr"], scale)
    return network.coarse(src_sm, bgr_sm), src_sm


def refined_windows(
    network: MattingRefine, batch: Batch, coarse: Coarse, corners: Sequence[Corner]
) -> Tuple[Tensor, Batch]:
    """What the refiner puts out in the windows, and src, alpha and fgr of these."""
    limited = Coarse(coarse.pha.clamp(0, 1), coarse.fgr, coarse.err, coarse.hid)
    refined = network.refiner.windows(batch["src"], batch["bgr"], limited, corners, WINDOW)
    names = ("src", "alpha", "fgr")
    return refined.float(), {name: cut(batch[name], corners, 4, 4 * WINDOW) for name in names}


def fine_foreground_loss(refined: Tensor, window: Batch) -> Tensor:
    return losses.foreground_loss(refined[:, 1:], window["src"], window["fgr"], window["alpha"])


def choose_base_scale(long_side: int, rng: np.random.Generator) -> float:
    """The size of the base network's picture as a share of one whose long side is given."""
    sides = [side for side in BASE_LONG_SIDES if side < long_side] or [int(0.75 * long_side)]
    return float((rng.choice(sides) + 0.5) / long_side)


def choose_windows(alpha: Tensor, rng: np.random.Generator, each: int) -> List[Corner]:
    """`each` windows a picture; most lie around soft pixels.

    To be called before the networks: it waits for the device.
    """
    edges = ((alpha[:, 0, ::4, ::4] > 0.01) & (alpha[:, 0, ::4, ::4] < 0.99)).cpu().numpy()
    rows, cols = edges.shape[1:]
    corners = []
    for picture in range(len(edges)):
        soft = np.argwhere(edges[picture])
        for _ in range(each):
            corner = rng.integers((0, 0), (rows, cols)) - WINDOW // 2
            if len(soft) and rng.random() < AT_EDGES:
                corner = soft[rng.integers(len(soft))] - rng.integers(WINDOW // 6, WINDOW, 2)
            top, left = np.clip(corner, 0, (rows - WINDOW, cols - WINDOW))
            corners.append((picture, int(top), int(left)))
    return corners


@dataclass(frozen=True)
class Stage:
    """rate: peak learning rate; anneal: share of the steps over which it falls to 0.

    refiner_factor: the refiner's learning rate as a multiple of the base network's.
    """

    loss: Loss
    plan: Plan
    steps: int
    rate: float
    anneal: float
    ema: float = 0.998
    warm_up: int = 60
    refiner_factor: float = 2.0


WHOLE_PICTURES = Plan(
    sizes=((540, 960), (300, 400), (600, 640), (364, 648), (700, 460), (432, 600)),
    scale=(0.4, 1.2),
    batch=6,
    views=2,
)

STAGES = {
    "base": Stage(
        base_loss,
        Plan(
            sizes=(
                (191, 193),
                (160, 256),
                (175, 319),
                (255, 160),
                (226, 222),
                (135, 240),
            ),
            scale=(0.15, 0.4),
            batch=8,
        ),
        steps=1800,
        rate=8e-4,
        anneal=0.3,
    ),
    "refine": Stage(refine_loss, WHOLE_PICTURES, steps=1500, rate=6e-4, anneal=0.9),
    "refiner": Stage(refiner_loss, WHOLE_PICTURES, steps=600, rate=5e-4, anneal=0.7),
}
