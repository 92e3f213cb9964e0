"""Renders the pairs of sample_image.

    python models/render/render_samples.py --output sample_image

Takes about an hour on two cores. Needs Blender, the body assets (body_assets.py) and numpy and
OpenCV in this Python; pyoidn is optional (less grain).
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from render.background import BACKGROUND_SIZE, render_background  # noqa: E402
from render.blender_process import render_pair  # noqa: E402
from render.body_assets import asset_folder  # noqa: E402
from render.develop import write_picture  # noqa: E402
from render.presets import PRESETS  # noqa: E402


def write_pair(pair, folder, name):
    """Image, plate and foreground as JPEG, alpha as PNG."""
    write_picture(folder / f"{name}_image.jpg", pair.image)
    write_picture(folder / f"{name}_plate.jpg", pair.plate)
    write_picture(folder / f"{name}_alpha.png", pair.alpha)
    write_picture(folder / f"{name}_foreground.jpg", pair.foreground)


def main():
    """Parse the command line and render what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path("sample_image"))
    parser.add_argument("--only", nargs="*", choices=[*PRESETS, "new_background"])
    parser.add_argument("--samples", type=int, help="Cycles paths a pixel instead of the preset's")
    parser.add_argument("--scale", type=float, default=1.0, help="size as a share of the preset's")
    options = parser.parse_args()
    asset_folder()  # fails now rather than once a scene
    options.output.mkdir(parents=True, exist_ok=True)
    for name in options.only or [*PRESETS, "new_background"]:
        if name == "new_background":
            picture = render_background(BACKGROUND_SIZE, options.scale, options.samples or 64)
            write_picture(options.output / "new_background.jpg", picture)
            continue
        scene = PRESETS[name]()
        scene.samples = options.samples or scene.samples
        scene.camera.width = round(scene.camera.width * options.scale)
        scene.camera.height = round(scene.camera.height * options.scale)
        write_pair(render_pair(scene), options.output, name)


if __name__ == "__main__":
    main()
