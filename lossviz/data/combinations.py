"""The split where new combinations may turn up: whole combinations are held out."""

from __future__ import annotations

import numpy as np

from lossviz.arrays import Bools, Integers
from lossviz.data.dataset import Dataset
from lossviz.data.split import Split, check_share, folds
from lossviz.data.texts import identical_groups
from lossviz.errors import LossVizError

MOST = 0.5
"""A combination with more of the rows is always trained on."""


def split_combinations(dataset: Dataset, test_size: float, seed: int) -> Split:
    """A fold of combinations against the rest: training has none of their labels, and every value
    of every part.

    The combinations are shuffled and dealt out to as many folds as there can be, at most those of
    :func:`lossviz.data.split.folds`: where there are ``F``, seed s tests fold ``s mod F`` of
    shuffle ``s div F``. Each goes to the smallest fold that can do without it; one that is the only
    one with some value, or has more than half of the rows, is in training always. Folds hold about
    ``test_size`` of the rows, as nearly as whole combinations allow.

    Identical texts are on one side: a text that also has a label which is held out is tested, with
    all its labels.

    :raises LossVizError: when the numbers are out of range, or no combination can be held out.
    """
    check_share(test_size, seed)
    groups = identical_groups(dataset.texts)
    combinations = _Combinations(dataset, groups)
    free = combinations.free
    if not free.any():
        raise LossVizError(_refusal(dataset))
    count = min(folds(test_size), int(free.sum()))
    generator = np.random.default_rng(seed // count)
    fold = combinations.deal(count, test_size, generator.permutation(len(free)))
    tested = (fold == seed % count)[dataset.class_index]
    in_test = np.isin(groups, groups[tested])
    return Split(np.flatnonzero(~in_test), np.flatnonzero(in_test))


def _refusal(dataset: Dataset) -> str:
    names = dataset.schema.class_names
    return (
        f"No combination of {dataset.name} can be held out as a new one: each of the {len(names)} "
        f"(such as {names[0]!r}) is the only one with one of its values, which training would not "
        "know then, or has more than half of the texts. Hold out texts instead, or add texts with "
        "other combinations of the same values."
    )


class _Combinations:
    """Which combinations a fold can take, so that what is left has every value."""

    def __init__(self, dataset: Dataset, groups: Integers) -> None:
        classes = dataset.class_index
        schema = dataset.schema
        self._rows = np.bincount(classes, minlength=len(schema.classes))
        # What has texts of its own stays in training when others are tested.
        alone = np.bincount(np.unique(np.stack([groups, classes]), axis=1)[0])[groups] == 1
        self._sure = np.bincount(classes[alone], minlength=len(self._rows)) > 0
        self._has = np.concatenate(schema.memberships, axis=1)
        """``(C, V)``: does a combination have a value, of any part?"""
        self._with: Integers = self._has[self._sure].sum(axis=0)

    def _can_go(self, inside: Integers, combination: int) -> bool:
        """:param inside: ``(V,)``, combinations of a fold that have a value."""
        left = self._with - inside - int(self._sure[combination])
        return bool((left[self._has[combination]] > 0).all())

    @property
    def free(self) -> Bools:
        """``(C,)``: can it be held out at all?"""
        nothing = np.zeros_like(self._with)
        known = [self._can_go(nothing, c) for c in range(len(self._rows))]
        return np.asarray(np.array(known) & (self._rows <= MOST * self._rows.sum()))

    def deal(self, count: int, test_size: float, order: Integers) -> Integers:
        """The fold of each combination ``(C,)``; -1 for those that none tests."""
        fold = np.full(len(self._rows), -1, dtype=np.int64)
        inside = np.zeros((count, len(self._with)), dtype=np.int64)
        total = np.zeros(count)
        wanted = test_size * self._rows.sum()
        every = folds(test_size) * test_size > 1.0 - 1e-9
        for c in order[self.free[order]].tolist():
            for k in np.argsort(total, kind="stable").tolist():
                nearer = abs(total[k] + self._rows[c] - wanted) <= abs(total[k] - wanted)
                if total[k] == 0 or ((every or nearer) and self._can_go(inside[k], c)):
                    fold[c] = k
                    total[k] += self._rows[c]
                    inside[k] += self._sure[c] * self._has[c]
                    break
        return fold
