"""The types that the generator's parts hand to each other."""

from pathlib import Path
from typing import Dict, Sequence, Tuple, Union

import numpy as np

PathLike = Union[str, Path]
# What a NumPy generator takes: an integer, or several that together name a random stream.
Seed = Union[int, Sequence[int]]
# A triplet: src, bgr, fgr (uint8 HxWx3, RGB) and alpha (uint8 HxW).
Scene = Dict[str, np.ndarray]
# A silhouette in a picture: alpha (HxW) and the part number of every pixel (uint8 HxW).
Placed = Tuple[np.ndarray, np.ndarray]
