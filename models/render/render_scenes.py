"""Renders a set of random scenes for training or evaluation.

    python models/render/render_scenes.py --count 60 --seed 1000 --size 960x540 --output DIR

writes DIR/<seed>/{src,bgr,alpha,fgr}.png and scene.json, one folder a seed. A seed that is there
already is skipped, so a run that was stopped goes on; a folder appears only when it is complete.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from render.blender_process import BlenderError, render_pair  # noqa: E402
from render.body_assets import asset_folder  # noqa: E402
from render.develop import write_picture  # noqa: E402
from render.sampling import random_scene  # noqa: E402


def parse_size(text):
    """'640x360' -> (640, 360); raises argparse's error for anything else."""
    width, cross, height = text.partition("x")
    if not (cross and width.isdigit() and height.isdigit() and int(width) > 0 < int(height)):
        raise argparse.ArgumentTypeError(f"wanted WIDTHxHEIGHT such as 960x540, found {text!r}")
    return int(width), int(height)


def write_scene(scene, folder):
    """Render one scene into `folder`, through a hidden folder that is renamed at the end."""
    pair = render_pair(scene)
    hidden = folder.with_name(f".{folder.name}.{os.getpid()}")
    hidden.mkdir(parents=True)
    names = {"src": pair.image, "bgr": pair.plate, "alpha": pair.alpha, "fgr": pair.foreground}
    for name, picture in names.items():
        write_picture(hidden / f"{name}.png", picture)
    description = json.dumps(scene.to_dict(), indent=1)
    (hidden / "scene.json").write_text(description, encoding="utf-8")
    hidden.rename(folder)


def main():
    """Render the scenes seed .. seed + count - 1, sizes taken in turn."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1000, help="seed of the first scene")
    parser.add_argument("--size", type=parse_size, nargs="+", default=[(960, 540)])
    parser.add_argument("--samples", type=int, default=24, help="Cycles paths a pixel")
    parser.add_argument(
        "--people",
        type=int,
        nargs="+",
        choices=range(4),
        help="how many people, each as likely (default: mostly one)",
    )
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--until", type=float, help="start no scene after this Unix time")
    options = parser.parse_args()
    asset_folder()  # fails now rather than once a scene
    for number in range(options.count):
        seed = options.seed + number
        folder = options.output / f"{seed:06d}"
        if folder.exists():
            continue
        if options.until and time.time() > options.until:
            break
        width, height = options.size[number % len(options.size)]
        start = time.time()
        try:
            scene = random_scene(seed, width, height, options.samples, options.people)
            write_scene(scene, folder)
        except BlenderError as error:
            print(f"{folder.name}: left out: {error}", file=sys.stderr, flush=True)
            continue
        print(f"{folder.name}: {time.time() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
