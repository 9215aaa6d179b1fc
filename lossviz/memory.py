"""How freed memory is kept for the next training step instead of being given back and fetched."""

from __future__ import annotations

import ctypes

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""Of glibc's ``mallopt``."""
KEPT, LARGEST = 128 << 20, 32 << 20
"""Bytes that may lie free, and of the largest piece that is kept so; tables are larger."""


def keep_freed_memory() -> None:
    """A step of a grid makes and frees a few arrays of a megabyte each. By default glibc gives
    them back to the system every time, and fetching them again was a third of a step's time.

    Where there is no glibc nothing is changed.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):
        return
    mallopt(MMAP_THRESHOLD, LARGEST)
    mallopt(TRIM_THRESHOLD, KEPT)
