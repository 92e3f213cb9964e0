"""The reference's own inputs and outputs, and how ours are compared with them."""

import json
from pathlib import Path
from typing import Dict, NamedTuple

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

TIED_PATCHES = 1 / 2000


class FixtureCase(NamedTuple):
    """parameters as the task names them; pictures (1, 3, H, W), RGB in [0, 1], padded to 4."""

    folder: Path
    parameters: Dict[str, str]
    weights: str
    patches_refined: int
    height: int
    width: int
    src: Tensor
    bgr: Tensor

    @property
    def base(self) -> bool:
        return self.parameters["model_type"] == "mattingbase"


def read_case(folder: Path) -> FixtureCase:
    case = json.loads((folder / "case.json").read_text())
    src, bgr = (to_tensor(read_picture(folder / f"{n}.png")) for n in ("src", "bgr"))
    height, width = src.shape[2:]
    return FixtureCase(
        folder,
        case["parameters"],
        case["weights"],
        case["patches_refined"],
        height,
        width,
        pad_to_4(src),
        pad_to_4(bgr),
    )


def read_picture(path: Path) -> np.ndarray:
    picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert picture is not None, f"cannot read {path}"
    return picture[..., None] if picture.ndim == 2 else picture[..., ::-1]


def to_tensor(picture: np.ndarray) -> Tensor:
    return torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float() / 255


def pad_to_4(x: Tensor) -> Tensor:
    return F.pad(x, (0, -x.shape[3] % 4, 0, -x.shape[2] % 4), "replicate")


def set_parameters(module: torch.nn.Module, parameters: Dict[str, str]) -> None:
    module.backbone_scale = float(parameters["model_backbone_scale"])
    module.refine_mode = parameters["model_refine_mode"]
    module.refine_sample_pixels = int(parameters["model_refine_pixels"])
    module.refine_threshold = float(parameters["model_refine_threshold"])


def check_outputs(case: FixtureCase, outputs: tuple) -> None:
    """Alpha, foreground, error within one 8-bit level, except in as many patches as may tie."""
    pha, fgr = outputs[:2]
    err = outputs[2]
    if not case.base:
        err = F.interpolate(outputs[4], case.src.shape[2:], mode="bilinear")
        assert abs(int(outputs[5].sum()) - case.patches_refined) <= ties(case)
    assert len(wrong_patches(case, "err", err)) == 0
    for name, value in (("alpha", pha), ("fgr", fgr)):
        wrong = wrong_patches(case, name, value)
        assert len(wrong) <= (0 if case.base else ties(case)), f"{name} differs at {wrong[:5]}"


def ties(case: FixtureCase) -> int:
    return int(case.src.shape[2] // 4 * (case.src.shape[3] // 4) * TIED_PATCHES)


def wrong_patches(case: FixtureCase, name: str, value: Tensor) -> np.ndarray:
    """Row and column of the 4x4 patches where a level differs by more than one."""
    wanted = read_picture(case.folder / f"{name}.png").astype(int)
    found = value[0, :, : case.height, : case.width].permute(1, 2, 0).mul(255).round().numpy()
    rows, columns = np.nonzero((np.abs(found - wanted) > 1).any(axis=2))
    return np.unique(np.stack([rows // 4, columns // 4], axis=1), axis=0)
