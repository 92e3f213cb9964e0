"""How often each difficulty of real pictures occurs in the data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Chances:
    """Probability of each difficulty; `exposure`, `noise` and `relight` scale their strength.

    identical: of the pairs that show nobody, those whose plate is the very image.
    similar, similar_part, light: a large smooth difference to the plate is either clothes of the
        wall's colour or changed light. With light more frequent than similar colours (0.6 and 0.2)
        light clothes before a light wall became background.
    """

    nobody: float = 0.08
    identical: float = 0.5
    similar: float = 0.32
    similar_part: float = 0.20
    blotches: float = 0.18
    photographed: float = 0.12
    shadow: float = 0.6
    reflection: float = 0.05
    light: float = 0.45
    relight: float = 0.7
    changed: float = 0.08
    misaligned: float = 0.8
    large_shift: float = 0.12
    plate_blur: float = 0.3
    image_blur: float = 0.25
    exposure: float = 1.0
    noise: float = 1.0
    jpeg: float = 0.4
    grey: float = 0.07
    clipped: float = 0.1


DEFAULT = Chances()
CALM = Chances(
    nobody=0,
    identical=0,
    similar=0,
    similar_part=0,
    blotches=0,
    shadow=0,
    reflection=0,
    light=0,
    changed=0,
    misaligned=0,
    large_shift=0,
    plate_blur=0,
    image_blur=0,
    exposure=0,
    noise=0.3,
    jpeg=0,
    grey=0,
    clipped=0,
)
