"""Weight files: every way in, the way out, and what is refused."""

import copy
import gzip
import json

import pytest
import safetensors
import torch

from matting_models.cli import main
from matting_models.network import Dimensions, MattingBase, MattingRefine
from matting_models.weights import (
    build_network,
    file_sha256,
    load_network,
    read_weights,
    recognise_dimensions,
    write_safetensors,
)
from matting_models.weights.stretch import stretch_alpha

SMALL = Dimensions("mobilenetv2", aspp=16, decoder=(16, 16, 8), hidden=4, refiner=(8, 8, 8))


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(2)
    return MattingRefine("mobilenetv2").eval()


@pytest.fixture(scope="module")
def tensors(network):
    return network.state_dict()


def write_gzip(tensors, path):
    plain = path.with_suffix(".plain")
    write_safetensors(plain, tensors, "fp32", {})
    path.write_bytes(gzip.compress(plain.read_bytes(), 1))


WRITERS = {
    "safetensors": lambda tensors, path: write_safetensors(path, tensors, "fp32", {}),
    "safetensors.gz": write_gzip,
    "published pth": torch.save,
    "old pth": lambda t, path: torch.save(t, path, _use_new_zipfile_serialization=False),
    "wrapped": lambda t, path: torch.save({f"module.model.{k}": v for k, v in t.items()}, path),
    "checkpoint": lambda t, path: torch.save({"step": 3, "model": {}, "ema": t}, path),
}


@pytest.mark.parametrize("way", WRITERS)
def test_every_kind_of_file_gives_the_same_network(way, tensors, tmp_path):
    WRITERS[way](tensors, tmp_path / "weights")
    loaded = load_network(tmp_path / "weights")
    assert isinstance(loaded, MattingRefine)
    assert not loaded.training
    for name, value in loaded.state_dict().items():
        assert torch.equal(value, tensors[name]), name


@pytest.mark.parametrize("backbone", ["mobilenetv2", "resnet50", "resnet101"])
def test_dimensions_are_told_by_names_and_shapes(backbone):
    dimensions = Dimensions(backbone, 64, (96, 48, 40), 16, (20, 12, 8))
    with torch.device("meta"):
        tensors = MattingRefine(dimensions).state_dict()
    assert recognise_dimensions(tensors) == dimensions


def test_a_file_without_refiner_is_a_base_network(tensors):
    base = build_network({k: v for k, v in tensors.items() if not k.startswith("refiner")})
    assert type(base) is MattingBase


def changed(tensors, name, value):
    return {**tensors, name: value}


def test_a_wrong_shape_is_named_with_both_shapes(tensors):
    wrong = changed(tensors, "decoder.conv2.weight", torch.zeros(64, 151, 3, 3))
    expected = r"decoder.conv2.weight: wanted shape \(64, 152, 3, 3\), found \(64, 151, 3, 3\)"
    with pytest.raises(ValueError, match=expected):
        build_network(wrong)


def test_a_missing_and_an_unknown_tensor_are_named(tensors):
    wrong = changed(tensors, "refiner.conv5.weight", torch.zeros(1))
    del wrong["aspp.convs.2.1.running_mean"]
    with pytest.raises(ValueError) as error:
        build_network(wrong)
    assert "aspp.convs.2.1.running_mean: wanted shape (256,)" in str(error.value)
    assert "refiner.conv5.weight: unknown" in str(error.value)


def test_weights_that_are_no_numbers_are_refused(tensors):
    wrong = changed(tensors, "refiner.conv4.bias", torch.tensor([0, 0, 0, float("nan")]))
    with pytest.raises(ValueError, match="refiner.conv4.bias: wanted finite"):
        build_network(wrong)


def test_another_network_is_refused_by_what_it_lacks(tmp_path):
    torch.save({"conv1.weight": torch.zeros(1)}, tmp_path / "other.pth")
    with pytest.raises(ValueError, match="not a matting network.*backbone.features.0.0.weight"):
        load_network(tmp_path / "other.pth")


class Payload:
    def __reduce__(self):
        return print, ("code ran",)


BROKEN = {
    "empty": b"",
    "text": b"not weights at all",
    "truncated zip": b"PK\x03\x04" + bytes(50),
    "endless header": (10**12).to_bytes(8, "little") + b"{}",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_files_are_refused_by_name(kind, tmp_path):
    (tmp_path / "broken").write_bytes(BROKEN[kind])
    with pytest.raises(ValueError, match="broken: "):
        load_network(tmp_path / "broken")


def test_code_in_a_pth_file_is_not_run(tmp_path, capsys):
    torch.save({"weight": Payload()}, tmp_path / "code.pth")
    with pytest.raises(ValueError, match="code.pth"):
        read_weights(tmp_path / "code.pth")
    assert "code ran" not in capsys.readouterr().out


def test_metadata_rebuilds_and_traces_the_network(network, tensors, tmp_path):
    torch.save(tensors, tmp_path / "in.pth")
    out = tmp_path / "out.safetensors"
    assert main(["convert", "--checkpoint", str(tmp_path / "in.pth"), "--output", str(out)]) == 0
    metadata = read_weights(out).metadata
    assert metadata["kind"] == "mattingrefine"
    assert metadata["source_sha256"] == file_sha256(tmp_path / "in.pth")
    assert Dimensions.from_dict(json.loads(metadata["dimensions"])) == network.dimensions
    with safetensors.safe_open(out, "pt") as file:
        assert file.get_tensor("decoder.conv4.weight").dtype == torch.float16
        assert file.get_tensor("decoder.bn1.num_batches_tracked").dtype == torch.int64
    for name, value in load_network(out).state_dict().items():
        torch.testing.assert_close(value, tensors[name], atol=1e-4, rtol=1e-3)


def test_numbers_beyond_half_precision_are_refused_and_leave_nothing(tensors, tmp_path):
    large = changed(tensors, "decoder.bn1.running_var", torch.full((128,), 1e5))
    with pytest.raises(ValueError, match="decoder.bn1.running_var.*fp32"):
        write_safetensors(tmp_path / "out.safetensors", large, "fp16", {})
    assert list(tmp_path.iterdir()) == []
    write_safetensors(tmp_path / "out.safetensors", large, "fp32", {})


def test_the_command_line_reports_failures_without_a_trace(tmp_path, capsys):
    missing = str(tmp_path / "missing.pth")
    assert main(["convert", "--checkpoint", missing, "--output", str(tmp_path / "out")]) == 1
    assert "missing.pth" in capsys.readouterr().err
    with pytest.raises(SystemExit) as wrong_call:
        main(["convert"])
    assert wrong_call.value.code == 2


def test_a_stretch_moves_the_ends_of_alpha_and_nothing_else():
    torch.manual_seed(0)
    before, low, high = MattingRefine(SMALL).eval(), 0.05, 0.03
    after = copy.deepcopy(before)
    stretch_alpha(after, low, high)
    src, bgr = torch.rand(2, 1, 3, 64, 80)
    with torch.no_grad():
        old, new = (network.coarse(src, bgr) for network in (before, after))
        torch.testing.assert_close(new.pha, (old.pha - low) / (1 - low - high))
        inside = old._replace(pha=torch.rand_like(old.pha) * (1 - low - high) + low)
        read = inside._replace(pha=(inside.pha - low) / (1 - low - high))
        wanted, found = before.refiner(src, bgr, inside), after.refiner(src, bgr, read)
    wanted[:, 0] = (wanted[:, 0] - low) / (1 - low - high)
    away = (..., slice(8, -8), slice(8, -8))  # at the border the refiner reads zeros
    torch.testing.assert_close(found[away], wanted[away], rtol=1e-4, atol=1e-5)
    for name in ("fgr", "err", "hid"):
        assert torch.equal(getattr(old, name), getattr(new, name))


def test_convert_stretches_and_refuses_what_is_no_stretch(tmp_path, capsys):
    plain, stretched = tmp_path / "plain.safetensors", tmp_path / "stretched.safetensors"
    write_safetensors(plain, MattingRefine(SMALL).state_dict(), "fp32", {})
    call = ["convert", "--checkpoint", str(plain), "--output", str(stretched)]
    assert main([*call, "--precision", "fp32", "--stretch", "0.1", "0.15"]) == 0
    wanted = load_network(plain).decoder.conv4.weight[0] / 0.75
    torch.testing.assert_close(load_network(stretched).decoder.conv4.weight[0], wanted)
    assert main([*call, "--stretch", "0.4", "0.2"]) == 1
    assert "below 0.5" in capsys.readouterr().err
