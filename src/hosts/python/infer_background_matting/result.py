"""What a run gives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal

import numpy
from numpy.typing import NDArray

from .errors import ErrorCode, MattingError

Pixels = NDArray[numpy.unsignedinteger[Any]]
OutputName = Literal["composite", "alpha", "foreground", "error"]

OUTPUTS: tuple[OutputName, ...] = ("composite", "alpha", "foreground", "error")


class Result:
    """Arrays of the image's height, width and type; colours in the order that was asked for.

    An output that the call did not name was not computed: reading it raises MattingError.
    """

    def __init__(self, arrays: Mapping[str, Pixels], info: str) -> None:
        self._arrays = arrays
        self._info = info

    @property
    def composite(self) -> Pixels:
        """The subject over the new background; without one (H, W, 4), straight alpha."""
        return self._output("composite")

    @property
    def alpha(self) -> Pixels:
        """(H, W): the subject's coverage."""
        return self._output("alpha")

    @property
    def foreground(self) -> Pixels:
        """(H, W, 3): the subject's colour without the background's light."""
        return self._output("foreground")

    @property
    def error(self) -> Pixels:
        """(H, W): the network's estimate of its own error."""
        return self._output("error")

    @cached_property
    def info(self) -> dict[str, Any]:
        """Model, engine, device, times, warnings: the same as result.json of `matting image`."""
        info: dict[str, Any] = json.loads(self._info)
        return info

    def _output(self, name: OutputName) -> Pixels:
        if name in self._arrays:
            return self._arrays[name]
        raise MattingError(
            ErrorCode.INVALID_ARGUMENT,
            f"{name} was not computed: this run was asked for {', '.join(self._arrays)}",
        )

    def __repr__(self) -> str:
        shapes = (f"{name} {array.shape} {array.dtype}" for name, array in self._arrays.items())
        return f"Result({', '.join(shapes)})"
