"""Writes TorchScript files as the exporter that users' files come from does.

The files in the field were made by export_torchscript.py of PeterL1n/BackgroundMattingV2, not by
ours, and differ in ways that a consumer can trip over: forward writes the top level's settings into
submodules, sizes come from F.interpolate's scale_factor, tensors are clamped in place, inputs are
asserted, `sampling` fails when it is to choose more patches than there are. Here that program's
graph is put together again, in our own words, from our encoders and pooling.

    python published_exporter.py WEIGHTS.safetensors OUT.pth --backbone mobilenetv2 [--half]

It needs torch alone, of any version from 1.13 (Debian's python3-torch) on; files for LibTorch 1.13
have to be written by torch 1.13, as newer ones compile F.interpolate to operators unknown there.
"""

import argparse
import gzip
import json
import sys
from pathlib import Path
from typing import Dict, Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "models"))

from matting_models.network import BACKBONES, MattingRefine  # noqa: E402
from matting_models.network.aspp import PooledBranch  # noqa: E402
from matting_models.network.decoder import Decoder  # noqa: E402
from matting_models.network.depthwise import DepthwiseConv2d  # noqa: E402
from matting_models.network.refiner import Refiner  # noqa: E402

Index = Tuple[Tensor, Tensor, Tensor]


def resize(x: Tensor, height: int, width: int) -> Tensor:
    return F.interpolate(x, (height, width), mode="bilinear", align_corners=False)


class PublishedPooledBranch(PooledBranch):
    def forward(self, x: Tensor) -> Tensor:
        size = x.shape[-2:]
        for layer in self:
            x = layer(x)
        return F.interpolate(x, size=size, mode="bilinear", align_corners=False)


class PublishedDecoder(Decoder):
    def forward(self, x4: Tensor, x3: Tensor, x2: Tensor, x1: Tensor, x0: Tensor) -> Tensor:
        x = F.interpolate(x4, size=x3.shape[2:], mode="bilinear", align_corners=False)
        x = self.relu(self.bn1(self.conv1(torch.cat([x, x3], dim=1))))
        x = F.interpolate(x, size=x2.shape[2:], mode="bilinear", align_corners=False)
        x = self.relu(self.bn2(self.conv2(torch.cat([x, x2], dim=1))))
        x = F.interpolate(x, size=x1.shape[2:], mode="bilinear", align_corners=False)
        x = self.relu(self.bn3(self.conv3(torch.cat([x, x1], dim=1))))
        x = F.interpolate(x, size=x0.shape[2:], mode="bilinear", align_corners=False)
        return self.conv4(torch.cat([x, x0], dim=1))


class PublishedRefiner(Refiner):
    def __init__(self) -> None:
        super().__init__(32, (24, 16, 12))
        self.mode = "sampling"
        self.sample_pixels = 80_000
        self.threshold = 0.1
        self.prevent_oversampling = True

    def forward(
        self,
        src: Tensor,
        bgr: Tensor,
        pha: Tensor,
        fgr: Tensor,
        err: Tensor,
        hid: Tensor,
    ) -> Tuple[Tensor, Tensor, Tensor]:
        height, width = src.shape[2:]
        both = torch.cat([src, bgr], dim=1)
        x = resize(torch.cat([hid, pha, fgr], dim=1), height // 2, width // 2)
        half = torch.cat([x, resize(both, height // 2, width // 2)], dim=1)
        if self.mode == "full":
            x = self._at_half_size(F.pad(half, (3, 3, 3, 3)))
            x = F.interpolate(x, (height + 4, width + 4))
            x = self._at_full_size(x, F.pad(both, (2, 2, 2, 2)))
            ones = torch.ones(
                (src.size(0), 1, height // 4, width // 4),
                device=src.device,
                dtype=src.dtype,
            )
            return x[:, :1], x[:, 1:], ones
        selected = self.select(resize(err, height // 4, width // 4))
        found = torch.nonzero(selected.squeeze(1))
        index = found[:, 0], found[:, 1], found[:, 2]
        if index[0].size(0) == 0:
            return resize(pha, height, width), resize(fgr, height, width), selected
        x = self._at_half_size(self.crop(half, index, 2, 3))
        x = F.interpolate(x, 8, mode="nearest")
        x = self._at_full_size(x, self.crop(both, index, 4, 2))
        out = self.paste(resize(torch.cat([pha, fgr], dim=1), height, width), x, index)
        return out[:, :1], out[:, 1:], selected

    def select(self, err: Tensor) -> Tensor:
        if self.mode == "sampling":
            b, _, h, w = err.shape
            err = err.view(b, -1)
            worst = err.topk(self.sample_pixels // 16, dim=1, sorted=False).indices
            selected = torch.zeros_like(err)
            selected.scatter_(1, worst, 1.0)
            if self.prevent_oversampling:
                selected.mul_(err.gt(0).float())
            return selected.view(b, 1, h, w)
        return err.gt(self.threshold).float()

    def crop(self, x: Tensor, index: Index, size: int, border: int) -> Tensor:
        x = F.pad(x, (border, border, border, border)).permute(0, 2, 3, 1)
        windows = x.unfold(1, size + 2 * border, size).unfold(2, size + 2 * border, size)
        return windows[index[0], index[1], index[2]]

    def paste(self, x: Tensor, patches: Tensor, index: Index) -> Tensor:
        b, c, h, w = x.shape
        tiles = x.view(b, c, h // 4, 4, w // 4, 4).permute(0, 2, 4, 1, 3, 5)
        tiles[index[0], index[1], index[2]] = patches
        return tiles.permute(0, 3, 1, 4, 2, 5).view(b, c, h, w)


class PublishedRefine(nn.Module):
    """What the published wrapper holds as `model`."""

    def __init__(self, backbone: str):
        super().__init__()
        ours = MattingRefine(backbone)
        x4, x3, x2, x1 = (320, 32, 24, 16) if backbone == "mobilenetv2" else (2048, 512, 256, 64)
        self.backbone = with_plain_convolutions(ours.backbone)
        self.aspp = ours.aspp
        self.aspp.convs[4] = PublishedPooledBranch(x4, 256)
        self.decoder = PublishedDecoder((256, x3, x2, x1, 6), (128, 64, 48), 37)
        self.refiner = PublishedRefiner()
        self.backbone_scale = 0.25

    def forward(
        self, src: Tensor, bgr: Tensor
    ) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
        assert src.size() == bgr.size(), "src and bgr differ in shape"
        assert src.size(2) // 4 * 4 == src.size(2), "height is no multiple of 4"
        assert src.size(3) // 4 * 4 == src.size(3), "width is no multiple of 4"
        src_sm, bgr_sm = self.reduce(src), self.reduce(bgr)
        x4, x3, x2, x1, x0 = self.backbone(torch.cat([src_sm, bgr_sm], dim=1))
        x = self.decoder(self.aspp(x4), x3, x2, x1, x0)
        pha_sm = x[:, 0:1].clamp_(0.0, 1.0)
        fgr_sm = x[:, 1:4]
        err_sm = x[:, 4:5].clamp_(0.0, 1.0)
        hid_sm = x[:, 5:].relu_()
        pha, fgr, ref_sm = self.refiner(src, bgr, pha_sm, fgr_sm, err_sm, hid_sm)
        pha = pha.clamp_(0.0, 1.0)
        fgr = fgr.add_(src).clamp_(0.0, 1.0)
        fgr_sm = src_sm.add_(fgr_sm).clamp_(0.0, 1.0)
        return pha, fgr, pha_sm, fgr_sm, err_sm, ref_sm

    def reduce(self, x: Tensor) -> Tensor:
        return F.interpolate(
            x,
            scale_factor=self.backbone_scale,
            mode="bilinear",
            align_corners=False,
            recompute_scale_factor=True,
        )


class PublishedWrapper(nn.Module):
    """Settings at the top level; forward copies them to where they are read."""

    def __init__(self, backbone: str):
        super().__init__()
        self.model = PublishedRefine(backbone)
        self.backbone_scale = self.model.backbone_scale
        self.refine_mode = self.model.refiner.mode
        self.refine_sample_pixels = self.model.refiner.sample_pixels
        self.refine_threshold = self.model.refiner.threshold
        self.refine_prevent_oversampling = self.model.refiner.prevent_oversampling

    def forward(
        self, src: Tensor, bgr: Tensor
    ) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
        self.model.backbone_scale = self.backbone_scale
        self.model.refiner.mode = self.refine_mode
        self.model.refiner.sample_pixels = self.refine_sample_pixels
        self.model.refiner.threshold = self.refine_threshold
        self.model.refiner.prevent_oversampling = self.refine_prevent_oversampling
        return self.model(src, bgr)


def with_plain_convolutions(module: nn.Module) -> nn.Module:
    """Our own class of depthwise convolutions, which published files can't hold, replaced."""
    for name, child in module.named_children():
        if isinstance(child, DepthwiseConv2d):
            n, stride, rate = child.in_channels, child.stride, child.dilation
            plain = nn.Conv2d(n, n, 3, stride, rate, rate, groups=n, bias=False)
            setattr(module, name, plain)
        else:
            with_plain_convolutions(child)
    return module


def read_safetensors(path: str) -> Dict[str, Tensor]:
    """As the safetensors package, which Debian 12 does not have, reads it."""
    data = Path(path).read_bytes()
    data = bytearray(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    types = {"F32": torch.float32, "F16": torch.float16, "I64": torch.int64}
    tensors = {}
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        count = (last - first) // torch.empty(0, dtype=types[entry["dtype"]]).element_size()
        flat = torch.frombuffer(
            data, dtype=types[entry["dtype"]], count=count, offset=start + first
        )
        tensors[name] = flat.reshape(entry["shape"])
    return tensors


def export(weights: str, output: str, backbone: str, half: bool) -> None:
    wrapper = PublishedWrapper(backbone).eval()
    wrapper.model.load_state_dict(read_safetensors(weights))
    for parameter in wrapper.parameters():
        parameter.requires_grad = False
    torch.jit.script(wrapper.half() if half else wrapper).save(output)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("weights", help="safetensors, also gzipped")
    parser.add_argument("output")
    parser.add_argument("--backbone", choices=BACKBONES, required=True)
    parser.add_argument("--half", action="store_true", help="store fp16")
    arguments = parser.parse_args()
    export(arguments.weights, arguments.output, arguments.backbone, arguments.half)


if __name__ == "__main__":
    main()
