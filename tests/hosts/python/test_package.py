"""The installed package: files, types, equality with the command line, PyTorch beside it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import cv2
import numpy
import pytest

import infer_background_matting as ibm

from conftest import ROOT

PACKAGE = Path(ibm.__file__).parent


def run(*arguments, **options):
    done = subprocess.run(
        [str(a) for a in arguments], capture_output=True, text=True, timeout=300, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_is_the_installed_package_that_is_tested():
    assert ROOT / "src" not in PACKAGE.parents
    header = (ROOT / "include/infer_background_matting/version.h").read_text()
    assert f'"{ibm.__version__}"' in header


def test_the_library_is_found_beside_the_module():
    (module,) = PACKAGE.glob("_native*.so")
    assert (PACKAGE / "lib/libinfer_background_matting.so.1").is_file()
    maps = Path("/proc/self/maps").read_text()
    assert str(PACKAGE / "lib/libinfer_background_matting.so.1") in maps
    assert (PACKAGE / "py.typed").is_file() and (PACKAGE / "_native.pyi").is_file()
    assert b"$ORIGIN/lib" in module.read_bytes()


@pytest.mark.parametrize("deep", [False, True], ids=["8 bit", "16 bit"])
def test_every_output_equals_the_command_lines(scene, command, tmp_path, deep):
    image, plate = scene.deep() if deep else (scene.image, scene.plate)
    for name, array in (("image", image), ("plate", plate), ("background", scene.background)):
        assert cv2.imwrite(str(tmp_path / f"{name}.png"), array[..., ::-1])
    background = ["--background", tmp_path / "background.png"]
    for extra, new in (([], None), (background, scene.background)):
        run(command, "image", "--image", tmp_path / "image.png", "--plate", tmp_path / "plate.png",
            "--no-align", "--no-photometric", *extra, "-o", tmp_path, "--set", "cuda=cpu",
            "model_backbone_min_side=auto", "plate_projection_passes=1")  # fmt: skip
        result = ibm.Matting(cuda="cpu")(image, plate, new)
        for name in ("composite", "alpha", "foreground", "error"):
            written = cv2.imread(str(tmp_path / f"{name}.png"), cv2.IMREAD_UNCHANGED)
            ours = getattr(result, name)
            if ours.ndim == 3:  # cv2 has blue first
                ours = ours[..., [2, 1, 0, 3][: ours.shape[2]]]
            assert written.dtype == ours.dtype and numpy.array_equal(written, ours), name


def test_the_quick_start_of_the_documentation(tmp_path):
    text = (ROOT / "docs/PYTHON.md").read_text()
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL).group(1)
    for name in ("image", "plate"):
        (tmp_path / f"{name}.jpg").write_bytes(
            (ROOT / f"sample_image/portrait_{name}.jpg").read_bytes()
        )
    run(sys.executable, "-c", code, cwd=tmp_path)
    assert cv2.imread(str(tmp_path / "cut_out.png"), cv2.IMREAD_UNCHANGED).shape[2] == 4


def test_the_types_hold(tmp_path):
    mypy = [sys.executable, "-m", "mypy", "--cache-dir", ROOT / "build/mypy_cache", "--strict"]
    run(*mypy, "--package", "infer_background_matting", cwd=tmp_path)
    run(*mypy, ROOT / "tests/hosts/python/typed_use.py", cwd=tmp_path)
    wrong = subprocess.run(
        [*mypy, "-c", "from infer_background_matting import Matting\nMatting(engine='gpu', x=1)"],
        capture_output=True, text=True, cwd=tmp_path)  # fmt: skip
    assert wrong.returncode == 1 and "engine" in wrong.stdout and '"x"' in wrong.stdout
    # What pybind11 adds to its classes is in nobody's stubs.
    (tmp_path / "allowed").write_text(
        r"infer_background_matting\._native\.(ErrorCode\.__pybind11_native_enum__|Picture|Task)"
    )
    run(sys.executable, "-m", "mypy.stubtest", "--allowlist", tmp_path / "allowed",
        "infer_background_matting._native", cwd=tmp_path)  # fmt: skip


BESIDE_TORCH = """
import numpy, {first}, {second}
def network(): return torch.nn.Conv2d(3, 8, 3)(torch.rand(1, 3, 32, 32)).sum().item()
picture = numpy.random.default_rng(1).integers(0, 256, (64, 96, 3), numpy.uint8)
matting = infer_background_matting.Matting(cuda="cpu")
network()
first = matting(picture, picture[::-1]).alpha
network()
assert (matting(picture, picture[::-1]).alpha == first).all()
"""


# The package of these tests is built with Debian's LibTorch, or with none.
ANOTHER_LIBTORCH = """
import numpy, torch, infer_background_matting
picture = numpy.zeros((32, 32, 3), numpy.uint8)
try:
    infer_background_matting.Matting(cuda="cpu", engine="torchscript")(picture, picture)
except infer_background_matting.MattingError as error:
    assert error.code == infer_background_matting.ErrorCode.NOT_SUPPORTED, error
else:
    raise AssertionError("ran on two LibTorch")
"""


@pytest.fixture(scope="session")
def with_torch():
    """The environment of a process that can import torch as well."""
    torch = next((ROOT / "build/python/lib").glob("python3*/site-packages/torch"), None)
    if torch is None or torch.parents[1].name != Path(os.__file__).parent.name:
        pytest.skip("no torch of this Python's version in build/python: ./test python makes it")
    return dict(os.environ, PYTHONPATH=str(torch.parent))


@pytest.mark.parametrize("first, second", [("torch", "infer_background_matting"),
                                           ("infer_background_matting", "torch")])  # fmt: skip
def test_torch_in_the_same_process(with_torch, first, second):
    code = BESIDE_TORCH.format(first=first, second=second)
    run(sys.executable, "-c", code, env=with_torch)


def test_a_second_libtorch_is_refused(with_torch):
    run(sys.executable, "-c", ANOTHER_LIBTORCH, env=with_torch)
