"""MinHash with banding: pairs of sets that are probably alike, in linear time.

The smallest of a set's hash values is the same in two sets with a probability of their Jaccard
similarity *s* (Broder 1997). Six of them form a band; a pair is proposed when one of 16 bands
agrees, which it does with a probability of

.. math:: 1 - (1 - s^6)^{16}

so 99.2 % at 0.8, 99.999 % at 0.9, and 22 % at 0.5.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

BANDS, ROWS = 16, 6
WINDOW = 16
"""In a bucket each set is paired with the next 16 only: a thousand texts from one template would
make half a million pairs."""
MOST_CANDIDATES = 1_000_000

Index = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]


def candidates(
    sets: csr_matrix, wanted: Callable[[], bool] = lambda: True, seed: int = 0
) -> tuple[Index, bool]:
    """Pairs of rows ``(P, 2)``, each once and in order, and whether these are all.

    :param sets: ``(N, V)``, ones in rows that are not empty.
    :param wanted: asked before each band; when it says no, the rest is left out.
    """
    generator = np.random.default_rng(seed)
    size = np.int64(sets.shape[0])
    found: Index = np.empty(0, dtype=np.int64)
    for _ in range(BANDS):
        if not wanted():
            return _as_pairs(found, size), False
        pairs = _close(_band(sets, generator))
        found = np.union1d(found, pairs[:, 0] * size + pairs[:, 1])
        if len(found) > MOST_CANDIDATES:
            return _as_pairs(found[:MOST_CANDIDATES], size), False
    return _as_pairs(found, size), True


def _as_pairs(keys: Index, size: np.int64) -> Index:
    return np.stack([keys // size, keys % size], axis=1)


def _band(sets: csr_matrix, generator: np.random.Generator) -> Words:
    """One number for each set ``(N,)``: equal where all six smallest hash values are."""
    band = np.zeros(sets.shape[0], dtype=np.uint64)
    for _ in range(ROWS):
        # A random value for each shingle is a random order of them: nothing is hashed twice alike.
        values = generator.integers(0, 2**32, sets.shape[1], dtype=np.uint32)
        smallest = np.minimum.reduceat(values[sets.indices], sets.indptr[:-1])
        band = (band ^ smallest) * np.uint64(0x9E3779B97F4A7C15)
        band ^= band >> np.uint64(32)
    return band


def _close(band: Words) -> Index:
    """Pairs of sets in the same bucket that stand at most a window apart ``(P, 2)``."""
    order = np.argsort(band, kind="stable").astype(np.int64)
    sorted_band = band[order]
    pairs = []
    for apart in range(1, WINDOW + 1):
        same = np.flatnonzero(sorted_band[apart:] == sorted_band[:-apart])
        if not len(same):
            break
        pairs.append(np.stack([order[same], order[same + apart]], axis=1))
    return np.concatenate(pairs) if pairs else np.empty((0, 2), dtype=np.int64)
