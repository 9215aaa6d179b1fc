"""Near-duplicates: texts that are nearly the same, and those among them on both sides of a split.

Two texts are near-duplicates when the sets of their runs of three characters (case and white space
do not count) have a Jaccard similarity of at least 0.8. Of the pairs that MinHash proposes
(:mod:`lossviz.minhash`) each is verified on the sets themselves, so no pair is wrong; of pairs at
0.8 it proposes 99.2 %, at 0.9 99.999 %.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from lossviz.datasets import Dataset, split
from lossviz.datasets.identical import identical_groups, normalised
from lossviz.errors import LossVizError
from lossviz.evaluation import ErrorRate
from lossviz.experiment import SplitSpec
from lossviz.minhash import candidates
from lossviz.shingles import MOST_CHARACTERS as MOST_LOOKED_AT
from lossviz.shingles import shingle_sets

LEAST_SIMILARITY = 0.8
MOST_TEXTS = 50_000
MOST_CHARACTERS = 3_000_000
"""Of all texts together, as far as they are looked at; 60 bytes for each at the peak."""
MOST_LISTED = 100
SAMPLE_SEED = 1
"""Not the default split's: from the same stream of numbers the sample would be mostly its test
side."""
AT_ONCE = 50_000
"""Pairs verified at once: a few tens of megabytes."""

Index = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NearPair:
    """Two texts that are nearly the same, as far as they were looked at, each with its data row in
    the file and its label."""

    rows: tuple[int, int]
    texts: tuple[str, str]
    labels: tuple[str, str]
    similarity: float

    @property
    def contradictory(self) -> bool:
        """Whether they have different labels."""
        return self.labels[0] != self.labels[1]


@dataclass(frozen=True, slots=True)
class Leakage:
    """Test texts that are nearly a training text, in the split that an experiment starts with.

    :param test: rows of the test side that have one, with the interval of their share.
    :param train_rows: rows on the other side.
    """

    test: ErrorRate
    train_rows: int


@dataclass(frozen=True, slots=True)
class NearDuplicates:
    """What was found among different texts; identical ones count once.

    :param compared: texts that were compared, of ``texts`` different ones: a random sample where
        there are very many.
    :param with_another: compared texts that have a near-duplicate.
    :param pair_count: verified pairs; ``pairs`` are 100 of them, those with different labels first,
        then the most similar.
    :param contradictory: verified pairs with different labels.
    :param leakage: None where there is nothing to split.
    :param exhausted: False where there were more candidates than were verified: then all numbers
        are lower bounds.
    """

    texts: int
    compared: int
    with_another: int
    pair_count: int
    contradictory: int
    pairs: tuple[NearPair, ...]
    leakage: Leakage | None
    exhausted: bool
    seconds: float

    @property
    def lower_bound(self) -> bool:
        """Whether there may be more than was found: not every text, or not every candidate, was
        looked at."""
        return self.compared < self.texts or not self.exhausted


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
        pairs=tuple(_pair(dataset, pairs[own], similarity[own]) for own in order.tolist()),
        leakage=_leakage(dataset, groups, kept, pairs),
        exhausted=exhausted,
        seconds=perf_counter() - started,
    )


def similarities(sets: csr_matrix, pairs: Index) -> npt.NDArray[np.float64]:
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


def _sample(dataset: Dataset, first: Index) -> Index:
    """The rows to compare, in their order: of these, as many at random as can be afforded."""
    order = np.random.default_rng(SAMPLE_SEED).permutation(first)[:MOST_TEXTS]
    lengths = [min(len(dataset.texts[row]), MOST_LOOKED_AT) for row in order.tolist()]
    affordable = int(np.searchsorted(np.cumsum(lengths), MOST_CHARACTERS, side="right"))
    return np.sort(order[: max(affordable, 1)])


def _pair(dataset: Dataset, pair: Index, similarity: float) -> NearPair:
    one, other = pair.tolist()
    names, classes = dataset.schema.class_names, dataset.class_index
    return NearPair(
        (int(dataset.rows[one]), int(dataset.rows[other])),
        (dataset.texts[one][:MOST_LOOKED_AT], dataset.texts[other][:MOST_LOOKED_AT]),
        (names[classes[one]], names[classes[other]]),
        float(similarity),
    )


def _leakage(dataset: Dataset, groups: Index, kept: Index, pairs: Index) -> Leakage | None:
    """Of the rows whose text was compared, as the default split divides them."""
    default = SplitSpec()
    try:
        sides = split(dataset, default.test_size, default.seed)
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
