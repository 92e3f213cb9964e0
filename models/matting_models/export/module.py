"""The modules that are compiled to TorchScript: a network under the name `model`, and its settings.

The layout is that of the published files: names of weights start with `model.`, settings are
attributes of the top level, and both can be reached from C++ and Python after loading.
"""

from typing import Tuple

from torch import Tensor, nn

from matting_models.network import MattingBase, MattingRefine, Refinement


class RefineModule(nn.Module):
    """MattingRefine; its settings may be set at any time and are read at every call.

    backbone_scale (float), refine_mode (str), refine_sample_pixels (int), refine_threshold (float),
    refine_prevent_oversampling (bool): see network.patches.Refinement. TorchScript keeps the types:
    a scale of 1 must be given as 1.0. forward is that of MattingRefine.
    """

    def __init__(self, model: MattingRefine):
        super().__init__()
        self.model = model
        self.backbone_scale = model.backbone_scale
        self.refine_mode = model.refine_mode
        self.refine_sample_pixels = model.refine_sample_pixels
        self.refine_threshold = model.refine_threshold
        self.refine_prevent_oversampling = model.refine_prevent_oversampling

    def forward(
        self, src: Tensor, bgr: Tensor
    ) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
        how = Refinement(
            self.refine_mode,
            self.refine_sample_pixels,
            self.refine_threshold,
            self.refine_prevent_oversampling,
        )
        return self.model.matte(src, bgr, self.backbone_scale, how)


class BaseModule(nn.Module):
    """MattingBase, which has no settings. forward is that of MattingBase."""

    def __init__(self, model: MattingBase):
        super().__init__()
        self.model = model

    def forward(self, src: Tensor, bgr: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
        return self.model(src, bgr)
