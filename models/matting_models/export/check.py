"""Does a TorchScript file compute what eager mode computes?"""

from typing import Any, Dict, Iterator, List, NamedTuple, Sequence, Tuple

import torch
from torch import Tensor, nn

from matting_models.network import MattingBase, MattingRefine
from matting_models.network.resample import nearest

TOLERANCE = 1e-4  # 1/40 of an 8-bit level: what the order of additions may change
TIED_PATCHES = 1 / 2000  # share of patches that may tie in the choice of what to refine
OUTPUTS = {
    MattingRefine: ("pha", "fgr", "pha_sm", "fgr_sm", "err_sm", "ref_sm"),
    MattingBase: ("pha", "fgr", "err", "hid"),
}


class Case(NamedTuple):
    """One comparison; the last three concern MattingRefine only."""

    batch: int
    height: int
    width: int
    scale: float = 1.0
    mode: str = ""
    pixels: int = 0
    threshold: float = 0.0


class Result(NamedTuple):
    """difference: largest over all outputs, of differently chosen patches alone when they tie."""

    case: Case
    difference: float
    patches_differ: int


# Sizes: tiny, multiples of 4 but not of 32, upright, wide. Pixels: none, some, more than there are.
SIZES = ((1, 64, 48), (2, 132, 76), (1, 212, 316))
SCALES = (0.25, 0.5, 1.0, 0.125)
MODES = (
    ("full", 0, 0.0),
    ("sampling", 0, 0.0),
    ("sampling", 3200, 0.0),
    ("sampling", 10_000_000, 0.0),
    ("thresholding", 0, 0.0),
    ("thresholding", 0, 0.05),
    ("thresholding", 0, 1.0),
)


def refine_cases() -> List[Case]:
    """Every mode at every size, the scales taking turns so that each meets each mode."""
    cases = []
    for i, size in enumerate(SIZES):
        for j, mode in enumerate(MODES):
            cases.append(Case(*size, SCALES[(i + j) % len(SCALES)], *mode))
    return cases + [Case(1, 132, 76, 1.0, *mode) for mode in MODES]


def base_cases() -> List[Case]:
    return [Case(*size) for size in (*SIZES, (1, 61, 47))]


def pattern(case: Case) -> Tuple[Tensor, Tensor]:
    """A picture and its plate (B, 3, H, W) of whole 8-bit levels, the same on every machine.

    src is bgr with a disc of other colours in the middle, so that the error map has structure.
    """
    y = torch.arange(case.height).view(1, 1, -1, 1)
    x = torch.arange(case.width).view(1, 1, 1, -1)
    c = torch.arange(3).view(1, -1, 1, 1)
    b = torch.arange(case.batch).view(-1, 1, 1, 1)
    bgr = (3 * y + 2 * x + 40 * c + 17 * b + 31 * ((x // 16 + y // 16) % 2)) % 256
    disc = (2 * y - case.height) ** 2 + (2 * x - case.width) ** 2 < min(case[1:3]) ** 2 // 2
    src = torch.where(disc, (7 * x * (c + 1) + 5 * y + 90 * b) % 256, bgr)
    return src.float() / 255, bgr.float() / 255


def set_refinement(module: Any, case: Case) -> None:
    """By attributes, on an eager MattingRefine and on a loaded file alike."""
    module.backbone_scale = case.scale
    module.refine_mode = case.mode
    module.refine_sample_pixels = case.pixels
    module.refine_threshold = case.threshold


@torch.no_grad()
def compare(eager: MattingBase, loaded: nn.Module) -> Iterator[Result]:
    """Run all cases on both. The loaded module is left with other settings."""
    refine = isinstance(eager, MattingRefine)
    for case in refine_cases() if refine else base_cases():
        if refine:
            set_refinement(eager, case)
            set_refinement(loaded, case)
        src, bgr = pattern(case)
        yield difference(case, eager(src, bgr), loaded(src, bgr))


def difference(case: Case, wanted: Sequence[Tensor], found: Sequence[Tensor]) -> Result:
    """Raises ValueError if the outputs differ in number or shape."""
    shapes = [tuple(t.shape) for t in wanted], [tuple(t.shape) for t in found]
    if shapes[0] != shapes[1]:
        raise ValueError(f"{case}: wanted outputs {shapes[0]}, found {shapes[1]}")
    if len(wanted) < 6:
        return Result(case, max(map(largest_difference, wanted, found)), 0)
    other = (wanted[5] != found[5]).to(wanted[0].dtype)
    keep = 1 - nearest(other, case.height, case.width)
    full = [
        largest_difference(w * keep, f * keep) for w, f in zip(wanted[:2], found[:2], strict=True)
    ]
    coarse = [largest_difference(w, f) for w, f in zip(wanted[2:5], found[2:5], strict=True)]
    return Result(case, max(full + coarse), int(other.sum()))


def largest_difference(wanted: Tensor, found: Tensor) -> float:
    """NaN counts as infinitely far."""
    return torch.nan_to_num((wanted - found).abs(), nan=float("inf")).max().item()


def fault(result: Result) -> str:
    """Why a result is not good enough; empty if it is."""
    patches = result.case.batch * (result.case.height // 4) * (result.case.width // 4)
    if not result.difference <= TOLERANCE:
        return f"{result.case}: differs from eager by {result.difference:g}, allowed {TOLERANCE:g}"
    if result.patches_differ > patches * TIED_PATCHES:
        return f"{result.case}: {result.patches_differ} of {patches} patches chosen differently"
    return ""


@torch.no_grad()
def output_ranges(eager: MattingBase) -> Dict[str, dict]:
    """Shape, range and mean of each output for the pattern of `GOLDEN`: to recognise a model by."""
    names = OUTPUTS[MattingRefine if isinstance(eager, MattingRefine) else MattingBase]
    if isinstance(eager, MattingRefine):
        set_refinement(eager, GOLDEN)
    outputs = eager(*pattern(GOLDEN))
    return {name: summary(value) for name, value in zip(names, outputs, strict=True)}


GOLDEN = Case(1, 212, 316, 0.25, "sampling", 3200, 0.7)


def summary(x: Tensor) -> dict:
    low, high, mean = x.min().item(), x.max().item(), x.mean().item()
    return {"shape": list(x.shape), "min": low, "max": high, "mean": mean}
