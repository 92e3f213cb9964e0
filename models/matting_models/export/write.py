"""Writing a TorchScript file that has proved itself, and its manifest."""

import json
import os
from pathlib import Path
from typing import Any, Dict, List

import torch

from matting_models.export.archive import strip_debug_records
from matting_models.export.check import GOLDEN, Result, compare, fault, output_ranges
from matting_models.export.module import BaseModule, RefineModule
from matting_models.network import MattingBase, MattingRefine
from matting_models.weights import PRECISIONS, build_network, file_sha256
from matting_models.weights.files import convert

KINDS = ("refine", "base")


def export_network(
    network: MattingBase, output: Path, precision: str = "fp16", kind: str = "refine"
) -> Dict[str, Any]:
    """Write `output` and `output`.json, and return what the latter holds.

    The file is loaded again and compared with the eager network of the same rounded weights before
    it gets its name; if they differ, ValueError is raised and nothing is left. Its settings are the
    defaults, whatever the network was set to.

    precision: of the stored weights, a key of PRECISIONS; a loader brings them to the type that it
    computes in. kind: "refine", or "base" for the base network alone.
    """
    network = rounded(as_kind(network, kind), precision)
    temporary = output.with_name(output.name + ".part")
    raw = output.with_name(output.name + ".raw")
    try:
        save(network, raw, precision)
        strip_debug_records(raw, temporary)
        results = checked(network, temporary)
        os.replace(temporary, output)
    finally:
        temporary.unlink(missing_ok=True)
        raw.unlink(missing_ok=True)
    manifest = describe(network, output, precision, results)
    manifest_path = output.with_name(output.name + ".json")
    manifest_path.write_text(json.dumps(manifest, indent=1) + "\n")
    return manifest


def as_kind(network: MattingBase, kind: str) -> MattingBase:
    """The base network alone, or the whole; the former can be had of the latter."""
    refine = isinstance(network, MattingRefine)
    if kind == "refine" and not refine:
        raise ValueError("wanted a network with a refiner, found a base network: export kind base")
    if kind == "base" and refine:
        tensors = network.state_dict()
        return build_network({k: v for k, v in tensors.items() if not k.startswith("refiner.")})
    return network


def rounded(network: MattingBase, precision: str) -> MattingBase:
    """A float32 network of the weights as they will be stored."""
    dtype = PRECISIONS[precision]
    tensors = network.state_dict()
    return build_network(
        {k: convert(k, v, dtype).to(v.dtype) for k, v in tensors.items()}
    ).requires_grad_(False)


def save(network: MattingBase, path: Path, precision: str) -> None:
    module = RefineModule(network) if isinstance(network, MattingRefine) else BaseModule(network)
    scripted = torch.jit.script(module)
    scripted.to(PRECISIONS[precision]).save(str(path))
    network.float()  # the scripted module shares its parameters


def checked(network: MattingBase, path: Path) -> List[Result]:
    """Compare a file with the network; raises ValueError with every fault that was found."""
    loaded = torch.jit.load(str(path)).to(torch.float32)
    results = list(compare(network, loaded))
    faults = [text for text in map(fault, results) if text]
    if faults:
        raise ValueError("the TorchScript file was refused: " + "; ".join(faults))
    return results


def describe(
    network: MattingBase, path: Path, precision: str, results: List[Result]
) -> Dict[str, Any]:
    return {
        "file": path.name,
        "sha256": file_sha256(path),
        "bytes": path.stat().st_size,
        "kind": ("mattingrefine" if isinstance(network, MattingRefine) else "mattingbase"),
        "dimensions": network.dimensions.to_dict(),
        "precision": precision,
        "torch": torch.__version__.split("+")[0],
        "cases_compared_with_eager": len(results),
        "largest_difference": max(result.difference for result in results),
        "patches_that_differ": sum(result.patches_differ for result in results),
        "golden": {"case": GOLDEN._asdict(), "outputs": output_ranges(network)},
    }
