"""The one exception of the package."""

from __future__ import annotations

from ._native import ErrorCode

__all__ = ["ErrorCode", "MattingError"]


class MattingError(RuntimeError):
    """Says what was wanted, what was found and what to do; `code` says which kind it is."""

    code: ErrorCode

    def __init__(self, code: ErrorCode, text: str) -> None:
        super().__init__(text)
        self.code = code

    def __reduce__(self) -> tuple[type[MattingError], tuple[ErrorCode, str]]:
        return type(self), (self.code, str(self))
