"""The command line: finds the subcommand's module and lets it do the work.

A subcommand is a module with `add_arguments(parser)` and `run(arguments) -> exit code`. It is
imported only when it is called, so that, say, `export` does not need what `data` needs.
Exit codes: 0 done, 1 the work failed, 2 the call was wrong.
"""

import argparse
import sys
from importlib import import_module
from typing import Dict, NamedTuple, Optional, Sequence


class Command(NamedTuple):
    module: str
    help: str


COMMANDS: Dict[str, Command] = {
    "bank": Command("matting_models.data.command", "draw what training data is made from"),
    "calibrate": Command(
        "matting_models.evaluate.calibrate_command",
        "add what precision int8 needs to a weight file",
    ),
    "convert": Command("matting_models.weights.command", "turn any weight file into safetensors"),
    "export": Command("matting_models.export.command", "write a TorchScript file and check it"),
    "evaluate": Command("matting_models.evaluate.command", "score a checkpoint, write a report"),
    "finetune": Command("matting_models.train.finetune_command", "tune to a user's own footage"),
    "train": Command("matting_models.train.command", "train one stage, or go on with it"),
}


def main(argv: Optional[Sequence[str]] = None) -> int:
    argv = sys.argv[1:] if argv is None else list(argv)
    parser = argparse.ArgumentParser(prog="matting-models", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        subparser = commands.add_parser(name, help=command.help, description=command.help)
        if argv[:1] == [name]:
            import_module(command.module).add_arguments(subparser)
    arguments = parser.parse_args(argv)
    try:
        return import_module(COMMANDS[arguments.command].module).run(arguments)
    except (OSError, ValueError) as error:
        print(f"matting-models {arguments.command}: {error}", file=sys.stderr)
        return 1
