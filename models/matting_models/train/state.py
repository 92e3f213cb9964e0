"""The state of a run on disk: everything that is needed to go on as if never stopped."""

import os
from pathlib import Path
from typing import Any, Callable, Dict, Optional

import torch
from safetensors.torch import save_file

STATE = "state.pt"
MODEL = "model.safetensors"


def save_state(folder: Path, state: dict, average: dict) -> None:
    """Write the state and, as plain float32 safetensors, the averaged weights; both atomically."""
    folder.mkdir(parents=True, exist_ok=True)
    _atomically(folder / STATE, lambda file: torch.save(state, file))
    tensors = {name: value.detach().cpu().contiguous() for name, value in average.items()}
    _atomically(folder / MODEL, lambda file: save_file(tensors, file))


def load_state(folder: Path, device: torch.device) -> Optional[Dict[str, Any]]:
    """The saved state, or None if this run is new."""
    file = folder / STATE
    if not file.exists():
        return None
    return torch.load(file, map_location=device, weights_only=True)


def _atomically(file: Path, write: Callable[[Path], None]) -> None:
    temporary = file.with_name(file.name + ".part")
    write(temporary)
    os.replace(temporary, file)
