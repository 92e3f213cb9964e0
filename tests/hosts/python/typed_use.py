"""A user's code as mypy reads it; never run."""

from pathlib import Path
from typing import Any, Dict

import numpy
from numpy.typing import NDArray

from infer_background_matting import ErrorCode, Matting, MattingError, Result, Still

image: NDArray[numpy.uint8] = numpy.zeros((64, 64, 3), numpy.uint8)
deep: NDArray[numpy.uint16] = numpy.zeros((64, 64), numpy.uint16)

matting = Matting(model_refine_mode="full", model_refine_pixels=42, model_path=Path("model.pt"))
matting.set_parameters({"threads": 2, "cuda": "cpu"})
result: Result = matting(image, Still(deep), outputs=("alpha", "composite"), order="bgr")
alpha: NDArray[numpy.unsignedinteger[Any]] = result.alpha
info: Dict[str, Any] = result.info
try:
    matting(image, image, image, deep, outputs="alpha", progress=lambda step, count, stage: None)
except MattingError as error:
    code: ErrorCode = error.code
