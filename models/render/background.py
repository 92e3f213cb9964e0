"""The replacement background of sample_image."""

import tempfile
from pathlib import Path

from .blender_process import run_blender
from .develop import display, read_denoised
from .parameters import DevelopParameters

BACKGROUND_SIZE = (1920, 1080)
_SEED = 5


def render_background(size, scale, samples):
    """Display-referred RGB (h, w, 3) in [0, 1] of the evening landscape (outdoors.py)."""
    width, height = (round(side * scale) for side in size)
    with tempfile.TemporaryDirectory() as scratch:
        script = Path(__file__).with_name("outdoors.py")
        run_blender(script, [scratch, width, height, samples, _SEED])
        layer = read_denoised(scratch, "background")
    return display(layer[..., :3], DevelopParameters(exposure=1.0))
