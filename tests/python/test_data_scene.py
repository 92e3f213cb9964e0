"""Scenes obey the matting equation, repeat by seed, and keep alpha 0 under shadows."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from data_samples import tiny_source

from matting_models.data.chances import CALM, Chances
from matting_models.data.holdout import SPLITS, holdout_scene
from matting_models.data.photographs import load_photographs
from matting_models.data.scene import make_triplet

QUIET = replace(CALM, noise=0, photographed=0)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return tiny_source(tmp_path_factory.mktemp("source"))


@pytest.mark.parametrize("size", [(64, 64), (48, 85), (97, 40)])
def test_the_same_seed_gives_the_same_arrays_of_the_wanted_size(source, size):
    first, second = (make_triplet([7, 1], *size, 0.3, source) for _ in range(2))
    for name, channels in (("src", (3,)), ("bgr", (3,)), ("fgr", (3,)), ("alpha", ())):
        assert first[name].dtype == np.uint8 and first[name].shape == size + channels
        np.testing.assert_array_equal(first[name], second[name])


def test_without_disturbances_the_image_is_the_composite_of_foreground_and_plate(
    source,
):
    for seed in range(8):
        scene = make_triplet(seed, 64, 80, 0.5, source, QUIET)
        alpha = scene["alpha"][..., None] / 255.0
        composite = scene["fgr"] * alpha + scene["bgr"] * (1 - alpha)
        assert np.abs(composite - scene["src"]).max() <= 2.5


def test_shadows_darken_the_image_where_alpha_stays_zero(source):
    found = 0
    for seed in range(20):
        calm, shadowed = (
            make_triplet(seed, 96, 96, 0.5, source, replace(QUIET, shadow=s)) for s in (0, 1)
        )
        np.testing.assert_array_equal(calm["alpha"], shadowed["alpha"])
        outside = calm["alpha"] == 0
        change = np.abs(calm["src"].astype(int) - shadowed["src"]).max(-1)
        found += bool((change[outside] > 10).any())
        solid = calm["alpha"] == 255
        assert not solid.any() or change[solid].max() <= 1
    assert found > 5


def test_nobody_means_no_alpha_at_all(source):
    scene = make_triplet(3, 64, 64, 0.5, source, replace(QUIET, nobody=1))
    assert scene["alpha"].max() == 0
    np.testing.assert_array_equal(scene["src"], scene["bgr"])


def test_an_identical_pair_is_one_picture_taken_once(source):
    noisy = replace(QUIET, nobody=1, noise=1)
    for identical in (0, 1):
        scene = make_triplet(3, 64, 64, 0.5, source, replace(noisy, identical=identical))
        assert scene["alpha"].max() == 0
        assert np.array_equal(scene["src"], scene["bgr"]) == bool(identical)


def test_similar_colours_are_nearer_to_the_plate(source):
    def distance(similar):
        total = []
        for seed in range(25):
            scene = make_triplet(seed, 64, 64, 0.5, source, replace(QUIET, similar=similar))
            solid = scene["alpha"] == 255
            if solid.any():
                total.append(np.abs(scene["src"].astype(int) - scene["bgr"])[solid].mean())
        return np.mean(total)

    assert distance(1) < 0.7 * distance(0)


def test_every_holdout_split_draws(source):
    for split in SPLITS:
        assert holdout_scene(split, 0, source)["src"].shape == (540, 960, 3)


def test_photographs_are_used_and_a_wrong_folder_is_named(tmp_path, source):
    cv2.imwrite(str(tmp_path / "red.png"), np.full((90, 120, 3), (0, 0, 255), np.uint8))
    photographs = load_photographs(tmp_path)
    assert photographs[0][0, 0].tolist() == [255, 0, 0]
    tinted = tiny_source(tmp_path, photographs)
    plates = [
        make_triplet(seed, 48, 48, 0.5, tinted, replace(QUIET, nobody=1))["bgr"]
        for seed in range(30)
    ]
    assert any((plate == plate[0, 0]).all() for plate in plates)
    with pytest.raises(FileNotFoundError, match="absent"):
        load_photographs(tmp_path / "absent")


def test_the_default_chances_are_probabilities():
    assert all(0 <= value <= 1 for value in vars(Chances()).values())
