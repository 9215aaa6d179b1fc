"""Rows of codes, each different one once: linear in the rows, without a tuple for each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lossviz.arrays import Integers
from lossviz.schema import Codes

_MOST = 2**62


def distinct(columns: Sequence[Integers]) -> tuple[Codes, Codes]:
    """The number of each row among the different rows, and where each of these comes first.

    Different rows are numbered as they come.

    >>> index, first = distinct([np.array([1, 0, 1]), np.array([5, 5, 5])])
    >>> index.tolist(), first.tolist()
    ([0, 1, 0], [0, 1])

    :param columns: each ``(N,)``, not negative.
    :returns: ``(N,)`` and ``(M,)``.
    """
    index = np.zeros(len(columns[0]), dtype=np.int64)
    size = 1
    for column in columns:
        own = int(column.max(initial=0)) + 1
        if size * own > _MOST:
            index, size = _numbered(index)
        index = index * own + column
        size *= own
    index, size = _numbered(index)
    first = np.empty(size, dtype=np.int64)
    # Where a place is given several times, the last one holds: from the end, that is the first.
    first[index[::-1]] = np.arange(len(index))[::-1]
    return index, first


def _numbered(keys: Codes) -> tuple[Codes, int]:
    index, values = pd.factorize(keys)
    return index.astype(np.int64, copy=False), len(values)
