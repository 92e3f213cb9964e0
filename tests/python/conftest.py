"""What several test files need: the package, the shared folder, an old torch, small networks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
for folder in (ROOT / "models", HERE):
    sys.path.insert(0, str(folder))

SHARED = Path(os.environ.get("MATTING_SHARED", ROOT.parent / "shared"))
# Small tensors: a second thread gains little, and costs much where others share the machine.
torch.set_num_threads(1)
# A Python whose torch is the oldest that our files must run on: Debian 12's python3-torch.
OLD_TORCH_PYTHON = os.environ.get("MATTING_OLD_TORCH_PYTHON", "/usr/bin/python3")


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip(f"no shared folder at {SHARED}: set MATTING_SHARED")
    return SHARED


@pytest.fixture(scope="session")
def old_torch() -> str:
    """The path of a Python interpreter that has torch 1.13."""
    call = [OLD_TORCH_PYTHON, "-c", "import torch; print(torch.__version__)"]
    try:
        version = subprocess.run(call, capture_output=True, text=True).stdout.strip()
    except OSError:
        version = ""
    if not version.startswith("1.13"):
        pytest.skip(f"{OLD_TORCH_PYTHON} has torch {version or 'none'}, 1.13 is wanted")
    return OLD_TORCH_PYTHON


@pytest.fixture(scope="session")
def lively_network():
    """A mobilenetv2 MattingRefine with random weights whose error map spreads over [0, 1]."""
    from matting_models.network import MattingRefine

    torch.manual_seed(1)
    network = MattingRefine("mobilenetv2")
    with torch.no_grad():
        for _ in range(20):  # BatchNorm's statistics, so that layers keep their scale
            network.matte(torch.rand(2, 3, 96, 96), torch.rand(2, 3, 96, 96), 1.0, full())
        network.decoder.conv4.bias[:5] = 0.4
    return network.eval()


def full():
    from matting_models.network import Refinement

    return Refinement("full", 0, 0.0, True)


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    """On a busy machine small networks are many times slower with threads that wait for others."""
    torch.set_num_threads(1)
