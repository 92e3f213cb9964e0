"""Where a scene takes its silhouettes, textures and backgrounds from."""

from typing import Sequence, Tuple

import numpy as np

from matting_models.data.bank import Bank
from matting_models.data.fields import blur
from matting_models.data.pictures import random_crop, recolor, sharpen


class Source:
    """A bank and, when a user gives some, photographs (list of uint8 RGB images)."""

    def __init__(self, bank: Bank, photographs: Sequence[np.ndarray] = ()) -> None:
        self.bank = bank
        self.photographs = list(photographs)

    def shape(self, rng: np.random.Generator) -> Tuple[np.ndarray, np.ndarray]:
        """alpha and part numbers, uint8."""
        index = rng.integers(len(self.bank.alpha))
        return self.bank.alpha[index], self.bank.parts[index]

    def photograph(
        self,
        rng: np.random.Generator,
        height: int,
        width: int,
        zoom: Tuple[float, float] = (0.4, 1.0),
    ) -> np.ndarray:
        """Float32 RGB; a painted backdrop where there are no photographs."""
        pool = self.photographs or self.bank.backdrop
        return random_crop(rng, pool[rng.integers(len(pool))], height, width, zoom)

    def texture(self, rng: np.random.Generator, kind: str, height: int, width: int) -> np.ndarray:
        """Float32 RGB of "cloth", "skin" or "hair"."""
        pool = self.bank.texture[kind]
        return random_crop(rng, pool[rng.integers(len(pool))], height, width, (0.3, 1.0))

    def background(
        self, rng: np.random.Generator, height: int, width: int, scale: float
    ) -> np.ndarray:
        """Half photographs, half painted; scale is output pixels per pixel of a 1080p picture."""
        if rng.random() < (0.55 if self.photographs else 0.3):
            image = self.photograph(rng, height, width)
            if rng.random() < 0.5:
                image = sharpen(image, rng.uniform(0, 2.5))
            if rng.random() < 0.4:
                image = recolor(rng, image, 0.2)
        else:
            pool = self.bank.backdrop
            image = random_crop(rng, pool[rng.integers(len(pool))], height, width)
            if rng.random() < 0.5:
                image = recolor(rng, image, 0.3)
        if rng.random() < 0.2:
            image = blur(image, 4 * scale * abs(rng.normal()))
        return np.clip(image, 0, 1)
