"""TorchScript files: accepted only if they compute what eager mode does, usable from outside."""

import json
import os
import subprocess
import sys
import zipfile

import pytest
import torch

from matting_models.export import check, export_network, write
from matting_models.export.check import Case, pattern, refine_cases, set_refinement
from matting_models.network import MattingBase, MattingRefine
from matting_models.weights import file_sha256, load_network, write_safetensors

from conftest import HERE, ROOT

CASE = Case(1, 132, 76, 0.5, "sampling", 1600, 0.0)


@pytest.fixture(scope="module")
def exported(lively_network, tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / "network.pt"
    export_network(lively_network, path, "fp16")
    return path


@pytest.fixture(scope="module")
def stored(exported):
    """The eager network of the weights that the file holds."""
    return load_network(exported)


def test_the_manifest_describes_the_file(exported):
    manifest = json.loads(exported.with_name("network.pt.json").read_text())
    assert manifest["sha256"] == file_sha256(exported)
    assert manifest["bytes"] == exported.stat().st_size < 11_000_000
    assert manifest["dimensions"]["backbone"] == "mobilenetv2"
    assert manifest["cases_compared_with_eager"] == len(refine_cases())
    outputs = manifest["golden"]["outputs"]
    assert list(outputs) == ["pha", "fgr", "pha_sm", "fgr_sm", "err_sm", "ref_sm"]
    assert outputs["pha"]["shape"] == [1, 1, 212, 316]


def test_the_file_tells_nothing_about_the_machine(exported):
    with zipfile.ZipFile(exported) as archive:
        assert not [n for n in archive.namelist() if n.endswith(".debug_pkl")]
        content = b"".join(archive.read(n) for n in archive.namelist())
    assert str(ROOT).encode() not in content
    assert os.path.dirname(torch.__file__).encode() not in content


def test_records_are_aligned_for_memory_mapping(exported):
    with zipfile.ZipFile(exported) as archive, open(exported, "rb") as file:
        for record in archive.infolist():
            file.seek(record.header_offset + 26)
            name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
            assert (record.header_offset + 30 + name + extra) % 64 == 0, record.filename


def test_settings_can_be_set_and_keep_their_types(exported):
    module = torch.jit.load(str(exported))
    assert isinstance(module.backbone_scale, float)
    assert isinstance(module.refine_mode, str)
    assert isinstance(module.refine_sample_pixels, int)
    assert isinstance(module.refine_threshold, float)
    assert module.refine_prevent_oversampling is True
    set_refinement(module, CASE)
    assert module.refine_sample_pixels == CASE.pixels


@torch.no_grad()
def test_every_setting_is_read_at_every_call(exported, stored):
    module = torch.jit.load(str(exported)).float()
    for case in (
        CASE,
        CASE._replace(mode="full", scale=1.0),
        CASE,
        CASE._replace(pixels=64),
    ):
        set_refinement(module, case)
        set_refinement(stored, case)
        for wanted, found in zip(stored(*pattern(case)), module(*pattern(case)), strict=True):
            torch.testing.assert_close(found, wanted, atol=1e-5, rtol=0)


@torch.no_grad()
@pytest.mark.parametrize("prevent", [True, False])
def test_oversampling_is_prevented_when_asked(lively_network, tmp_path, prevent):
    """With an error map of zeros, patches are refined only if nothing prevents it."""
    network = write.rounded(lively_network, "fp32")
    network.decoder.conv4.weight[4].zero_()
    network.decoder.conv4.bias[4] = 0
    write.save(network, tmp_path / "zero.pt", "fp32")
    module = torch.jit.load(str(tmp_path / "zero.pt"))
    set_refinement(module, CASE)
    module.refine_prevent_oversampling = prevent
    assert int(module(*pattern(CASE))[5].sum()) == (0 if prevent else CASE.pixels // 16)


@torch.no_grad()
def test_the_file_may_be_frozen_and_optimised(exported, stored):
    module = torch.jit.load(str(exported)).float().eval()
    settings = [n for n in dir(stored) if n.startswith("refine_")] + ["backbone_scale"]
    frozen = torch.jit.freeze(module, preserved_attrs=settings)
    set_refinement(frozen, CASE)
    set_refinement(stored, CASE)
    for _ in range(3):
        for wanted, found in zip(stored(*pattern(CASE)), frozen(*pattern(CASE)), strict=True):
            torch.testing.assert_close(found, wanted, atol=1e-4, rtol=0)


@torch.no_grad()
def test_parts_can_be_called_as_in_published_files(exported, stored):
    """mattingbase runs from a MattingRefine file through these three."""
    model = torch.jit.load(str(exported)).float().model
    src, bgr = pattern(CASE)
    x4, x3, x2, x1, x0 = model.backbone(torch.cat([src, bgr], 1))
    x = model.decoder(model.aspp(x4), x3, x2, x1, x0)
    torch.testing.assert_close(x[:, :1].clamp(0, 1), MattingBase.forward(stored, src, bgr)[0])


def test_the_base_network_is_had_of_the_whole(lively_network, tmp_path):
    manifest = export_network(lively_network, tmp_path / "base.pt", "fp32", "base")
    assert manifest["kind"] == "mattingbase"
    assert list(manifest["golden"]["outputs"]) == ["pha", "fgr", "err", "hid"]
    with pytest.raises(ValueError, match="refiner"):
        export_network(load_network(tmp_path / "base.pt"), tmp_path / "whole.pt")


def test_exporting_leaves_the_network_as_it_was(lively_network, tmp_path):
    before = {k: v.clone() for k, v in lively_network.state_dict().items()}
    export_network(lively_network, tmp_path / "network.pt", "fp16")
    for name, value in lively_network.state_dict().items():
        assert torch.equal(value, before[name]), name


def test_a_file_that_differs_is_refused_and_deleted(lively_network, tmp_path, monkeypatch):
    original = write.save

    def save_other_weights(other, path, precision):
        other = write.rounded(other, "fp32")
        with torch.no_grad():
            other.refiner.conv4.bias[0] += 0.01
        original(other, path, precision)

    monkeypatch.setattr(write, "save", save_other_weights)
    with pytest.raises(ValueError, match="refused.*mode='full'"):
        export_network(lively_network, tmp_path / "network.pt", "fp32")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("change", ["scale", "pixels", "threshold", "mode"])
def test_the_comparison_notices_a_setting_that_is_ignored(lively_network, monkeypatch, change):
    """A loaded file that always runs with one default setting must not pass."""

    def forgetting(module, case):
        set_refinement(module, case)
        if module is not lively_network:
            defaults = Case(1, 4, 4, 0.25, "sampling", 3200, 0.7)
            set_refinement(module, case._replace(**{change: getattr(defaults, change)}))

    monkeypatch.setattr(check, "set_refinement", forgetting)
    other = write.rounded(lively_network, "fp32")
    with torch.no_grad():
        assert not all_accepted(lively_network, other)


def all_accepted(eager, loaded):
    try:
        return not any(map(check.fault, check.compare(eager, loaded)))
    except ValueError:
        return False


def run_module(*words, **environment):
    call = [sys.executable, "-m", "matting_models", *map(str, words)]
    path = {"PYTHONPATH": str(ROOT / "models"), "OMP_NUM_THREADS": "1"}
    subprocess.run(call, check=True, env={**os.environ, **path, **environment})


def test_the_same_weights_give_the_same_bytes(lively_network, tmp_path):
    write_safetensors(tmp_path / "w", lively_network.state_dict(), "fp32", {})
    for name in ("a", "b"):
        words = ["--checkpoint", tmp_path / "w", "--output", tmp_path / name]
        run_module("export", *words, PYTHONHASHSEED="0")
    assert file_sha256(tmp_path / "a") == file_sha256(tmp_path / "b")


def run_elsewhere(python, file, jobs, folder):
    torch.save(jobs, folder / "jobs")
    runner = [
        python,
        HERE / "torchscript_runner.py",
        file,
        folder / "jobs",
        folder / "outputs",
    ]
    subprocess.run([str(word) for word in runner], check=True)
    return torch.load(folder / "outputs")


def settings_of(case):
    holder = type("Settings", (), {})()
    set_refinement(holder, case)
    return vars(holder)


@torch.no_grad()
def test_old_torch_runs_the_file_in_every_mode(exported, stored, old_torch, tmp_path):
    jobs = [(settings_of(case), *pattern(case)) for case in refine_cases()]
    results = run_elsewhere(old_torch, exported, jobs, tmp_path)
    for case, found in zip(refine_cases(), results, strict=True):
        set_refinement(stored, case)
        result = check.difference(case, stored(*pattern(case)), found)
        assert check.fault(result) == ""


@torch.no_grad()
@pytest.mark.parametrize("writer", ["old torch", "this torch"])
def test_files_of_the_published_exporter_compute_the_same(
    lively_network, writer, request, tmp_path
):
    python = request.getfixturevalue("old_torch") if writer == "old torch" else sys.executable
    write_safetensors(tmp_path / "w", lively_network.state_dict(), "fp32", {})
    program = [
        python,
        HERE / "published_exporter.py",
        tmp_path / "w",
        tmp_path / "published.pth",
    ]
    subprocess.run([*map(str, program), "--backbone", "mobilenetv2"], check=True)
    module = torch.jit.load(str(tmp_path / "published.pth"))
    for case in refine_cases():
        if case.pixels < case.height * case.width:  # it fails where it is to choose more
            set_refinement(module, case)
            set_refinement(lively_network, case)
            wanted, found = lively_network(*pattern(case)), module(*pattern(case))
            assert check.fault(check.difference(case, wanted, found)) == ""
    assert isinstance(load_network(tmp_path / "published.pth"), MattingRefine)


@torch.no_grad()
def test_the_default_model_is_what_its_manifest_and_weights_say(old_torch, tmp_path):
    folder = ROOT / "models" / "default"
    manifest = json.loads((folder / "mattingrefine_mobilenetv2.pt.json").read_text())
    module = folder / manifest["file"]
    assert file_sha256(module) == manifest["sha256"]
    assert file_sha256(module) in (folder / "MODEL_CARD.md").read_text()
    weights = folder / "mattingrefine_mobilenetv2.safetensors"
    assert file_sha256(weights) in (folder / "MODEL_CARD.md").read_text()
    golden = Case(**manifest["golden"]["case"])
    (found,) = run_elsewhere(old_torch, module, [(settings_of(golden), *pattern(golden))], tmp_path)
    network = load_network(weights)
    set_refinement(network, golden)
    assert check.fault(check.difference(golden, network(*pattern(golden)), found)) == ""
    for value, wanted in zip(found, manifest["golden"]["outputs"].values(), strict=True):
        assert value.mean().item() == pytest.approx(wanted["mean"], abs=1e-4)
