"""Runs a TorchScript file under another torch: a program for an interpreter that has only torch.

    python torchscript_runner.py FILE JOBS OUTPUTS

JOBS: torch.save'd list of (settings, src, bgr), settings a dictionary of attributes to set.
OUTPUTS: receives the list of the outputs of each job. Arithmetic is float32 on the CPU.
"""

import sys

import torch


def main(file: str, jobs: str, outputs: str) -> None:
    module = torch.jit.load(file).to(torch.float32)
    results = []
    for settings, src, bgr in torch.load(jobs):
        for name, value in settings.items():
            setattr(module, name, value)
        with torch.no_grad():
            results.append(module(src, bgr))
    torch.save(results, outputs)


if __name__ == "__main__":
    main(*sys.argv[1:])
