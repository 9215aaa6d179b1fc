"""How much may be published."""

from __future__ import annotations

import os
from dataclasses import dataclass

from lossviz.errors import LossVizError

MB = 2**20


@dataclass(frozen=True)
class Limits:
    """In bytes: of a run, and of all together."""

    run: int = 20 * MB
    all: int = 1024 * MB

    @classmethod
    def from_environment(cls) -> Limits:
        """``LOSSVIZ_LIBRARY_RUN_MB`` and ``LOSSVIZ_LIBRARY_MB``, where they are set."""
        return cls(
            _megabytes("LOSSVIZ_LIBRARY_RUN_MB", cls.run),
            _megabytes("LOSSVIZ_LIBRARY_MB", cls.all),
        )


def _megabytes(name: str, default: int) -> int:
    written = os.environ.get(name, "")
    if not written:
        return default
    try:
        value = float(written)
    except ValueError:
        value = -1.0
    if not 0 < value < 1e9:
        raise LossVizError(f"{name}: expected a number of megabytes, found {written!r}.")
    return int(value * MB)
