"""MattingBase and MattingRefine of arXiv 2012.07810."""

from typing import Tuple, Union

import torch
from torch import Tensor, nn

from matting_models.network.aspp import ASPP
from matting_models.network.decoder import Decoder
from matting_models.network.dimensions import FEATURE_CHANNELS, Dimensions
from matting_models.network.mobilenet import MobileNetV2Encoder
from matting_models.network.patches import Refinement, select_patches
from matting_models.network.refiner import Coarse, Refiner
from matting_models.network.resample import bilinear
from matting_models.network.resnet import ResNetEncoder

INPUT_CHANNELS = 6  # src and bgr
MAP_CHANNELS = 5  # pha 1, fgr 3, err 1
DEFAULT_REFINEMENT = Refinement("sampling", 80_000, 0.7, True)


def clamp_coarse(coarse: Coarse) -> Coarse:
    """Alpha and error limited to [0, 1], as the refiner and the selection of patches want them."""
    return Coarse(coarse.pha.clamp(0.0, 1.0), coarse.fgr, coarse.err.clamp(0.0, 1.0), coarse.hid)


def make_encoder(backbone: str) -> nn.Module:
    if backbone == "mobilenetv2":
        return MobileNetV2Encoder(INPUT_CHANNELS)
    return ResNetEncoder(INPUT_CHANNELS, backbone)


class MattingBase(nn.Module):
    """The base network: the matte at the size of its inputs.

    dimensions: widths, or the name of a backbone with the published widths.
    dropout: share of the ASPP's output dropped in training; the published training used 0.5.

    forward takes src, bgr (B, 3, H, W), RGB in [0, 1], any H and W from 16, and returns
    pha (B, 1, H, W), fgr (B, 3, H, W), err (B, 1, H, W), all in [0, 1], and hid (B, hidden, H, W).
    """

    def __init__(self, dimensions: Union[Dimensions, str], dropout: float = 0.1):
        super().__init__()
        if isinstance(dimensions, str):
            dimensions = Dimensions(dimensions)
        self.dimensions = dimensions
        x4, x3, x2, x1 = FEATURE_CHANNELS[dimensions.backbone]
        self.backbone = make_encoder(dimensions.backbone)
        self.aspp = ASPP(x4, dimensions.aspp, dropout)
        features = (dimensions.aspp, x3, x2, x1, INPUT_CHANNELS)
        self.decoder = Decoder(features, dimensions.decoder, MAP_CHANNELS + dimensions.hidden)

    def forward(self, src: Tensor, bgr: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
        raw = self.coarse(src, bgr)
        out = clamp_coarse(raw)
        return out.pha, (out.fgr + src).clamp(0.0, 1.0), out.err, out.hid

    def coarse(self, src: Tensor, bgr: Tensor) -> Coarse:
        """The four maps before clamping: what training puts its losses on."""
        x4, x3, x2, x1, x0 = self.backbone(torch.cat([src, bgr], 1))
        x = self.decoder(self.aspp(x4), x3, x2, x1, x0)
        return Coarse(x[:, 0:1], x[:, 1:4], x[:, 4:5], torch.relu(x[:, 5:]))

    def coarse_maps(self, src: Tensor, bgr: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        """pha, fgr and err of coarse, without the cost of hid: for training the base alone."""
        x4, x3, x2, x1, x0 = self.backbone(torch.cat([src, bgr], 1))
        features = self.decoder.before_output(self.aspp(x4), x3, x2, x1, x0)
        x = self.decoder.first_outputs(features, MAP_CHANNELS)
        return x[:, 0:1], x[:, 1:4], x[:, 4:5]


class MattingRefine(MattingBase):
    """The base network at a reduced size, and the refiner that brings its matte to full size.

    Attributes that may be set at any time: backbone_scale (size of the base network's input,
    (0, 1]), and refine_mode, refine_sample_pixels, refine_threshold, refine_prevent_oversampling:
    the fields of Refinement.

    forward takes src, bgr (B, 3, H, W), RGB in [0, 1], H and W multiples of 4, and returns
    pha (B, 1, H, W), fgr (B, 3, H, W), and, with h, w = floor of the scaled size,
    pha_sm (B, 1, h, w), fgr_sm (B, 3, h, w), err_sm (B, 1, h, w), all in [0, 1], and
    ref_sm (B, 1, H/4, W/4), which is 1 where a patch was refined.
    """

    def __init__(
        self,
        dimensions: Union[Dimensions, str],
        backbone_scale: float = 0.25,
        refinement: Refinement = DEFAULT_REFINEMENT,
        dropout: float = 0.1,
    ):
        super().__init__(dimensions, dropout)
        self.refiner = Refiner(self.dimensions.hidden, self.dimensions.refiner)
        self.backbone_scale = backbone_scale
        self.refine_mode = refinement.mode
        self.refine_sample_pixels = refinement.sample_pixels
        self.refine_threshold = refinement.threshold
        self.refine_prevent_oversampling = refinement.prevent_oversampling

    def forward(  # type: ignore[override]
        self, src: Tensor, bgr: Tensor
    ) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
        how = Refinement(
            self.refine_mode,
            self.refine_sample_pixels,
            self.refine_threshold,
            self.refine_prevent_oversampling,
        )
        return self.matte(src, bgr, self.backbone_scale, how)

    def matte(
        self, src: Tensor, bgr: Tensor, backbone_scale: float, how: Refinement
    ) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
        """forward, with the settings given instead of read from the attributes."""
        check_inputs(src, bgr)
        src_sm = scaled(src, backbone_scale)
        coarse = clamp_coarse(self.coarse(src_sm, scaled(bgr, backbone_scale)))
        height, width = src.shape[2] // 4, src.shape[3] // 4
        if how.mode == "full":
            ref_sm = torch.ones([src.shape[0], 1, height, width], dtype=src.dtype).to(src.device)
            x = self.refiner(src, bgr, coarse)
        else:
            ref_sm = select_patches(bilinear(coarse.err, height, width), how)
            x = self.refiner.at_patches(src, bgr, coarse, ref_sm)
        pha, fgr = x[:, 0:1].clamp(0.0, 1.0), (x[:, 1:4] + src).clamp(0.0, 1.0)
        return (
            pha,
            fgr,
            coarse.pha,
            (coarse.fgr + src_sm).clamp(0.0, 1.0),
            coarse.err,
            ref_sm,
        )


def scaled(x: Tensor, scale: float) -> Tensor:
    """(B, C, H, W) -> (B, C, floor(scale H), floor(scale W)), bilinear."""
    return bilinear(x, int(x.shape[2] * scale), int(x.shape[3] * scale))


def check_inputs(src: Tensor, bgr: Tensor) -> None:
    if src.shape != bgr.shape:
        raise ValueError(f"src and bgr must have the same shape, found {src.shape} and {bgr.shape}")
    if src.shape[2] % 4 != 0 or src.shape[3] % 4 != 0:
        raise ValueError(f"height and width must be multiples of 4, found {src.shape}: pad first")
