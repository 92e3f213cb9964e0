"""MattingBase and MattingRefine, the networks of arXiv 2012.07810, for three backbones.

Everything that inference reaches compiles to TorchScript which LibTorch 1.13 and newer load.
"""

from matting_models.network.dimensions import BACKBONES, Dimensions
from matting_models.network.matting import (
    Coarse,
    MattingBase,
    MattingRefine,
    clamp_coarse,
)
from matting_models.network.patches import REFINE_MODES, Refinement

__all__ = [
    "BACKBONES",
    "Coarse",
    "Dimensions",
    "MattingBase",
    "MattingRefine",
    "REFINE_MODES",
    "Refinement",
    "clamp_coarse",
]
