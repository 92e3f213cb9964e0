"""Ranges for int8: what is observed, what keeps them, and who leaves them out."""

import cv2
import numpy as np
import pytest
import torch
from data_samples import tiny_source

from matting_models.cli import main
from matting_models.network import MattingBase, MattingRefine
from matting_models.weights import load_network, read_weights, write_safetensors
from matting_models.weights.calibration import PREFIX, calibrated_layers, observed_ranges

CHANNELS = {  # what these read with the mobilenetv2 backbone
    "backbone.features.2.conv.0.0": 16,
    "backbone.features.2.conv.1.0": 96,
    "backbone.features.17.conv.2": 960,
    "aspp.convs.0.0": 320,
    "aspp.project.0": 1280,
    "decoder.conv1": 288,
    "decoder.conv2": 152,
    "decoder.conv3": 80,
    "decoder.conv4": 54,
}


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    torch.manual_seed(4)
    network = MattingRefine("mobilenetv2").eval()
    path = tmp_path_factory.mktemp("weights") / "net.safetensors"
    write_safetensors(path, network.state_dict(), "fp32", {"note": "made up"})
    return path


def test_ranges_hold_all_that_the_layers_saw():
    torch.manual_seed(5)
    network = MattingBase("mobilenetv2").eval()
    pairs = [torch.rand(2, 1, 3, 48, 64), torch.rand(2, 1, 3, 32, 32) * 0.1]
    with observed_ranges(network) as both, torch.no_grad():
        for src, bgr in pairs:
            network(src, bgr)
    with observed_ranges(network) as first, torch.no_grad():
        network(*pairs[0])
    network(*pairs[1])  # outside of the with: nobody looks
    for layer, channels in CHANNELS.items():
        low, high = both[PREFIX + layer]
        assert low.shape == high.shape == (channels,)
        assert (low <= 0).all() and (high >= 0).all()
        assert (low <= first[PREFIX + layer][0]).all() and (high >= first[PREFIX + layer][1]).all()
    image = both[PREFIX + "decoder.conv4"][:, 48:]  # the pictures themselves, in [0, 1]
    expected = torch.cat([picture.amax((0, 2, 3)) for picture in pairs[0]])
    torch.testing.assert_close(image[1], expected)
    assert (image[0] == 0).all()


def test_the_stem_is_no_layer_of_a_block():
    for backbone, stem, count in (
        ("mobilenetv2", "backbone.features.0.0", 50 + 6),
        ("resnet50", "backbone.conv1", 52 + 6),
    ):
        layers = calibrated_layers(MattingBase(backbone))
        assert stem not in layers and len(set(layers)) == len(layers) == count


def test_calibrated_files_are_the_same_network(checkpoint, tmp_path):
    folder = tmp_path / "items" / "a"
    folder.mkdir(parents=True)
    rng = np.random.default_rng(1)
    for name in ("src", "bgr"):
        cv2.imwrite(str(folder / f"{name}.png"), rng.integers(0, 255, (40, 56, 3), np.uint8))
    out, copy = tmp_path / "out.safetensors", tmp_path / "copy.safetensors"
    call = ["calibrate", "--checkpoint", str(checkpoint), "--precision", "fp32"]
    assert main([*call, "--items", str(tmp_path / "items"), "--output", str(out)]) == 0
    written = read_weights(out)
    assert written.metadata["note"] == "made up" and written.metadata["backbone"] == "mobilenetv2"
    layers = calibrated_layers(MattingRefine("mobilenetv2"))
    assert {PREFIX + layer for layer in layers} < set(written.tensors)
    before, after = (load_network(path).state_dict() for path in (checkpoint, out))
    assert all(torch.equal(before[name], after[name]) for name in before)

    convert = ["convert", "--checkpoint", str(out), "--output", str(copy), "--precision", "fp32"]
    assert main(convert) == 0
    ranges = {name: value for name, value in written.tensors.items() if name.startswith(PREFIX)}
    copied = read_weights(copy).tensors
    assert all(torch.equal(copied[name], value) for name, value in ranges.items())


def test_synthetic_pairs_serve_as_well(checkpoint, tmp_path, capsys):
    tiny_source(tmp_path)
    call = ["calibrate", "--checkpoint", str(checkpoint), "--bank", str(tmp_path / "bank")]
    out = str(tmp_path / "out.safetensors")
    assert main([*call, "--pairs", "2", "--output", out]) == 0
    assert "56 layers over 2 pairs" in capsys.readouterr().out
    assert main([*call, "--pairs", "0", "--output", out]) == 1
    assert "--pairs must be 1 or more, found 0" in capsys.readouterr().err
