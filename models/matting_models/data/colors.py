"""Palettes: colours as float32 RGB in [0, 1]."""

import numpy as np

from matting_models.data.fields import F32

SKIN_TONES = np.array(
    [
        [0.98, 0.86, 0.78],
        [0.93, 0.76, 0.66],
        [0.85, 0.65, 0.54],
        [0.72, 0.52, 0.40],
        [0.55, 0.38, 0.28],
        [0.36, 0.24, 0.18],
        [0.22, 0.15, 0.12],
    ],
    F32,
)
HAIR_TONES = np.array(
    [
        [0.05, 0.045, 0.04],
        [0.12, 0.09, 0.07],
        [0.25, 0.16, 0.10],
        [0.42, 0.27, 0.15],
        [0.68, 0.52, 0.32],
        [0.85, 0.75, 0.55],
        [0.55, 0.22, 0.10],
        [0.60, 0.60, 0.60],
        [0.88, 0.87, 0.85],
        [0.03, 0.03, 0.04],
    ],
    F32,
)


def _valid(color: np.ndarray) -> np.ndarray:
    return np.clip(color, 0.01, 0.99).astype(F32)


def any_color(rng: np.random.Generator) -> np.ndarray:
    """Half greys and near-greys, half saturated."""
    kind = rng.random()
    if kind < 0.25:
        return _valid(rng.uniform(0.03, 0.98) + rng.normal(0, 0.02, 3))
    if kind < 0.5:
        return _valid(rng.uniform(0.2, 0.95) + rng.normal(0, 0.07, 3))
    return _valid(rng.uniform(0, 1, 3))


def wall_color(rng: np.random.Generator) -> np.ndarray:
    """Mostly light and little saturated, as painted walls are."""
    value = rng.uniform(0.45, 0.97) if rng.random() < 0.75 else rng.uniform(0.05, 0.5)
    tint = rng.normal(0, 0.1, 3) if rng.random() < 0.3 else 0
    return _valid(value + rng.normal(0, 0.03, 3) + tint)


def cloth_color(rng: np.random.Generator) -> np.ndarray:
    """Any colour, or the very light and very dark ones that most clothes have."""
    if rng.random() < 0.6:
        return any_color(rng)
    return _valid(rng.choice([0.04, 0.1, 0.85, 0.9, 0.95]) + rng.normal(0, 0.02, 3))


def skin_color(rng: np.random.Generator) -> np.ndarray:
    tone = SKIN_TONES[rng.integers(len(SKIN_TONES))]
    return _valid(tone * rng.uniform(0.75, 1.08) * (1 + rng.normal(0, 0.03, 3)))


def hair_color(rng: np.random.Generator) -> np.ndarray:
    return _valid(HAIR_TONES[rng.integers(len(HAIR_TONES))] * rng.uniform(0.7, 1.25))
