"""The pictures of sample_image: sizes, mattes, and the identity that they promise."""

from pathlib import Path

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2", reason="OpenCV for Python is needed to read pictures")

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "sample_image"
SIZES = {"portrait": (1920, 1080), "light_clothes": (1920, 1080), "odd": (1277, 719)}
# The side from which the key light comes, where its shadow does not fall.
LIT_SIDE = {"portrait": "left", "light_clothes": "right", "odd": "left"}


def read(name, flag=cv2.IMREAD_COLOR):
    pixels = cv2.imread(str(SAMPLES / name), flag)
    assert pixels is not None, f"{name} is missing or unreadable in {SAMPLES}"
    return pixels


def read_pair(name):
    """image, plate, foreground as float (h, w, 3) in levels, alpha (h, w, 1) in [0, 1]."""
    colour = [read(f"{name}_{kind}.jpg").astype(float) for kind in ("image", "plate", "foreground")]
    alpha = read(f"{name}_alpha.png", cv2.IMREAD_UNCHANGED)
    assert alpha.ndim == 2 and alpha.dtype == np.uint8
    return (*colour, alpha[..., None] / 255.0)


def lit_part(name, alpha):
    """Boolean (h, w): columns between the frame and the subject's middle on the lit side."""
    columns = np.flatnonzero(alpha.max(axis=(0, 2)) > 0.5)
    middle = int(columns.mean())
    mask = np.zeros(alpha.shape[:2], dtype=bool)
    mask[:, :middle] = LIT_SIDE[name] == "left"
    mask[:, middle:] = LIT_SIDE[name] == "right"
    return mask


@pytest.mark.parametrize("name", SIZES)
def test_sample_has_its_size_and_a_real_matte(name):
    width, height = SIZES[name]
    image, plate, foreground, alpha = read_pair(name)
    for picture in (image, plate, foreground, alpha):
        assert picture.shape[:2] == (height, width)
    assert 0.08 < alpha.mean() < 0.6
    assert alpha.min() == 0.0 and alpha.max() == 1.0
    assert ((alpha > 0.02) & (alpha < 0.98)).mean() > 0.004


@pytest.mark.parametrize("name", SIZES)
def test_sample_image_is_the_foreground_inside(name):
    image, _, foreground, alpha = read_pair(name)
    difference = np.abs(image - foreground)[alpha[..., 0] == 1.0]
    assert difference.mean() < 2.0
    assert np.percentile(difference, 99) < 12.0


@pytest.mark.parametrize("name", SIZES)
def test_sample_plate_is_the_image_behind_but_for_soft_shadow(name):
    image, plate, _, alpha = read_pair(name)
    away = cv2.dilate(alpha[..., 0], np.ones((61, 61))) == 0.0
    change = image - plate
    detail = change - cv2.GaussianBlur(change, (0, 0), 8.0)
    assert np.abs(detail[away]).mean() < 3.0
    assert -8.0 < np.median(change[away]) <= 2.0


@pytest.mark.parametrize("name", SIZES)
def test_sample_composes_on_the_lit_side(name):
    image, plate, foreground, alpha = read_pair(name)
    composed = foreground * alpha + plate * (1.0 - alpha)
    part = lit_part(name, alpha) & (alpha[..., 0] > 0.0)
    assert np.abs(image - composed)[part].mean() < 3.0


@pytest.mark.parametrize("name", SIZES)
def test_sample_people_cast_shadows_and_no_light(name):
    image, plate, _, alpha = read_pair(name)
    change = (image - plate).mean(axis=2)[alpha[..., 0] == 0.0]
    assert np.percentile(change, 99) < 10.0
    assert (change < -8.0).mean() > 0.005


def test_new_background_fits_the_portrait():
    assert read("new_background.jpg").shape == (1080, 1920, 3)


def test_samples_stay_small():
    assert sum(path.stat().st_size for path in SAMPLES.iterdir()) <= 6 * 2**20
