"""matting-models finetune: a few steps on a user's own footage, mixed with procedural data.

The footage is a folder of triplets, DIR/<item>/{src,bgr,alpha,fgr}.png, or of clips' frames with
one plate (--plate); for frames without alpha, pseudo triplets are made first: the network that is
to be tuned predicts them, and only frames that it is sure of are kept.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import torch

from matting_models.data.bank import open_or_draw
from matting_models.data.dataset import Triplets
from matting_models.data.footage import Footage
from matting_models.data.photographs import load_photographs
from matting_models.data.source import Source
from matting_models.train.command import add_run_arguments, adjusted, initial_network
from matting_models.train.pseudo import make_triplets
from matting_models.train.run import Run
from matting_models.train.stages import STAGES

RATE = 1e-4  # high rates undo what was learned
STEPS = 300


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--footage",
        required=True,
        type=Path,
        metavar="DIR",
        help="DIR/*/{src,bgr,alpha,fgr}.png; with --plate: a folder of frames",
    )
    parser.add_argument("--plate", metavar="FILE", help="the plate of all frames in --footage")
    parser.add_argument("--init", required=True, metavar="FILE", help="weights to start from")
    parser.add_argument(
        "--out",
        required=True,
        type=Path,
        metavar="DIR",
        help="folder of the run; model.safetensors is the result",
    )
    parser.add_argument(
        "--bank",
        required=True,
        type=Path,
        metavar="DIR",
        help="data bank of the procedural part; drawn first if missing",
    )
    parser.add_argument("--photos", metavar="DIR", help="photographs as sources of texture")
    parser.add_argument(
        "--share",
        type=float,
        default=0.5,
        help="share of the samples that come from the footage",
    )
    add_run_arguments(parser)
    parser.set_defaults(rate=RATE, steps=STEPS, batch=4)


def run(arguments: argparse.Namespace) -> int:
    if not 0 < arguments.share <= 1:
        raise ValueError(f"--share must be in (0, 1], found {arguments.share}")
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    network = initial_network(arguments.init)
    if network.refiner.passes_coarse_maps():
        network.refiner.requires_grad_(False)
        print("finetune: the refiner hands the coarse matte on, and is kept so")
    folder = arguments.footage
    if arguments.plate:
        folder = arguments.out / "triplets"
        count = make_triplets(network, arguments.footage, Path(arguments.plate), folder)
        print(f"finetune: {count} frames with a sure matte in {folder}")
    stage = adjusted(STAGES["refine"], arguments)
    plan = replace(stage.plan, footage=arguments.share, own_plate=1.0)
    bank = open_or_draw(arguments.bank, max(1, arguments.workers))
    data = Triplets(
        Source(bank, load_photographs(arguments.photos)),
        plan,
        arguments.seed,
        footage=Footage(folder),
    )
    training = Run(network, replace(stage, plan=plan), arguments.out, arguments.seed)
    steps = training.go(data, arguments.workers, minutes=arguments.minutes)
    print(f"finetune: {steps} steps done; {arguments.out / 'model.safetensors'}")
    return 0
