"""Pictures small enough for quick runs, and the command line that results are compared with."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/hosts"))

from scene import Scene  # noqa: E402


@pytest.fixture(scope="session")
def scene() -> Scene:
    return Scene()


@pytest.fixture(scope="session")
def command() -> str:
    path = os.environ.get("MATTING", str(ROOT / "build/bin/matting"))
    if not os.access(path, os.X_OK):
        pytest.skip(f"no command line at {path}: build it, or set MATTING")
    return path
