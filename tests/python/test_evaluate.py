"""Metrics have the reference's values; reports list the worst first."""

import importlib.util
import json
from functools import partial

import cv2
import numpy as np
import pytest
import torch
from data_samples import TINY, tiny_source

from matting_models.cli import main
from matting_models.data.holdout import SPLITS
from matting_models.evaluate import command, metrics
from matting_models.evaluate.holdout import alpha_errors, holdout_table
from matting_models.evaluate.items import Item, read_items
from matting_models.evaluate.predict import Matte, predict
from matting_models.evaluate.report import Scored, mean_metrics, sheet, write_page
from matting_models.network import Dimensions, MattingRefine
from matting_models.weights import write_safetensors

SMALL = Dimensions("mobilenetv2", aspp=16, decoder=(16, 16, 8), hidden=4, refiner=(8, 8, 8))


def random_mattes(seed, height=60, width=80):
    rng = np.random.default_rng(seed)
    true = np.clip(cv2.GaussianBlur(rng.random((height, width)), (0, 0), 6) * 20 - 9.5, 0, 1)
    return (
        np.clip(true + rng.normal(0, 0.2, true.shape), 0, 1),
        true,
        rng.random((2, *true.shape, 3)),
    )


def test_metrics_vanish_at_the_truth():
    _, true, (fgr, _) = random_mattes(0)
    assert set(metrics.matte_metrics(true, true, fgr, fgr).values()) == {0.0}


@pytest.mark.parametrize("seed", range(4))
def test_metrics_equal_the_reference(shared, seed):
    spec = importlib.util.spec_from_file_location("reference", shared / "eval" / "metrics.py")
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    alpha, true, (fgr, true_fgr) = random_mattes(seed)
    ours = metrics.matte_metrics(alpha, true, fgr, true_fgr)
    theirs = reference.all_metrics(alpha, true, fgr, true_fgr)
    for name, value in ours.items():
        assert value == pytest.approx(theirs[name], rel=1e-6), name


def test_simple_errors_have_known_values():
    true = np.zeros((10, 10))
    true[:5] = 1
    alpha = true.copy()
    alpha[0, 0] = 0
    assert metrics.mad(alpha, true) == pytest.approx(10) == metrics.mse(alpha, true)
    assert metrics.sad(alpha, true) == pytest.approx(0.001)
    island = true.copy()
    island[9, 9] = 1
    assert metrics.conn(island, true) == pytest.approx(0.001)
    with pytest.raises(ValueError, match="predicted"):
        metrics.mad and metrics.matte_metrics(alpha[:5], true)


def test_alpha_errors_say_where():
    true = np.array([[0, 0, 1, 0.5]])
    values = alpha_errors(np.array([[0.2, 0, 0.6, 0.5]]), true)
    assert values["outside"] == pytest.approx(50) and values["inside"] == pytest.approx(100)
    assert values["soft"] == 0 and values["mad"] == pytest.approx(150)


def test_predict_keeps_odd_sizes():
    torch.manual_seed(0)
    network = MattingRefine(SMALL).eval()
    src = np.random.default_rng(0).integers(0, 256, (67, 93, 3), np.uint8)
    matte = predict(network, src, src)
    assert matte.alpha.shape == (67, 93) and matte.fgr.shape == (67, 93, 3)
    with pytest.raises(ValueError, match="one size"):
        predict(network, src, src[1:])


def test_small_pictures_are_not_made_too_small_for_the_base_network():
    seen = []

    class Spy(MattingRefine):
        def coarse(self, src, bgr):
            seen.append(tuple(src.shape[2:]))
            return super().coarse(src, bgr)

    network = Spy(SMALL).eval()
    src = np.zeros((96, 128, 3), np.uint8)
    for choice in ({}, {"min_side": 64}, {"min_side": 0}, {"scale": 0.75, "min_side": 64}):
        predict(network, src, src, **choice)
    assert seen == [(96, 128), (48, 64), (24, 32), (72, 96)]


def test_holdout_names_every_split(tmp_path):
    torch.manual_seed(0)
    splits = list(SPLITS)[:2]
    matte_of = partial(predict, MattingRefine(SMALL).eval())
    table = list(holdout_table(matte_of, tiny_source(tmp_path), 2, splits))
    assert [score.split for score in table] == splits
    for score in table:
        worst = alpha_errors(score.worst_matte.alpha, score.worst.alpha)["mad"]
        assert worst >= score.means["mad"] > 0


def test_the_holdout_command_reports_the_worst_scene_of_a_nuisance(tmp_path, monkeypatch, capsys):
    torch.manual_seed(0)
    weights = tmp_path / "w.safetensors"
    write_safetensors(weights, MattingRefine(SMALL).state_dict(), "fp32", {})
    two = partial(holdout_table, splits=("nobody", "identical"))
    monkeypatch.setattr(command, "holdout_table", two)
    monkeypatch.setattr(command, "HOLDOUT_BANK", TINY)
    call = ["evaluate", "--checkpoint", str(weights), "--holdout", str(tmp_path / "bank")]
    with pytest.raises(SystemExit):
        main([*call, "--scenes", "0"])
    assert "a whole number from 1, found 0" in capsys.readouterr().err
    assert main([*call, "--scenes", "1", "--out", str(tmp_path / "out")]) == 0
    assert "identical" in capsys.readouterr().out
    report = tmp_path / "out" / "report"
    assert "<img src='nobody.png'>" in (report / "index.html").read_text()
    assert {file.name for file in report.glob("*.png")} == {"nobody.png", "identical.png"}


def test_the_page_lists_the_worst_first(tmp_path):
    scores = [
        Scored("good", {"mad": 1.0}),
        Scored("bad", {"mad": 9.0}),
        Scored("fair", {"mad": 3}),
    ]
    page = write_page(tmp_path, "title", scores).read_text()
    assert page.index("<img src='bad") < page.index("<img src='fair") < page.index("<img src='good")
    assert mean_metrics(scores)["mad"] == pytest.approx(13 / 3)


def test_a_sheet_shows_the_error(tmp_path):
    black = np.zeros((36, 360, 3), np.uint8)
    item = Item("a", black, black, np.zeros((36, 360)), black)
    picture = sheet(item, Matte(np.ones((36, 360), np.float32), np.zeros((36, 360, 3), np.float32)))
    assert picture.shape == (72, 1080, 3)
    assert picture[50, 500].min() == 255 and picture[10, 10].max() == 0


def write_items(folder):
    rng = np.random.default_rng(0)
    for name in ("one", "two"):
        item = folder / name
        item.mkdir(parents=True)
        for file in ("src", "bgr", "fgr"):
            cv2.imwrite(str(item / f"{file}.png"), rng.integers(0, 256, (48, 64, 3), np.uint8))
        cv2.imwrite(str(item / "alpha.png"), rng.integers(0, 256, (48, 64), np.uint8))


def test_evaluate_command_scores_and_reports(tmp_path, capsys):
    torch.manual_seed(0)
    weights = tmp_path / "w.safetensors"
    write_safetensors(weights, MattingRefine(SMALL).state_dict(), "fp32", {})
    write_items(tmp_path / "items")
    call = [
        "evaluate",
        "--checkpoint",
        str(weights),
        "--items",
        str(tmp_path / "items"),
        "--out",
        str(tmp_path / "out"),
        "--json",
    ]
    assert main(call) == 0
    scores = json.loads(capsys.readouterr().out)
    assert set(scores) == {"one", "two", "mean"} and scores["mean"]["fgr_mse"] > 0
    assert (tmp_path / "out" / "report" / "index.html").exists()
    assert cv2.imread(str(tmp_path / "out" / "one" / "alpha.png")).shape == (48, 64, 3)
    with pytest.raises(FileNotFoundError, match="src.png"):
        list(read_items(tmp_path / "out" / "report"))


def test_items_are_also_files_named_like_the_samples(tmp_path):
    picture = np.full((6, 8, 3), (0, 0, 200), np.uint8)
    for kind in ("image", "plate", "foreground"):
        cv2.imwrite(str(tmp_path / f"one_{kind}.jpg"), picture)
    cv2.imwrite(str(tmp_path / "one_alpha.png"), np.full((6, 8), 51, np.uint8))
    cv2.imwrite(str(tmp_path / "two_image.jpg"), picture)
    one, *rest = _read_until_fault(tmp_path)
    assert one.name == "one" and one.alpha[0, 0] == pytest.approx(0.2)
    assert one.fgr[0, 0, 0] > 150 > one.fgr[0, 0, 2] and one.bgr.shape == (6, 8, 3)
    assert "two_plate.jpg" in str(rest[0])


def _read_until_fault(folder):
    try:
        yield from read_items(folder)
    except FileNotFoundError as error:
        yield error
