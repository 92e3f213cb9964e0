"""The two stages: what they are fed with, and the loss of one batch.

A loss takes the network (in training mode), a batch of float tensors src, bgr, alpha, fgr
(B, C, H, W) in [0, 1] and a NumPy generator for its random choices; it returns the total and the
parts that are logged.
"""

from dataclasses import dataclass
from typing import Callable, Dict, List, Tuple

import numpy as np
from torch import Tensor
from torch.nn import functional as F

from matting_models.data.dataset import Plan
from matting_models.network.matting import Coarse, MattingRefine, scaled
from matting_models.network.refiner import cut
from matting_models.train import losses

WINDOW = 32  # side of a refiner's training window in coarse pixels: 128 full-size ones
WINDOWS_PER_PICTURE = 2
AT_EDGES = 0.85  # share of the windows that are put on the matte's edges

# What the base network is shown in the refine stage: pictures as large as those it will be given
# (1920x1080 at scale 0.25 is 480x270). Trained on half of that, it lost its hold on bodies that fill
# the frame: light clothes and faces before a wall of their colour got holes.
# Its sides must be odd as often as even: with sides that are all multiples of 16 it learns where
# the strided layers' samples lie, and its error doubles on some pictures of 480x270, where they lie
# elsewhere.
BASE_LONG_SIDES = (256, 544)
BASE_SCALES = (0.25, 0.79)

Batch = Dict[str, Tensor]
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
    """Both networks: the base on the whole reduced picture, the refiner in windows of it."""
    src, bgr = batch["src"], batch["bgr"]
    scale = choose_base_scale(max(src.shape[2:]), rng)
    src_sm, bgr_sm = scaled(src, scale), scaled(bgr, scale)
    coarse = network.coarse(src_sm, bgr_sm)
    small = {
        name: F.interpolate(batch[name], coarse.pha.shape[2:], mode="area")
        for name in ("alpha", "fgr")
    }
    maps = Coarse(coarse.pha.float(), coarse.fgr.float(), coarse.err.float(), coarse.hid)
    total, parts = coarse_losses(maps, {**small, "src": src_sm})

    corners = choose_windows(batch["alpha"], rng)
    limited = Coarse(coarse.pha.clamp(0, 1), coarse.fgr, coarse.err, coarse.hid)
    refined = network.refiner.windows(src, bgr, limited, corners, WINDOW).float()
    true, fgr, seen = (cut(batch[name], corners, 4, 4 * WINDOW) for name in ("alpha", "fgr", "src"))
    pha = losses.clamp(refined[:, :1])
    fine = losses.alpha_loss(pha, true, edge_weight=2.0)
    fine_fgr = losses.foreground_loss(refined[:, 1:], seen, fgr, true)
    parts = {
        **parts,
        "fine": fine,
        "fine_fgr": fine_fgr,
        "fine_mad": F.l1_loss(pha, true),
    }
    return total + fine + fine_fgr, parts


def choose_base_scale(long_side: int, rng: np.random.Generator) -> float:
    """The size of the base network's picture as a share of one whose long side is given."""
    return float(np.clip(rng.uniform(*BASE_LONG_SIDES) / long_side, *BASE_SCALES))


def choose_windows(alpha: Tensor, rng: np.random.Generator) -> List[Tuple[int, int, int]]:
    """(picture, top, left) of each window, in coarse pixels; most lie around soft pixels."""
    edges = (alpha[:, 0, ::4, ::4] > 0.01) & (alpha[:, 0, ::4, ::4] < 0.99)
    rows, cols = edges.shape[1:]
    corners = []
    for picture in range(len(edges)):
        soft = edges[picture].nonzero().cpu().numpy()
        for _ in range(WINDOWS_PER_PICTURE):
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
    refiner_factor: float = 4.0


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
    "refine": Stage(
        refine_loss,
        Plan(
            sizes=((540, 960), (300, 400), (600, 640), (364, 648), (700, 460), (432, 600)),
            scale=(0.4, 1.2),
            batch=6,
            views=2,
        ),
        steps=1500,
        rate=6e-4,
        anneal=0.9,
    ),
}
