"""matting-models export: a checkpoint -> a TorchScript file and its manifest."""

import argparse
from pathlib import Path

from matting_models.export.write import KINDS, export_network
from matting_models.weights import PRECISIONS, load_network


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--checkpoint",
        required=True,
        metavar="FILE",
        help=".safetensors, .pth or TorchScript",
    )
    parser.add_argument(
        "--output",
        required=True,
        metavar="FILE",
        type=Path,
        help="TorchScript file to write",
    )
    parser.add_argument(
        "--precision",
        choices=sorted(PRECISIONS),
        default="fp16",
        help="of the stored weights",
    )
    parser.add_argument("--kind", choices=KINDS, default="refine", help="with or without refiner")


def run(arguments: argparse.Namespace) -> int:
    network = load_network(arguments.checkpoint)
    manifest = export_network(network, arguments.output, arguments.precision, arguments.kind)
    print(
        f"{arguments.output}: {manifest['kind']} {network.dimensions.backbone}, "
        f"{manifest['bytes']} bytes, sha256 {manifest['sha256']}; largest difference from eager "
        f"{manifest['largest_difference']:.2g} in {manifest['cases_compared_with_eager']} cases"
    )
    return 0
