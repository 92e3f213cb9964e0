"""Tensors by name, from and to files.

Read: safetensors, gzipped safetensors, torch.save'd state dictionaries (published .pth files) and
training checkpoints, TorchScript files. The content decides, not the file's name. Written:
safetensors, the one format of these that holds no code.
"""

import gzip
import hashlib
import json
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any, Dict, Mapping, NamedTuple, Tuple, Union

import safetensors
import safetensors.torch
import torch
from torch import Tensor

PRECISIONS = {"fp16": torch.float16, "fp32": torch.float32}
# A training checkpoint holds several state dictionaries; the averaged weights are the better ones.
CHECKPOINT_ENTRIES = ("ema", "model", "state_dict")
# What wrappers put before every name, outermost first: DataParallel, the published exporter.
WRAPPER_PREFIXES = ("module.", "model.")

PathLike = Union[str, Path]


class WeightFile(NamedTuple):
    """tensors by their published names, as stored; sha256 of the file; its metadata, if any."""

    tensors: Dict[str, Tensor]
    sha256: str
    metadata: Dict[str, str]


def file_sha256(path: PathLike) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def read_weights(path: PathLike) -> WeightFile:
    """Raises OSError if the file can't be read, ValueError if it holds no tensors by name."""
    path = Path(path)
    metadata: Dict[str, str] = {}
    with open(path, "rb") as file:
        start = file.read(2)
    if start == b"\x1f\x8b":
        with gzip.open(path) as packed:
            tensors, metadata = parse_safetensors(packed.read(), path)
    elif start == b"PK" or start[:1] == b"\x80":
        tensors = read_torch_file(path)
    else:
        tensors, metadata = parse_safetensors(path.read_bytes(), path)
    return WeightFile(without_prefix(tensors), file_sha256(path), metadata)


def parse_safetensors(data: bytes, path: Path) -> Tuple[Dict[str, Tensor], Dict[str, str]]:
    try:
        tensors = safetensors.torch.load(data)
    except safetensors.SafetensorError as error:
        raise ValueError(
            f"{path}: wanted a safetensors, .pth or TorchScript file, found neither ({error})"
        ) from error
    header_size = int.from_bytes(data[:8], "little")
    return tensors, json.loads(data[8 : 8 + header_size]).get("__metadata__", {})


def read_torch_file(path: Path) -> Dict[str, Tensor]:
    if is_torchscript(path):
        return dict(torch.jit.load(str(path), map_location="cpu").state_dict())
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except (RuntimeError, pickle.UnpicklingError, EOFError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(
            f"{path}: wanted a file of tensors alone, as torch.save writes; torch says: {reason}"
        ) from error
    return find_state_dict(content, path)


def is_torchscript(path: Path) -> bool:
    return zipfile.is_zipfile(path) and any(
        name.endswith("/constants.pkl") for name in zipfile.ZipFile(path).namelist()
    )


def find_state_dict(content: Any, path: Path) -> Dict[str, Tensor]:
    while isinstance(content, Mapping):
        if content and all(isinstance(v, Tensor) for v in content.values()):
            return dict(content)
        entry = next((k for k in CHECKPOINT_ENTRIES if k in content), None)
        if entry is None:
            break
        content = content[entry]
    raise ValueError(
        f"{path}: wanted tensors by name, or a dictionary with one of {CHECKPOINT_ENTRIES} that "
        f"holds them; found {type(content).__name__}"
    )


def without_prefix(tensors: Dict[str, Tensor]) -> Dict[str, Tensor]:
    for prefix in WRAPPER_PREFIXES:
        if tensors and all(name.startswith(prefix) for name in tensors):
            tensors = {name[len(prefix) :]: value for name, value in tensors.items()}
    return tensors


def write_safetensors(
    path: PathLike,
    tensors: Mapping[str, Tensor],
    precision: str,
    metadata: Mapping[str, str],
) -> None:
    """Write floating-point tensors in a precision of PRECISIONS, all else as it is; atomically."""
    dtype = PRECISIONS[precision]
    stored = {k: convert(k, v, dtype) for k, v in tensors.items()}
    path = Path(path)
    temporary = path.with_name(path.name + ".part")
    try:
        temporary.write_bytes(safetensors.torch.save(stored, dict(metadata)))
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def convert(name: str, value: Tensor, dtype: torch.dtype) -> Tensor:
    if not value.is_floating_point():
        return value.contiguous()
    stored = value.detach().to(dtype).contiguous()
    if not stored.isfinite().all():
        raise ValueError(
            f"{name}: up to {value.abs().max().item():g} does not fit {dtype}: store it as fp32"
        )
    return stored
