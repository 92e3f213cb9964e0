"""Batches depend on seed and step only; footage is cropped consistently."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch
from data_samples import tiny_source
from torch.utils.data import DataLoader

from matting_models.data.chances import CALM
from matting_models.data.dataset import Plan, Steps, Triplets
from matting_models.data.footage import Footage, crop
from matting_models.data.scene import make_triplet

PLAN = Plan(sizes=((32, 48), (48, 32)), scale=(0.2, 0.4), batch=4, views=2)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return tiny_source(tmp_path_factory.mktemp("source"))


def batches(source, workers, start=0, stop=6):
    loader = DataLoader(
        Triplets(source, PLAN, 5),
        batch_size=None,
        sampler=Steps(start, stop),
        num_workers=workers,
    )
    return list(loader)


def assert_equal(first, second):
    for name in first:
        assert torch.equal(first[name], second[name]), name


def test_workers_and_starting_late_change_nothing(source):
    whole, parallel, late = (
        batches(source, 0),
        batches(source, 2),
        batches(source, 0, start=3),
    )
    assert len(whole) == 6 and len(late) == 3
    for first, second in zip(whole + whole[3:], parallel + late, strict=True):
        assert_equal(first, second)


def test_streams_share_sizes_but_not_scenes(source):
    first, second = (Triplets(source, PLAN, 5, stream=s) for s in (0, 1))
    for step in range(4):
        assert first[step]["src"].shape == second[step]["src"].shape
        assert not torch.equal(first[step]["src"], second[step]["src"])


def write_item(folder, height=60, width=90):
    folder.mkdir(parents=True)
    ramp = np.linspace(0, 255, width, dtype=np.uint8)[None].repeat(height, 0)
    for name in ("src", "bgr", "fgr"):
        cv2.imwrite(str(folder / f"{name}.png"), np.dstack([ramp] * 3))
    cv2.imwrite(str(folder / "alpha.png"), ramp)


def test_crops_take_the_same_rectangle_of_all_pictures(tmp_path):
    write_item(tmp_path / "a")
    triplet = crop(np.random.default_rng(1), Footage(tmp_path).read(0), 32, 32, 0.1)
    assert triplet["src"].shape == (32, 32, 3)
    np.testing.assert_array_equal(triplet["src"][..., 0], triplet["alpha"])


def write_square(folder, size=64):
    """A reddish square on a grey wall, with a plate that is as grey."""
    folder.mkdir(parents=True)
    alpha = np.zeros((size, size), np.uint8)
    alpha[16:48, 16:48] = 255
    wall = np.full((size, size, 3), 90, np.uint8)
    red = np.full((size, size, 3), (70, 70, 200), np.uint8)
    pictures = {"src": np.where(alpha[..., None] > 0, red, wall), "bgr": wall, "fgr": red}
    for name, picture in {**pictures, "alpha": alpha}.items():
        cv2.imwrite(str(folder / f"{name}.png"), picture)


def test_a_subject_of_footage_is_in_every_crop(tmp_path):
    write_square(tmp_path / "a")
    footage = Footage(tmp_path)
    for seed in range(20):
        alpha, colors = footage.subject(np.random.default_rng(seed), 40, 60)
        assert alpha.shape == (40, 60) and colors.shape == (40, 60, 3)
        assert alpha.max() == 1
        np.testing.assert_allclose(colors - np.array((200, 70, 70)) / 255, 0, atol=1e-6)


@pytest.mark.parametrize("similar", (0.0, 1.0))
def test_footage_is_put_before_other_backgrounds(tmp_path, source, similar):
    """The picture is that of the subject over what is behind; similar: in its colour."""
    write_square(tmp_path / "a")
    footage = Footage(tmp_path)
    still = replace(CALM, similar=similar, noise=0, photographed=0)
    differences = []
    for seed in range(12):
        scene = make_triplet([seed], 48, 64, 0.3, source, still, footage)
        again = make_triplet([seed], 48, 64, 0.3, source, still, footage)
        assert all(np.array_equal(scene[name], again[name]) for name in scene)
        solid, empty = scene["alpha"] == 255, scene["alpha"] == 0
        assert solid.any() and empty.any()
        np.testing.assert_allclose(scene["src"][solid], scene["fgr"][solid], atol=1)
        np.testing.assert_allclose(scene["src"][empty], scene["bgr"][empty], atol=1)
        gap = scene["src"][solid].mean(0) - scene["bgr"][solid].mean(0)
        differences.append(np.abs(gap).mean())
    assert (np.median(differences) < 40) == (similar == 1)


def test_footage_is_mixed_in(tmp_path, source):
    write_item(tmp_path / "a")
    plan = Plan(sizes=((32, 32),), scale=(0.2, 0.4), batch=2, footage=1.0)
    data = Triplets(source, plan, 5, footage=Footage(tmp_path))
    assert_equal(data[0], Triplets(source, plan, 5, footage=Footage(tmp_path))[0])
    assert not torch.equal(data[0]["src"], Triplets(source, plan, 5)[0]["src"])


def test_incomplete_footage_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="src.png"):
        Footage(tmp_path)
    write_item(tmp_path / "a")
    (tmp_path / "a" / "fgr.png").unlink()
    with pytest.raises(FileNotFoundError, match="fgr.png"):
        Footage(tmp_path)
