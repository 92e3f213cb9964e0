"""The task as a callable, and pictures that stay the same from call to call."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Callable, Literal, Optional, Union

import numpy

from . import _native
from .parameters import Parameters, Value, as_texts
from .result import OUTPUTS, OutputName, Pixels, Result

if TYPE_CHECKING:
    from typing_extensions import Unpack

Order = Literal["rgb", "bgr"]
Source = Union[Pixels, "Still"]
Progress = Callable[[int, int, str], object]

_generations = itertools.count(1)


class Still:
    """A picture used in many calls, such as a plate: what is derived from it is kept in between.

    It holds a copy, so that a later change of the array changes nothing here.
    """

    def __init__(self, array: Pixels, *, order: Order = "rgb") -> None:
        copy = numpy.array(array, order="C")
        self._picture = _native.Picture(copy, "still", order, next(_generations))


class Matting:
    """One configured task. Parameters are keyword arguments, or a mapping of texts to texts.

    An object runs in one thread at a time (a second call meanwhile raises MattingError); objects
    are independent and share the memory of equal models. The model is loaded by the first call.
    """

    def __init__(
        self, parameters: Optional[Mapping[str, Value]] = None, **keywords: Unpack[Parameters]
    ) -> None:
        self._task = _native.Task()
        self.set_parameters(parameters, **keywords)

    def set_parameters(
        self, parameters: Optional[Mapping[str, Value]] = None, **keywords: Unpack[Parameters]
    ) -> None:
        """Sets what is named and leaves the rest; on an error nothing is changed."""
        values: dict[str, Value] = {**(parameters or {}), **keywords}  # type: ignore[dict-item]
        self._task.set_parameters(as_texts(values))

    @property
    def parameters(self) -> dict[str, str]:
        """All parameters with their present values, as texts."""
        return self._task.parameters()

    def __call__(
        self,
        image: Source,
        plate: Source,
        background: Optional[Source] = None,
        mask: Optional[Source] = None,
        *,
        outputs: Union[OutputName, Iterable[OutputName]] = OUTPUTS,
        order: Order = "rgb",
        progress: Optional[Progress] = None,
    ) -> Result:
        """Mattes one picture.

        Pictures are (H, W), (H, W, 3) or (H, W, 4) arrays of uint8 or uint16. They are read where
        they lie if pixels are dense within a row (slices of rows and columns are); other views are
        copied. `order` is the memory order of their colours, and of the results'. mask is a trimap:
        0 background, 255 (65535) subject, else open. Only `outputs` are computed. `progress` is
        called with (step, step_count, stage); what it raises ends the run and is raised here.
        """
        arrays, info = self._task.run(
            _picture(image, "image", order),
            _picture(plate, "plate", order),
            None if background is None else _picture(background, "background", order),
            None if mask is None else _picture(mask, "mask", order),
            [outputs] if isinstance(outputs, str) else list(outputs),
            progress,
        )
        return Result(arrays, info)

    def cancel(self) -> None:
        """Ends the run under way in another thread at its next stage: it raises CANCELLED."""
        self._task.cancel()


def _picture(source: Source, name: str, order: Order) -> _native.Picture:
    if isinstance(source, Still):
        return source._picture
    return _native.Picture(source, name, order, 0)
