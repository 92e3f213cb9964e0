"""A run repeats by seed, goes on after a stop as if never stopped, and leaves its files."""

import csv
import itertools
from dataclasses import replace

import pytest
import torch
from data_samples import tiny_source

from matting_models.cli import main
from matting_models.data.dataset import Plan, Triplets
from matting_models.network import Dimensions, MattingRefine
from matting_models.train import run as run_module
from matting_models.train import stages
from matting_models.train.averaging import Average
from matting_models.train.log import Log, draw_curves
from matting_models.train.run import Run, rate_at
from matting_models.weights import load_network, write_safetensors

SMALL = Dimensions("mobilenetv2", aspp=16, decoder=(16, 16, 8), hidden=4, refiner=(8, 8, 8))
PLANS = {
    "base": Plan(sizes=((32, 48),), scale=(0.2, 0.4), batch=2),
    "refine": Plan(sizes=((160, 128),), scale=(0.5, 1.0), batch=4, views=2, kept=4),
}
PLANS["refiner"] = PLANS["refine"]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return tiny_source(tmp_path_factory.mktemp("source"))


def make_run(source, folder, stage, steps=4, seed=3):
    torch.manual_seed(0)
    stage = replace(stages.STAGES[stage], plan=PLANS[stage], steps=steps, warm_up=2)
    data = Triplets(source, stage.plan, seed)
    return Run(MattingRefine(SMALL), stage, folder, seed), data


def losses_of(folder):
    with open(folder / "log.csv", newline="") as file:
        return [row["loss"] for row in csv.DictReader(file)]


@pytest.mark.parametrize("stage", PLANS)
def test_stopped_and_resumed_equals_uninterrupted(tmp_path, source, stage):
    run, data = make_run(source, tmp_path / "whole", stage, steps=6)
    assert run.go(data, workers=0, log_every=3) == 6

    halved, data = make_run(source, tmp_path / "halved", stage, steps=6)
    step = halved.train_step

    def stop_after_two(batch):
        values = step(batch)
        if halved.step == 2:
            halved.stop()
        return values

    halved.train_step = stop_after_two
    assert halved.go(data, workers=0, log_every=3) == 2, "within the first line of the log"
    resumed, data = make_run(source, tmp_path / "halved", stage, steps=6)
    assert resumed.step == 2
    resumed.go(data, workers=1, log_every=3)
    assert len(losses_of(tmp_path / "whole")) == 2
    assert losses_of(tmp_path / "whole") == losses_of(tmp_path / "halved")
    wanted, found = (r.average.network.state_dict() for r in (run, resumed))
    assert all(torch.equal(value, found[name]) for name, value in wanted.items())
    assert (tmp_path / "halved" / "curves.png").stat().st_size > 1000
    assert len(load_network(tmp_path / "halved" / "model.safetensors").state_dict()) == 382


def test_the_same_seed_gives_the_same_losses_and_another_gives_others(tmp_path, source):
    def losses(name, seed):
        run, data = make_run(source, tmp_path / name, "base", 8, seed)
        run.go(data, workers=0, log_every=1)
        return losses_of(tmp_path / name)

    first = losses("first", 3)
    assert len(first) == 8 and first == losses("second", 3) != losses("other", 4)


def test_a_run_by_the_clock_ends_by_it_with_its_rate_at_zero(tmp_path, source, monkeypatch):
    seconds = itertools.count(0, 0.25)  # every look at the clock takes a quarter
    monkeypatch.setattr(run_module.time, "monotonic", lambda: next(seconds))
    run, data = make_run(source, tmp_path, "base", steps=1_000_000)
    steps = run.go(data, workers=0, log_every=2, minutes=1)
    assert next(seconds) == pytest.approx(60, abs=4)
    assert steps == run.stage.steps < 100
    with open(tmp_path / "log.csv", newline="") as file:
        rates = [float(row["rate"]) for row in csv.DictReader(file)]
    assert rates[-1] < 0.3 * max(rates)


def test_without_bfloat16_instructions_a_step_is_much_the_same(tmp_path, source, monkeypatch):
    losses = []
    for fast in (True, False):
        monkeypatch.setattr(run_module, "computes_bfloat16", lambda device, fast=fast: fast)
        run, data = make_run(source, tmp_path / str(fast), "refine")
        losses.append(float(run.train_step(data[0])["loss"]))
    assert losses[0] == pytest.approx(losses[1], rel=0.03)
    assert losses[0] != losses[1]


def test_training_lowers_the_loss_of_a_fixed_batch(tmp_path, source):
    run, data = make_run(source, tmp_path, "base", steps=60)
    batch = data[0]
    values = [float(run.train_step(batch)["loss"]) for _ in range(25)]
    assert sum(values[-5:]) < 0.8 * sum(values[:5])


def test_the_refiner_is_trained_behind_a_base_that_stays(tmp_path, source):
    run, data = make_run(source, tmp_path, "refiner", steps=60)
    run.network.refiner.pass_coarse_maps()
    before = {name: value.clone() for name, value in run.network.state_dict().items()}
    batch = data[0]
    values = [float(run.train_step(batch)["loss"]) for _ in range(25)]
    assert sum(values[-5:]) < 0.9 * sum(values[:5])
    for name, value in run.network.state_dict().items():
        trained = name.startswith("refiner.") and "running" not in name and "num_b" not in name
        assert torch.equal(value, before[name]) != trained, name


def test_a_refiner_that_is_kept_hands_on_as_before(tmp_path, source):
    run, data = make_run(source, tmp_path, "refine", steps=60)
    run.network.refiner.pass_coarse_maps()
    run.network.refiner.requires_grad_(False)
    before = {name: value.clone() for name, value in run.network.state_dict().items()}
    for _ in range(2):
        run.train_step(data[0])
    assert run.network.refiner.passes_coarse_maps()
    for name, value in run.network.state_dict().items():
        if name.startswith("refiner."):
            assert torch.equal(value, before[name]), name
    assert not torch.equal(run.network.decoder.conv4.weight, before["decoder.conv4.weight"])


def test_rate_warms_up_holds_and_falls():
    stage = replace(stages.STAGES["base"], steps=100, rate=1.0, warm_up=10, anneal=0.5)
    rates = [rate_at(step, stage) for step in range(100)]
    assert rates[0] == pytest.approx(0.1) and rates[30] == 1
    assert rates[75] == pytest.approx(0.5) and 0 < rates[99] < 0.03


def test_the_average_follows_slowly_and_ends_near_the_weights():
    network = torch.nn.Linear(2, 1)
    average = Average(network, 0.9)
    before = average.network.weight.clone()
    with torch.no_grad():
        network.weight += 1
    for step in range(200):
        average.update(network, step)
        if step == 50:
            assert (average.network.weight - before).max() < 1.001
    torch.testing.assert_close(average.network.weight, network.weight)


def test_a_resumed_log_drops_what_was_not_saved(tmp_path):
    log = Log(tmp_path / "log.csv", every=2)
    for step in range(1, 9):
        log.add(step, {"loss": step})
    log.forget_after(5)
    lines = (tmp_path / "log.csv").read_text().splitlines()
    assert lines == ["step,loss", "2,1.5", "4,3.5"]
    draw_curves(tmp_path / "log.csv", tmp_path / "curves.png")


def test_a_batch_of_one_is_refused_with_the_reason(tmp_path, capsys):
    call = ["train", "--stage", "base", "--out", str(tmp_path), "--bank", str(tmp_path), "--batch"]
    assert main([*call, "1"]) == 1
    assert "--batch 1: wanted 2 pictures or more" in capsys.readouterr().err


def test_the_commands_train_and_finetune_run_on_tiny_data(tmp_path, source, monkeypatch, capsys):
    for name, plan in PLANS.items():
        stage = replace(stages.STAGES[name], plan=plan)
        monkeypatch.setitem(stages.STAGES, name, stage)
    first = tmp_path / "first.safetensors"
    write_safetensors(first, MattingRefine(SMALL).state_dict(), "fp32", {})
    tiny_source(tmp_path)
    common = [
        "--bank",
        str(tmp_path / "bank"),
        "--init",
        str(first),
        "--steps",
        "2",
        "--batch",
        "2",
        "--workers",
        "0",
    ]
    assert main(["train", "--stage", "base", "--out", str(tmp_path / "run"), *common]) == 0
    assert load_network(tmp_path / "run" / "model.safetensors") is not None
    make_footage(tmp_path / "footage")
    assert (
        main(
            [
                "finetune",
                "--footage",
                str(tmp_path / "footage"),
                "--out",
                str(tmp_path / "tuned"),
                *common,
            ]
        )
        == 0
    )
    assert "kept so" not in capsys.readouterr().out
    before = load_network(first).state_dict()
    tuned = load_network(tmp_path / "tuned" / "model.safetensors").state_dict()
    assert any(not torch.equal(value, before[name]) for name, value in tuned.items())
    assert (
        main(
            [
                "finetune",
                "--footage",
                str(tmp_path / "nothing"),
                "--out",
                str(tmp_path / "x"),
                *common,
            ]
        )
        == 1
    )
    assert "src.png" in capsys.readouterr().err


def make_footage(folder):
    from test_data_dataset import write_item

    write_item(folder / "clip", 200, 240)
