"""What the subject does to the light on the background; its alpha stays 0 there."""

import math

import cv2
import numpy as np

from matting_models.data.fields import F32, blur, gradient, resize

# With darker shadows in the data, dark clothes and skin are taken for shadow and get holes.
DARKEST_SHADOW = F32(0.5)


def cast_shadows(rng: np.random.Generator, background: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Up to three soft, tinted shadows (one in eight is a glow) shaped like the moved subject."""
    height, width = alpha.shape
    light = np.ones((height, width), F32)
    for _ in range(rng.integers(1, 4)):
        linear = np.array(
            [
                [1 + rng.normal(0, 0.12), rng.normal(0, 0.1)],
                [rng.normal(0, 0.05), 1 + rng.normal(0, 0.12)],
            ]
        )
        middle = np.array([width, height]) / 2
        moved = middle + rng.normal(0, 1, 2) * (0.09 * width, 0.07 * height)
        transform = np.column_stack([linear, moved - linear @ middle])
        shadow = cv2.warpAffine(alpha, transform, (width, height), borderMode=cv2.BORDER_REPLICATE)
        shadow = blur(shadow, width * math.exp(rng.uniform(math.log(0.004), math.log(0.12))))
        strength = min(0.5, abs(rng.normal(0, 0.16)))
        light *= 1 - shadow * F32(strength if rng.random() < 0.88 else -strength / 2)
    tint = 1 + rng.normal(0, 0.08, 3)
    light = np.maximum(light, DARKEST_SHADOW)
    return background * (1 + (light - 1)[..., None] * tint.astype(F32))


def reflect(
    rng: np.random.Generator,
    background: np.ndarray,
    foreground: np.ndarray,
    alpha: np.ndarray,
) -> np.ndarray:
    """The subject mirrored, faintly, in a floor or a pane."""
    drop = int(rng.uniform(0.2, 0.6) * alpha.shape[0])
    mirror = np.roll(alpha[::-1] * F32(rng.uniform(0.05, 0.3)), drop, 0)[..., None]
    return background + (np.roll(foreground[::-1], drop, 0) - background) * mirror


def change_light(rng: np.random.Generator, background: np.ndarray, amount: float) -> np.ndarray:
    """The light is not as it was when the plate was taken: gradients, tints, a soft patch."""
    height, width = background.shape[:2]
    if rng.random() < 0.7:
        change = gradient(rng, height, width, abs(rng.normal(0, 0.05)) * amount)
        background = background * (1 + change)[..., None]
    if rng.random() < 0.4:
        tint = rng.normal(0, 0.02 * amount, (3, 3, 3)).astype(F32)
        background = background + resize(tint, height, width)
    if rng.random() < 0.25:
        patch = np.zeros((height // 4 + 1, width // 4 + 1), F32)
        middle = (rng.random(2) * patch.shape[::-1]).astype(int).tolist()
        radii = (rng.uniform(0.05, 0.5, 2) * patch.shape[1]).astype(int).tolist()
        cv2.ellipse(patch, middle, radii, rng.uniform(0, 180), 0, 360, 1.0, -1)
        patch = resize(blur(patch, patch.shape[1] * rng.uniform(0.02, 0.12)), height, width)
        background = background * (1 + patch * F32(rng.normal(0, 0.12)))[..., None]
    return np.clip(background, 0, 1)
