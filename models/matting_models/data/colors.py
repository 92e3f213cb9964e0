"""Palettes: colours as float32 RGB in [0, 1]."""
import numpy as np

from .fields import F32

SKIN_TONES = np.array([[.98, .86, .78], [.93, .76, .66], [.85, .65, .54], [.72, .52, .40],
                       [.55, .38, .28], [.36, .24, .18], [.22, .15, .12]], F32)
HAIR_TONES = np.array([[.05, .045, .04], [.12, .09, .07], [.25, .16, .10], [.42, .27, .15],
                       [.68, .52, .32], [.85, .75, .55], [.55, .22, .10], [.60, .60, .60],
                       [.88, .87, .85], [.03, .03, .04]], F32)


def _valid(color):
    return np.clip(color, 0.01, 0.99).astype(F32)


def any_color(rng):
    """Half greys and near-greys, half saturated."""
    kind = rng.random()
    if kind < 0.25:
        return _valid(rng.uniform(0.03, 0.98) + rng.normal(0, 0.02, 3))
    if kind < 0.5:
        return _valid(rng.uniform(0.2, 0.95) + rng.normal(0, 0.07, 3))
    return _valid(rng.uniform(0, 1, 3))


def wall_color(rng):
    """Mostly light and little saturated, as painted walls are."""
    value = rng.uniform(0.45, 0.97) if rng.random() < 0.75 else rng.uniform(0.05, 0.5)
    tint = rng.normal(0, 0.1, 3) if rng.random() < 0.3 else 0
    return _valid(value + rng.normal(0, 0.03, 3) + tint)


def cloth_color(rng):
    """Any colour, or the very light and very dark ones that most clothes have."""
    if rng.random() < 0.6:
        return any_color(rng)
    return _valid(rng.choice([0.04, 0.1, 0.85, 0.9, 0.95]) + rng.normal(0, 0.02, 3))


def skin_color(rng):
    tone = SKIN_TONES[rng.integers(len(SKIN_TONES))]
    return _valid(tone * rng.uniform(0.75, 1.08) * (1 + rng.normal(0, 0.03, 3)))


def hair_color(rng):
    return _valid(HAIR_TONES[rng.integers(len(HAIR_TONES))] * rng.uniform(0.7, 1.25))
