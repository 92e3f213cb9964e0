"""Weight files: reading published and own checkpoints, writing safetensors."""

from matting_models.weights.files import (
    PRECISIONS,
    WeightFile,
    file_sha256,
    read_weights,
    write_safetensors,
)
from matting_models.weights.load import build_network, load_network
from matting_models.weights.recognise import has_refiner, recognise_dimensions

__all__ = [
    "PRECISIONS",
    "WeightFile",
    "build_network",
    "file_sha256",
    "has_refiner",
    "load_network",
    "read_weights",
    "recognise_dimensions",
    "write_safetensors",
]
