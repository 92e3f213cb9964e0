"""Starts Blender without a window for one scene and develops what it rendered."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from .develop import develop_pair

_SCRIPT = Path(__file__).with_name("render_pair.py")


class BlenderError(RuntimeError):
    """Blender is missing, or its run failed."""


def find_blender():
    """Path of the blender command; raises BlenderError with the package to install."""
    path = shutil.which("blender")
    if path is None:
        raise BlenderError(
            "no `blender` on PATH: apt-get install blender python3-numpy (3.4 or newer)"
        )
    return path


def run_blender(script, arguments, timeout_s=7200):
    """Run `script` inside Blender with `arguments` after `--`.

    Raises BlenderError with the end of its output when it fails.
    """
    command = [
        find_blender(),
        "-b",
        "--factory-startup",
        "--python-exit-code",
        "1",
        "-P",
        str(script),
        "--",
        *map(str, arguments),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s, check=False)
    if done.returncode != 0:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line[:4] != "Fra:"]
        raise BlenderError(f"blender ended with code {done.returncode}:\n" + "\n".join(lines[-15:]))


def render_pair(parameters):
    """Render and develop one scene: SceneParameters -> develop.Pair."""
    with tempfile.TemporaryDirectory() as scratch:
        description = Path(scratch) / "scene.json"
        description.write_text(json.dumps(parameters.to_dict()), encoding="utf-8")
        run_blender(_SCRIPT, [description, scratch])
        return develop_pair(scratch, parameters.develop, parameters.seed)
