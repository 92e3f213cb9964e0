"""The frozen hold-out: scenes of silhouettes and seeds that training never sees, one split per
nuisance, so that a failure has a name."""

from dataclasses import replace

from matting_models.data.bank import BankSpec
from matting_models.data.chances import CALM, Chances
from matting_models.data.scene import make_triplet
from matting_models.data.source import Source
from matting_models.data.terms import Scene

HOLDOUT_BANK = BankSpec(seed=77, shapes=200, textures=32, backdrops=60)
SEED = 9
SIZES = ((576, 768), (640, 640), (512, 896), (768, 576))
SCALES = (0.5, 0.7, 1.0)

SPLITS = {
    "calm": CALM,
    "exposure": replace(CALM, exposure=1.0),
    "shadow": replace(CALM, shadow=1.0),
    "light": replace(CALM, light=1.0),
    "reflection": replace(CALM, reflection=1.0),
    "shift": replace(CALM, misaligned=1.0),
    "large shift": replace(CALM, misaligned=1.0, large_shift=1.0),
    "noise": replace(CALM, noise=1.0, jpeg=1.0),
    "similar part": replace(CALM, similar_part=0.5),
    "similar": replace(CALM, similar=1.0),
    "blotches": replace(CALM, blotches=1.0),
    "changed": replace(CALM, changed=1.0),
    "nobody": replace(CALM, nobody=1.0, exposure=1.0, noise=1.0),
    "identical": replace(CALM, nobody=1.0, identical=1.0, noise=1.0),
    "all": Chances(),
}


def holdout_scene(split: str, index: int, source: Source) -> Scene:
    """Scene `index` of a split, as make_triplet gives it; splits share background and subject."""
    height, width = SIZES[index % len(SIZES)]
    scale = SCALES[index % len(SCALES)]
    return make_triplet([SEED, index], height, width, scale, source, SPLITS[split])
