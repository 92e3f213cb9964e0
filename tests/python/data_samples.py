"""A bank small enough to be drawn in every test session, and scenes of it."""

from matting_models.data.bank import BankSpec, draw_bank
from matting_models.data.source import Source

TINY = BankSpec(
    seed=3,
    shapes=4,
    shape_size=128,
    textures=2,
    texture_size=64,
    backdrops=3,
    backdrop_size=(72, 96),
)


def tiny_source(folder, photographs=()):
    return Source(draw_bank(folder / "bank", TINY, report=lambda _: None), photographs)
