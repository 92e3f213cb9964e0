"""Eager and exported networks against the outputs of the reference implementation."""

import subprocess
from pathlib import Path

import pytest
import torch

from matting_models.export import export_network
from matting_models.network import MattingBase
from matting_models.weights import load_network

from conftest import HERE, SHARED
from fixture_case import check_outputs, read_case, set_parameters

FOLDERS = sorted(path.parent for path in (SHARED / "fixtures").glob("*/case.json"))
CASES = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def test_the_fixtures_are_there():
    if not SHARED.is_dir():
        pytest.skip(f"no shared folder at {SHARED}: set MATTING_SHARED")
    assert FOLDERS, f"no cases under {SHARED / 'fixtures'}"


def weights_path(case) -> Path:
    path = case.folder.parent / case.weights
    return path if path.exists() else path.with_name(path.name + ".gz")


@pytest.fixture(scope="module")
def networks():
    """Networks by backbone, loaded once."""
    loaded = {}

    def get(case):
        backbone = case.parameters["model_backbone"]
        if backbone not in loaded:
            loaded[backbone] = load_network(weights_path(case))
        return loaded[backbone]

    return get


@pytest.fixture(scope="module")
def exported(networks, tmp_path_factory):
    """Paths of exported files by backbone and kind, written once."""
    folder = tmp_path_factory.mktemp("exported")

    def get(case):
        kind = "base" if case.base else "refine"
        path = folder / f"{case.parameters['model_backbone']}_{kind}.pt"
        if not path.exists():
            export_network(networks(case), path, "fp32", kind)
        return path

    return get


@CASES
@torch.no_grad()
def test_eager_agrees_with_the_reference(folder, networks):
    case = read_case(folder)
    network = networks(case)
    set_parameters(network, case.parameters)
    forward = MattingBase.forward if case.base else type(network).forward
    check_outputs(case, forward(network, case.src, case.bgr))


@CASES
@torch.no_grad()
def test_exported_agrees_with_the_reference(folder, exported):
    case = read_case(folder)
    module = torch.jit.load(str(exported(case)))
    if not case.base:
        set_parameters(module, case.parameters)
    check_outputs(case, module(case.src, case.bgr))


@CASES
def test_exported_agrees_with_the_reference_under_old_torch(folder, exported, old_torch, tmp_path):
    case = read_case(folder)
    settings = type("Settings", (), {})()
    if not case.base:
        set_parameters(settings, case.parameters)
    torch.save([(vars(settings), case.src, case.bgr)], tmp_path / "jobs")
    runner = [old_torch, HERE / "torchscript_runner.py"]
    call = [*runner, exported(case), tmp_path / "jobs", tmp_path / "outputs"]
    subprocess.run([str(word) for word in call], check=True)
    check_outputs(case, torch.load(tmp_path / "outputs")[0])
