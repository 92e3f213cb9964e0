"""matting-models convert: any weight file -> safetensors."""

import argparse
import json

from matting_models.network import MattingBase, MattingRefine
from matting_models.weights.calibration import split_calibration
from matting_models.weights.files import PRECISIONS, read_weights, write_safetensors
from matting_models.weights.load import build_network
from matting_models.weights.stretch import stretch_alpha


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", required=True, metavar="FILE", help="weights to read")
    parser.add_argument("--output", required=True, metavar="FILE", help="safetensors to write")
    parser.add_argument("--precision", choices=sorted(PRECISIONS), default="fp16")
    parser.add_argument(
        "--stretch",
        nargs=2,
        type=float,
        metavar=("LOW", "HIGH"),
        help="fold into the weights that alpha LOW becomes 0 and 1 - HIGH becomes 1",
    )


def run(arguments: argparse.Namespace) -> int:
    source = read_weights(arguments.checkpoint)
    network = build_network(source.tensors)
    if arguments.stretch:
        if not isinstance(network, MattingRefine):
            raise ValueError(f"--stretch wants a MattingRefine, {arguments.checkpoint} has none")
        stretch_alpha(network, *arguments.stretch)
    metadata = describe(network, source.sha256)
    _, calibration = split_calibration(source.tensors)  # a stretch changes outputs only
    tensors = {**network.state_dict(), **calibration}
    write_safetensors(arguments.output, tensors, arguments.precision, metadata)
    print(f"{arguments.output}: {metadata['kind']} {network.dimensions.backbone}")
    return 0


def describe(network: MattingBase, source_sha256: str) -> dict:
    """The metadata of our safetensors files: enough to rebuild the network and to trace it."""
    return {
        "format": "pt",
        "kind": ("mattingrefine" if isinstance(network, MattingRefine) else "mattingbase"),
        "backbone": network.dimensions.backbone,
        "dimensions": json.dumps(network.dimensions.to_dict()),
        "source_sha256": source_sha256,
    }
