"""Near-duplicates: texts that are nearly the same, and those among them on both sides of a split.

Two texts are near-duplicates when the sets of their runs of three characters (case and white space
do not count) have a Jaccard similarity of at least 0.8. Of the pairs that MinHash proposes
each is verified on the sets themselves, so no pair is
wrong; of pairs at 0.8 it proposes 99.2 %, at 0.9 99.999 %.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from lossviz.arrays import Doubles, Integers
from lossviz.data import Dataset
from lossviz.data.texts import identical_groups, normalised
from lossviz.errors import LossVizError
from lossviz.experiments.closer_look import LEAST_SIMILARITY, Leakage, NearDuplicates, NearPair
from lossviz.experiments.specs import SplitSpec
from lossviz.experiments.statistics import ErrorRate

BANDS, ROWS = 16, 6
WINDOW = 16
"""In a bucket each set is paired with the next 16 only: a thousand texts from one template would
make half a million pairs."""
MOST_CANDIDATES = 1_000_000

Words = npt.NDArray[np.uint64]


def candidates(
    sets: csr_matrix, wanted: Callable[[], bool] = lambda: True, seed: int = 0
) -> tuple[Integers, bool]:
    """Pairs of rows ``(P, 2)``, each once and in order, and whether these are all.

    :param sets: ``(N, V)``, ones in rows that are not empty.
    :param wanted: asked before each band; when it says no, the rest is left out.
    """
    generator = np.random.default_rng(seed)
    size = np.int64(sets.shape[0])
    keys: Integers = np.empty(0, dtype=np.int64)
    for _ in range(BANDS):
        if not wanted():
            return _as_pairs(keys, size), False
        pairs = _close(_band(sets, generator))
        keys = np.union1d(keys, pairs[:, 0] * size + pairs[:, 1])
        if len(keys) > MOST_CANDIDATES:
            return _as_pairs(keys[:MOST_CANDIDATES], size), False
    return _as_pairs(keys, size), True


def _as_pairs(keys: Integers, size: np.int64) -> Integers:
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


def _close(band: Words) -> Integers:
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


LENGTH = 3
MOST_LOOKED_AT = 1_000
"""Of each text that are looked at: two texts whose first thousand characters agree are alike."""
BITS = 21
"""Of a code point, so that three of them are one number without any loss."""


def shingle_sets(texts: Sequence[str]) -> csr_matrix:
    """The sets as ``(N, V)`` rows of ones, a column for each shingle that occurs.

    A text shorter than three characters is filled up, so that it is one shingle.

    >>> shingle_sets(["abcd", "bcd", "a"]).toarray().sum(axis=1).tolist()
    [2, 1, 1]
    """
    cut = [text[:MOST_LOOKED_AT].ljust(LENGTH, "\0") for text in texts]
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


MOST_TEXTS = 50_000
MOST_CHARACTERS = 3_000_000
"""Of all texts together, as far as they are looked at; 60 bytes for each at the peak."""
MOST_LISTED = 100
SAMPLE_SEED = 1
"""Not the default split's: from the same stream of numbers the sample would be mostly its test
side."""
AT_ONCE = 50_000
"""Pairs verified at once: a few tens of megabytes."""


def near_duplicates(
    dataset: Dataset, wanted: Callable[[], bool] = lambda: True
) -> NearDuplicates | None:
    """Find them. Linear in the number of texts compared.

    :param wanted: asked now and then; when it says no, there is no result.
    """
    started = perf_counter()
    groups = identical_groups(dataset.texts)
    first = np.unique(groups, return_index=True)[1]
    kept = _sample(dataset, first)
    sets = shingle_sets([normalised(dataset.texts[row]) for row in kept.tolist()])
    proposed, exhausted = candidates(sets, wanted)
    if not wanted():
        return None
    similarity = similarities(sets, proposed)
    sure = similarity >= LEAST_SIMILARITY
    pairs, similarity = kept[proposed[sure]], similarity[sure]
    differ = dataset.class_index[pairs[:, 0]] != dataset.class_index[pairs[:, 1]]
    order = np.lexsort((pairs[:, 1], pairs[:, 0], -similarity, ~differ))[:MOST_LISTED]
    return NearDuplicates(
        texts=len(first),
        compared=len(kept),
        with_another=len(np.unique(pairs)),
        pair_count=len(pairs),
        contradictory=int(differ.sum()),
        pairs=tuple(_pair(dataset, pairs[place], similarity[place]) for place in order.tolist()),
        leakage=_leakage(dataset, groups, kept, pairs),
        exhausted=exhausted,
        seconds=perf_counter() - started,
    )


def similarities(sets: csr_matrix, pairs: Integers) -> Doubles:
    """The Jaccard similarity of each pair of rows ``(P,)``.

    :param sets: ``(N, V)``, ones.
    """
    sizes = np.diff(sets.indptr)
    result = np.empty(len(pairs))
    for start in range(0, len(pairs), AT_ONCE):
        first, second = pairs[start : start + AT_ONCE].T
        common = np.asarray(sets[first].multiply(sets[second]).sum(axis=1)).reshape(-1)
        result[start : start + AT_ONCE] = common / (sizes[first] + sizes[second] - common)
    return result


def _sample(dataset: Dataset, first: Integers) -> Integers:
    """The rows to compare, in their order: of these, as many at random as can be afforded."""
    order = np.random.default_rng(SAMPLE_SEED).permutation(first)[:MOST_TEXTS]
    lengths = [min(len(dataset.texts[row]), MOST_LOOKED_AT) for row in order.tolist()]
    affordable = int(np.searchsorted(np.cumsum(lengths), MOST_CHARACTERS, side="right"))
    return np.sort(order[: max(affordable, 1)])


def _pair(dataset: Dataset, pair: Integers, similarity: float) -> NearPair:
    first, second = pair.tolist()
    names, classes = dataset.schema.class_names, dataset.class_index
    return NearPair(
        (int(dataset.rows[first]), int(dataset.rows[second])),
        (dataset.texts[first][:MOST_LOOKED_AT], dataset.texts[second][:MOST_LOOKED_AT]),
        (names[classes[first]], names[classes[second]]),
        float(similarity),
    )


def _leakage(dataset: Dataset, groups: Integers, kept: Integers, pairs: Integers) -> Leakage | None:
    """Of the rows whose text was compared, as the default split divides them."""
    try:
        sides = SplitSpec().sides(dataset)
    except LossVizError:  # a single label, or too few rows: nothing is trained on such data
        return None
    in_test = np.zeros(len(dataset), dtype=bool)
    in_test[sides.test] = True
    crossing = pairs[in_test[pairs[:, 0]] != in_test[pairs[:, 1]]]
    leaked = np.zeros(len(groups), dtype=bool)  # by group
    leaked[groups[crossing[in_test[crossing]]]] = True
    compared = np.zeros(len(groups), dtype=bool)
    compared[groups[kept]] = True
    test = in_test & compared[groups]
    if not test.any():
        return None
    wrong, n = int((test & leaked[groups]).sum()), int(test.sum())
    return Leakage(ErrorRate.of(wrong, n), int((compared[groups] & ~in_test).sum()))
