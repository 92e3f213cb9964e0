"""Runs inside Blender: `blender -b --factory-startup -P render_pair.py -- SCENE.json FOLDER`.

Renders the scene described by the JSON file (SceneParameters.to_dict) into arrays.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from render.parameters import SceneParameters  # noqa: E402
from render.scene import render  # noqa: E402


def main():
    """Read the arguments after `--` and render; any failure ends Blender with code 1."""
    description, folder = sys.argv[sys.argv.index("--") + 1 :]
    parameters = SceneParameters.from_dict(json.loads(Path(description).read_text("utf-8")))
    render(parameters, Path(folder))


if __name__ == "__main__":
    main()
