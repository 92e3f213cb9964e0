"""Pseudo triplets are kept where the network is sure, and bad footage is named."""

import cv2
import numpy as np
import pytest
import torch

from matting_models.network import Dimensions, MattingRefine
from matting_models.train import pseudo
from matting_models.train.pseudo import make_triplets, unsure_share


@pytest.fixture
def clip(tmp_path):
    frames = tmp_path / "frames"
    frames.mkdir()
    for index in range(2):
        image = np.random.default_rng(index).integers(0, 256, (48, 64, 3), np.uint8)
        cv2.imwrite(str(frames / f"{index}.png"), image)
    cv2.imwrite(str(tmp_path / "plate.jpg"), image)
    return frames, tmp_path / "plate.jpg"


def network_that_says(alpha):
    network = MattingRefine(Dimensions(aspp=8, decoder=(8, 8, 8), hidden=4, refiner=(8, 8, 8)))
    with torch.no_grad():
        for layer in (network.decoder.conv4, network.refiner.conv4):
            layer.weight.zero_()
            layer.bias.fill_(0.0)
            layer.bias[0] = alpha
    return network.eval()


def test_sure_frames_become_whole_items(clip, tmp_path):
    assert make_triplets(network_that_says(1.0), *clip, tmp_path / "out") == 2
    for name in ("src", "bgr", "alpha", "fgr"):
        assert cv2.imread(str(tmp_path / "out" / "0" / f"{name}.png")).shape == (
            48,
            64,
            3,
        )


def test_unsure_frames_are_refused(clip, tmp_path):
    with pytest.raises(ValueError, match="same view"):
        make_triplets(network_that_says(0.5), *clip, tmp_path / "out")


def test_a_missing_plate_is_named(clip, tmp_path):
    with pytest.raises(FileNotFoundError, match="absent.png"):
        make_triplets(network_that_says(1.0), clip[0], tmp_path / "absent.png", tmp_path / "out")


def test_unsure_share_counts_the_middle_only():
    alpha = np.array([[0, 0.05, 0.5, 1.0]])
    assert unsure_share(alpha) == 0.25 > pseudo.LARGEST_UNSURE_SHARE
