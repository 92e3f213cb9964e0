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
# At the scales that the base network works at, most have odd sides: a hold-out of multiples of 64
# hid that a network was used to nothing else.
SIZES = ((540, 960), (640, 640), (500, 900), (772, 580))
SCALES = (0.5, 0.7, 1.0)

# As of the first hold-out. Training may change its own; figures stay comparable.
EVERYTHING = Chances(
    nobody=0.08,
    identical=0.5,
    similar=0.20,
    similar_part=0.13,
    blotches=0.18,
    photographed=0.12,
    shadow=0.6,
    reflection=0.05,
    light=0.6,
    relight=1.0,
    changed=0.08,
    misaligned=0.8,
    large_shift=0.12,
    plate_blur=0.3,
    image_blur=0.25,
    exposure=1.0,
    noise=1.0,
    jpeg=0.4,
    grey=0.07,
    clipped=0.1,
)

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
    "all": EVERYTHING,
}


def holdout_scene(split: str, index: int, source: Source) -> Scene:
    """Scene `index` of a split, as make_triplet gives it; splits share background and subject."""
    height, width = SIZES[index % len(SIZES)]
    scale = SCALES[index % len(SCALES)]
    return make_triplet([SEED, index], height, width, scale, source, SPLITS[split])
