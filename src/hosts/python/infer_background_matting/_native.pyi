"""Types of the compiled module. Not for users: the package's own modules wrap it."""

import enum
from collections.abc import Callable, Mapping
from typing import Any, Optional

import numpy
from numpy.typing import NDArray

VERSION: str

class ErrorCode(enum.IntEnum):
    INVALID_ARGUMENT = 1
    UNKNOWN_PARAMETER = 2
    BAD_PARAMETER_VALUE = 3
    MISSING_INPUT = 4
    BAD_IMAGE = 5
    TOO_LARGE = 6
    MODEL_NOT_FOUND = 7
    MODEL_INVALID = 8
    DEVICE_UNAVAILABLE = 9
    NOT_SUPPORTED = 10
    OUT_OF_MEMORY = 11
    CANCELLED = 12
    READ_FAILED = 13
    WRITE_FAILED = 14
    INTERNAL = 19

def parameter_rows() -> list[tuple[str, str, str, str, str]]: ...

class Picture:
    def __init__(self, array: object, name: str, order: str, generation: int) -> None: ...
    @property
    def copied(self) -> bool: ...

class Task:
    def __init__(self) -> None: ...
    def set_parameters(self, values: Mapping[str, str]) -> None: ...
    def parameters(self) -> dict[str, str]: ...
    def run(
        self,
        image: Picture,
        plate: Picture,
        background: Optional[Picture],
        mask: Optional[Picture],
        outputs: list[str],
        progress: Optional[Callable[[int, int, str], object]],
    ) -> tuple[dict[str, NDArray[numpy.unsignedinteger[Any]]], str]: ...
    def cancel(self) -> None: ...
