"""Shingles: a text as the set of its runs of three characters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

LENGTH = 3
MOST_CHARACTERS = 1_000
"""Of each text that are looked at: two texts whose first thousand characters agree are alike."""
BITS = 21
"""Of a code point, so that three of them are one number without any loss."""


def shingle_sets(texts: Sequence[str]) -> csr_matrix:
    """The sets as ``(N, V)`` rows of ones, a column for each shingle that occurs.

    A text shorter than three characters is filled up, so that it is one shingle.

    >>> shingle_sets(["abcd", "bcd", "a"]).toarray().sum(axis=1).tolist()
    [2, 1, 1]
    """
    cut = [text[:MOST_CHARACTERS].ljust(LENGTH, "\0") for text in texts]
    points = np.frombuffer("".join(cut).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    lengths = np.fromiter(map(len, cut), np.int64, len(cut))
    owner = np.repeat(np.arange(len(cut), dtype=np.int32), lengths)
    inside = owner[: -LENGTH + 1] == owner[LENGTH - 1 :]
    runs = points[:-2].astype(np.int64)
    for later in (points[1:-1], points[2:]):  # in place: these are the largest arrays
        runs <<= BITS
        runs |= later
    columns = np.unique(runs[inside], return_inverse=True)[1].reshape(-1)
    owners = owner[: -LENGTH + 1][inside]
    size = int(columns.max(initial=-1)) + 1
    ones = np.ones(len(owners), dtype=np.int32)
    sets = csr_matrix((ones, (owners, columns)), shape=(len(cut), size))
    sets.sum_duplicates()
    sets.data[:] = 1
    return sets
