"""The parameters: their types for keyword arguments, and their table as the library knows it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal, NamedTuple, TypedDict, Union

from . import _native

Value = Union[str, int, float, "os.PathLike[str]"]


class Parameters(TypedDict, total=False):
    """Every value may also be given as text; README.md and `parameter_table` explain them."""

    model_type: Literal["mattingrefine", "mattingbase"]
    model_backbone: Literal["mobilenetv2", "resnet50", "resnet101"]
    model_backbone_scale: float | str
    model_refine_mode: Literal["sampling", "thresholding", "full"]
    model_refine_pixels: int | str
    model_refine_threshold: float | str
    model_region_margin: float | str
    model_refine_change: float | str
    cuda: str
    engine: Literal["auto", "native", "torchscript"]
    precision: Literal["auto", "fp32", "bf16", "fp16", "int8"]
    model_path: str | os.PathLike[str]
    background: str
    background_fit: Literal["cover", "contain", "stretch", "center", "tile"]
    threads: int | str
    model_backbone_min_side: int | str
    plate_projection: Literal["auto", "on", "off"]
    plate_projection_passes: int | str


class ParameterInfo(NamedTuple):
    """One row of the table of parameters; everything is text."""

    key: str
    type: str
    default: str
    allowed: str
    help: str


def parameter_table() -> list[ParameterInfo]:
    """All parameters in the order of the documentation."""
    return [ParameterInfo(*row) for row in _native.parameter_rows()]


def as_texts(values: Mapping[str, Value]) -> dict[str, str]:
    """The values as the library takes them. It checks them itself."""
    return {key: _text(key, value) for key, value in values.items()}


def _text(key: str, value: object) -> str:
    if isinstance(value, os.PathLike):
        return str(os.fspath(value))
    # Numbers of numpy are no int or float of Python, but print as such.
    if isinstance(value, (str, int, float)) or hasattr(value, "dtype"):
        return str(value)
    raise TypeError(f"{key}: wanted a text, a number or a path, found {type(value).__name__}")
