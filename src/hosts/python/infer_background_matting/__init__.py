"""Background matting with a clean plate, on numpy arrays.

from infer_background_matting import Matting
result = Matting()(image, plate)        # arrays of shape (H, W, 3), uint8 or uint16
result.alpha, result.composite          # (H, W) and, without a background, (H, W, 4)
"""

from ._native import VERSION as __version__
from .errors import ErrorCode, MattingError
from .matting import Matting, Still
from .parameters import ParameterInfo, Parameters, parameter_table
from .result import Result

__all__ = [
    "ErrorCode",
    "Matting",
    "MattingError",
    "ParameterInfo",
    "Parameters",
    "Result",
    "Still",
    "__version__",
    "parameter_table",
]
