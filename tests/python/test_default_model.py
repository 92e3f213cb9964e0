"""The default model on the sample pairs, at half size: what users may rely on at any score."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from matting_models.evaluate.items import read_items
from matting_models.evaluate.predict import predict
from matting_models.weights import load_network

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = {item.name: item for item in read_items(ROOT / "sample_image")}


@pytest.fixture(scope="module")
def network():
    file = ROOT / "models" / "default" / "mattingrefine_mobilenetv2.safetensors"
    return load_network(file).eval()


def halved(picture):
    height, width = picture.shape[:2]
    return cv2.resize(picture, (width // 2, height // 2), interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize("name", SAMPLES)
def test_nobody_there_gives_no_alpha(network, name):
    plate = halved(SAMPLES[name].bgr)
    assert predict(network, plate, plate).alpha.max() < 0.02


@pytest.mark.parametrize("name", SAMPLES)
def test_empty_places_stay_empty_and_their_foreground_is_the_image(network, name):
    src, bgr, true = (
        halved(x) for x in (SAMPLES[name].src, SAMPLES[name].bgr, SAMPLES[name].alpha)
    )
    matte = predict(network, src, bgr)
    away = cv2.dilate((true > 0).astype(np.uint8), np.ones((9, 9))) == 0
    shadow = away & ((src.astype(float) - bgr).mean(2) < -8)
    assert matte.alpha[away].mean() < 0.01
    assert shadow.sum() > 1000 and matte.alpha[shadow].mean() < 0.05
    assert np.abs(matte.fgr - src / 255.0)[away].mean() < 0.03
    body = cv2.erode((true > 0.99).astype(np.uint8), np.ones((9, 9))) > 0
    assert matte.alpha[body].mean() > 0.95
