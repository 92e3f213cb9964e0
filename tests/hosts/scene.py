"""A small picture with a subject, its plate, and what may go with them."""

import numpy


class Scene:
    """A disc before a wall: RGB, 8 bit; by default of a size that is no multiple of 4."""

    def __init__(self, width: int = 161, height: int = 93) -> None:
        y, x = numpy.mgrid[0:height, 0:width]
        wall = numpy.stack([90 + x % 7, 120 + y % 5, 100 + (x + y) % 3], axis=-1)
        inside = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (height / 3) ** 2
        self.plate = wall.astype(numpy.uint8)
        self.image = numpy.where(inside[..., None], [210, 60, 40], wall).astype(numpy.uint8)
        self.background = numpy.dstack([x % 256, y % 256, (x * y) % 256]).astype(numpy.uint8)
        self.trimap = numpy.where(inside, 128, 0).astype(numpy.uint8)

    def deep(self) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Image and plate with 16 bits, of values that 8 bits do not hold."""
        return tuple(p.astype(numpy.uint16) * 257 - 3 for p in (self.image, self.plate))
