"""matting-models evaluate: a checkpoint on a folder of items or on the synthetic hold-out."""

import argparse
import json
from functools import partial
from pathlib import Path
from typing import List

import numpy as np

from matting_models.data.bank import draw_bank
from matting_models.data.holdout import HOLDOUT_BANK
from matting_models.data.photographs import load_photographs
from matting_models.data.source import Source
from matting_models.evaluate.holdout import COLUMNS, holdout_table
from matting_models.evaluate.items import read_items, write_matte
from matting_models.evaluate.metrics import matte_metrics
from matting_models.evaluate.predict import MIN_SIDE, Predictor, predict
from matting_models.evaluate.report import Scored, mean_metrics, write_page, write_sheet
from matting_models.network import REFINE_MODES, MattingRefine, Refinement
from matting_models.weights import load_network


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", required=True, metavar="FILE", help="weights to evaluate")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--items",
        type=Path,
        metavar="DIR",
        help="DIR/*/{src,bgr}.png and, for scores, {alpha,fgr}.png; or files named as in "
        "sample_image",
    )
    what.add_argument(
        "--holdout",
        type=Path,
        metavar="BANK",
        help="the synthetic hold-out; its bank is drawn there first if missing",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="DIR/report/index.html with picture sheets, and with --items the mattes",
    )
    parser.add_argument("--mode", choices=REFINE_MODES, default="sampling")
    parser.add_argument("--scale", type=float, default=0.25, help="of the base network's input")
    parser.add_argument(
        "--min-side",
        type=int,
        help="raises the scale for small pictures: least longer side of the base network's input; "
        f"default {MIN_SIDE} with --items, and 0 with --holdout, which shows parts of HD pictures",
    )
    parser.add_argument(
        "--scenes", type=positive, default=100, help="with --holdout: of each split"
    )
    parser.add_argument("--photos", metavar="DIR", help="with --holdout: sources of texture")
    parser.add_argument("--json", action="store_true", help="print the scores as JSON")


def positive(text: str) -> int:
    """The number of scenes that was typed."""
    if int(text) < 1:
        raise argparse.ArgumentTypeError(f"wanted a whole number from 1, found {text}")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    network = load_network(arguments.checkpoint)
    if not isinstance(network, MattingRefine):
        raise ValueError(f"{arguments.checkpoint}: wanted a MattingRefine, found a MattingBase")
    if arguments.holdout:
        print_holdout(network, arguments)
    else:
        print_items(network, arguments)
    return 0


def predictor(network: MattingRefine, arguments: argparse.Namespace) -> Predictor:
    how = Refinement(arguments.mode, 80_000, 0.7, True)
    usual = 0 if arguments.holdout else MIN_SIDE
    side = usual if arguments.min_side is None else arguments.min_side
    return partial(predict, network, how=how, scale=arguments.scale, min_side=side)


def print_holdout(network: MattingRefine, arguments: argparse.Namespace) -> None:
    bank = draw_bank(arguments.holdout, HOLDOUT_BANK, processes=2)
    source = Source(bank, load_photographs(arguments.photos))
    table = holdout_table(predictor(network, arguments), source, arguments.scenes)
    scores = []
    for split, means, worst, matte in table:
        scores.append(Scored(split, means))
        if arguments.out:
            write_sheet(arguments.out / "report", worst, matte)
        if not arguments.json:
            columns = "".join(f"{name:>9} {means[name]:6.2f}" for name in COLUMNS)
            print(f"{split:14}{columns}", flush=True)
    if arguments.out:
        name = Path(arguments.checkpoint).name
        title = f"{name} on the hold-out: the worst of {arguments.scenes} scenes a nuisance"
        write_page(arguments.out / "report", title, scores)
    if arguments.json:
        print(json.dumps(dict(scores), indent=1))


def print_items(network: MattingRefine, arguments: argparse.Namespace) -> None:
    scores = score_items(network, arguments)
    if arguments.out and scores:
        title = f"{Path(arguments.checkpoint).name} on {arguments.items.name}"
        write_page(arguments.out / "report", title, scores)
    rows = [*scores, Scored("mean", mean_metrics(scores))]
    if arguments.json:
        print(json.dumps({row.name: row.metrics for row in rows}, indent=1))
        return
    for row in rows:
        print(f"{row.name:24}" + "".join(f" {k} {v:8.3f}" for k, v in row.metrics.items()))


def score_items(network: MattingRefine, arguments: argparse.Namespace) -> List[Scored]:
    """Predict every item, write what is asked for, score those whose truth is known."""
    matte_of = predictor(network, arguments)
    scores = []
    for item in read_items(arguments.items):
        matte = matte_of(item.src, item.bgr)
        if arguments.out:
            write_matte(arguments.out / item.name, matte.alpha, matte.fgr)
            write_sheet(arguments.out / "report", item, matte)
        if item.alpha is not None:
            true_fgr = None if item.fgr is None else item.fgr / np.float64(255)
            metrics = matte_metrics(matte.alpha, item.alpha, matte.fgr, true_fgr)
            scores.append(Scored(item.name, metrics))
    return scores
