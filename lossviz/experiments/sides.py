"""Test sides: which seeds test the same texts again, and which of them test others."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import numpy as np

from lossviz.arrays import Bools, Doubles, Small
from lossviz.data.split import folds
from lossviz.experiments.specs import SplitSpec

Sides = tuple[int, ...]
"""For each seed the number of its test side: those that test the same texts have the same one."""


def numbered(tested: Iterable[Hashable]) -> Sides:
    """The number of each test side.

    :param tested: for each seed what tells its test side from others.

    >>> numbered(["a", "b", "a"])
    (0, 1, 0)
    """
    numbers: dict[Hashable, int] = {}
    return tuple(numbers.setdefault(each, len(numbers)) for each in tested)


def by_labels(true: Iterable[Small]) -> Sides:
    """Test sides by the labels of their rows, which stand in the order of the file. Two that are
    alike by chance would count as one, and less would be claimed.

    :param true: for each seed ``(N, K)``.
    """
    return numbered(labels.tobytes() for labels in true)


def by_side(values: Doubles, sides: Sides) -> Doubles:
    """What seeds say that test the same texts is one thing, their mean: ``(*, J)`` to ``(*, S)``.

    >>> by_side(np.array([1.0, 5.0, 3.0]), (0, 1, 0)).tolist()
    [2.0, 5.0]
    """
    numbers = np.array(sides)
    means = [values[..., numbers == side].mean(axis=-1) for side in range(max(sides) + 1)]
    return np.stack(means, axis=-1)


def other_texts(split: SplitSpec, seeds: Sequence[int], sides: Sides) -> Bools:
    """``(J, J)``: does a seed test none of the texts that another one tests? Of a shuffle the folds
    do, unless the file itself says which texts are held out."""
    shuffle = np.array(seeds) // folds(split.test_size)
    number = np.array(sides)
    return np.asarray((shuffle[:, None] == shuffle) & (number[:, None] != number))
