"""matting-models train: one stage on procedural (and, if given, own or rendered) triplets."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, Optional

import torch

from matting_models.data.bank import open_or_draw
from matting_models.data.dataset import Triplets
from matting_models.data.footage import Footage
from matting_models.data.photographs import load_photographs
from matting_models.data.source import Source
from matting_models.network import MattingRefine
from matting_models.train import parallel
from matting_models.train.run import Run
from matting_models.train.stages import STAGES, Stage
from matting_models.weights import load_network


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--stage", required=True, choices=sorted(STAGES))
    parser.add_argument(
        "--out",
        required=True,
        type=Path,
        metavar="DIR",
        help="folder of the run; one that holds a state is resumed",
    )
    parser.add_argument("--init", metavar="FILE", help="weights to start from (any known format)")
    parser.add_argument(
        "--new-refiner",
        action="store_true",
        help="start with a refiner that hands on the coarse matte, whatever that of --init does",
    )
    parser.add_argument(
        "--bank",
        required=True,
        type=Path,
        metavar="DIR",
        help="data bank; drawn first if it is not there (3 GB, minutes)",
    )
    parser.add_argument("--photos", metavar="DIR", help="photographs as sources of texture")
    parser.add_argument(
        "--footage",
        metavar="DIR",
        help="triplets DIR/*/{src,bgr,alpha,fgr}.png mixed into the data",
    )
    add_run_arguments(parser)


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--steps", type=int, help="length of the stage; may change on resuming")
    parser.add_argument("--rate", type=float, help="peak learning rate")
    parser.add_argument("--batch", type=int, help="pictures a step")
    parser.add_argument("--views", type=int, help="how often a scene is shown")
    parser.add_argument("--kept", type=int, help="scenes of each size kept to be shown again")
    parser.add_argument(
        "--minutes",
        type=float,
        help="end by the clock instead of --steps: for a machine that is there for a while only",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1, help="processes that draw data")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0: PyTorch decides")


def adjusted(stage: Stage, arguments: argparse.Namespace) -> Stage:
    """The stage with what the command line overrides."""
    changes: Dict[str, Any] = {
        name: getattr(arguments, name)
        for name in ("steps", "rate")
        if getattr(arguments, name) is not None
    }
    if arguments.batch is not None:
        if arguments.batch < 2:
            raise ValueError(
                f"--batch {arguments.batch}: wanted 2 pictures or more, since the network is "
                "normalised over them (BatchNorm)"
            )
    plan_changes = {
        name: getattr(arguments, name)
        for name in ("batch", "views", "kept")
        if getattr(arguments, name) is not None
    }
    return replace(stage, plan=replace(stage.plan, **plan_changes), **changes)


def initial_network(file: Optional[str]) -> MattingRefine:
    """The network of a weight file, or an untrained one with the published dimensions."""
    if file is None:
        return MattingRefine("mobilenetv2")
    network = load_network(file)
    if not isinstance(network, MattingRefine):
        raise ValueError(f"{file}: wanted the weights of a MattingRefine, found a MattingBase")
    return network


def run(arguments: argparse.Namespace) -> int:
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    parallel.join()
    torch.manual_seed(arguments.seed)
    stage = adjusted(STAGES[arguments.stage], arguments)
    bank = open_or_draw(arguments.bank, max(1, arguments.workers))
    footage = Footage(arguments.footage) if arguments.footage else None
    data = Triplets(
        Source(bank, load_photographs(arguments.photos)),
        stage.plan,
        arguments.seed,
        footage=footage,
        stream=parallel.rank(),
    )
    network = initial_network(arguments.init)
    if arguments.new_refiner:
        network.refiner.pass_coarse_maps()
    training = Run(network, stage, arguments.out, arguments.seed)
    print(f"{arguments.stage}: step {training.step} of {stage.steps} on {training.device}")
    steps = training.go(data, arguments.workers, minutes=arguments.minutes)
    print(f"{arguments.stage}: {steps} of {training.stage.steps} steps done; {arguments.out}")
    return 0
