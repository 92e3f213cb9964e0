"""matting-models calibrate: put what layers read beside the weights, for int8."""

import argparse
from pathlib import Path
from typing import Iterator, Tuple

import numpy as np

from matting_models.data.bank import open_or_draw
from matting_models.data.photographs import load_photographs
from matting_models.data.scene import make_triplet
from matting_models.data.source import Source
from matting_models.evaluate.items import read_items
from matting_models.evaluate.predict import predict
from matting_models.network import MattingRefine, Refinement
from matting_models.weights import PRECISIONS, build_network, read_weights, write_safetensors
from matting_models.weights.calibration import observed_ranges, split_calibration
from matting_models.weights.command import describe

SEED = 31
SIZES = ((270, 480), (480, 270), (360, 480), (480, 480))  # what the base network sees
UNREFINED = Refinement("sampling", 0, 0.7, True)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", required=True, metavar="FILE", help="weights to read")
    parser.add_argument("--output", required=True, metavar="FILE", help="safetensors to write")
    parser.add_argument("--precision", choices=sorted(PRECISIONS), default="fp16")
    pairs = parser.add_mutually_exclusive_group(required=True)
    pairs.add_argument("--items", metavar="DIR", help="pairs DIR/*/{src,bgr}.png of your own")
    pairs.add_argument("--bank", type=Path, metavar="DIR", help="synthetic pairs of this data bank")
    parser.add_argument("--photos", metavar="DIR", help="with --bank: sources of texture")
    parser.add_argument("--pairs", type=int, default=32, help="with --bank: how many")


def run(arguments: argparse.Namespace) -> int:
    source = read_weights(arguments.checkpoint)
    own, _ = split_calibration(source.tensors)
    network = build_network(own)
    if not isinstance(network, MattingRefine):
        raise ValueError(f"wanted a MattingRefine, {arguments.checkpoint} has no refiner")
    count = 0
    with observed_ranges(network) as ranges:
        for src, bgr in pairs_of(arguments):
            predict(network, src, bgr, UNREFINED)
            count += 1
    if count == 0:
        raise ValueError(f"--pairs must be 1 or more, found {arguments.pairs}")
    metadata = {**describe(network, source.sha256), **source.metadata}
    write_safetensors(arguments.output, {**own, **ranges}, arguments.precision, metadata)
    print(f"{arguments.output}: ranges of {len(ranges)} layers over {count} pairs")
    return 0


def pairs_of(arguments: argparse.Namespace) -> Iterator[Tuple[np.ndarray, np.ndarray]]:
    """Image and plate, uint8 RGB."""
    if arguments.items:
        for item in read_items(Path(arguments.items)):
            yield item.src, item.bgr
        return
    source = Source(open_or_draw(arguments.bank), load_photographs(arguments.photos))
    for index in range(arguments.pairs):
        height, width = SIZES[index % len(SIZES)]
        scene = make_triplet([SEED, index], height, width, 0.25, source)
        yield scene["src"], scene["bgr"]
