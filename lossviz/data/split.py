"""The split of a data set into training and test rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lossviz.arrays import Bools, Integers
from lossviz.data.dataset import Dataset
from lossviz.data.texts import identical_groups
from lossviz.errors import LossVizError


@dataclass(frozen=True, eq=False)
class Split:
    """Indices of the training and the test rows: each ascending, together every row once."""

    train: Integers
    test: Integers


def split(dataset: Dataset, test_size: float, seed: int) -> Split:
    """Split at random, stratified on the whole label, with identical texts on one side.

    Texts that differ only in case and white space count as identical; a group of them goes by
    the label of its first row. The test set has ``round(test_size * N)`` rows, and its share of
    each label is that of the data to within about a row, where the groups allow it. A label with
    a single group stays in training. The same seed gives the same split everywhere.

    :param test_size: the share of rows to test on, between 0 and 1.
    :param seed: not negative.
    :raises LossVizError: when the numbers are out of range, the test set would be empty, or all
        rows have the same label.
    """
    _check(test_size, seed)
    check_trainable(dataset)
    groups = identical_groups(dataset.texts)
    first = np.unique(groups, return_index=True)[1]
    sizes = np.bincount(groups)
    classes = dataset.class_index[first]
    generator = np.random.default_rng(seed)
    wanted = _apportion(sizes, classes, test_size, generator)
    chosen = _choose(generator.permutation(len(sizes)), sizes, classes, wanted)
    in_test = chosen[groups]
    if not in_test.any():
        raise LossVizError(
            f"Expected at least one test row, found none: a test share of {test_size:g} of "
            f"{len(dataset):,} rows leaves no label with rows on both sides. Choose a larger "
            "share, or add rows."
        )
    return Split(np.flatnonzero(~in_test), np.flatnonzero(in_test))


def check_trainable(dataset: Dataset) -> None:
    """Refuse a data set on which nothing can be learned.

    :raises LossVizError: when all rows have the same label.
    """
    names = dataset.schema.class_names
    if len(names) < 2:
        raise LossVizError(
            f"Every row of {dataset.name} has the label {names[0]!r}: there is nothing to learn. "
            "Choose another label column, or add rows with other labels."
        )


def _check(test_size: float, seed: int) -> None:
    if not 0 < test_size < 1:
        raise LossVizError(
            f"Expected a test share between 0 and 1, such as 0.2; found {test_size!r}."
        )
    if seed < 0:
        raise LossVizError(f"Expected a seed that is not negative, found {seed}.")


def _apportion(
    sizes: Integers, classes: Integers, test_size: float, generator: np.random.Generator
) -> Integers:
    """Test rows of each class ``(C,)``: largest remainders, ties by lot, one row left to train.

    :param sizes: rows of each group ``(G,)``; ``classes`` are theirs.
    """
    rows = np.zeros(classes.max() + 1, dtype=np.int64)
    np.add.at(rows, classes, sizes)
    alone = np.bincount(classes) < 2
    quotas = np.where(alone, 0.0, rows * test_size)
    wanted = np.floor(quotas).astype(np.int64)
    lot = generator.permutation(len(rows))
    by_remainder = lot[np.argsort(-(quotas - wanted)[lot], kind="stable")]
    unfilled = by_remainder[(quotas > wanted)[by_remainder]]
    spare = max(0, round(int(rows.sum()) * test_size) - int(wanted.sum()))
    wanted[unfilled[:spare]] += 1
    return np.minimum(wanted, np.where(alone, 0, rows - 1))


def _choose(order: Integers, sizes: Integers, classes: Integers, wanted: Integers) -> Bools:
    """Which groups are tested ``(G,)``: in random order, each that still fits into its class."""
    left = wanted.tolist()
    size_of, class_of = sizes.tolist(), classes.tolist()
    chosen = np.zeros(len(sizes), dtype=bool)
    for group in order.tolist():
        if size_of[group] <= left[class_of[group]]:
            left[class_of[group]] -= size_of[group]
            chosen[group] = True
    return chosen
