"""The split of a data set into training, validation, test and sealed rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from lossviz.arrays import Integers
from lossviz.data.dataset import Dataset
from lossviz.data.texts import identical_groups
from lossviz.errors import LossVizError

VALIDATION = 1
"""Behind a seed: of the lot for the validation side, apart from that for the test side."""
SEALED = 2
"""Behind 0: of the lot for sealed texts, whatever the seed of a split is."""


@dataclass(frozen=True, eq=False)
class Split:
    """Indices of the training, the test, the validation and the sealed rows: each ascending,
    together every row once."""

    train: Integers
    test: Integers
    validation: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    sealed: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def setting_aside(self, dataset: Dataset, share: float, seed: int) -> Split:
        """With a validation side, taken from the training rows in the way in which test rows are
        dealt out; the test side stays.

        The last group of identical texts with a label stays in training.

        :param share: of the training rows, at most one half; 0 for none.
        :raises LossVizError: when it is out of range.
        """
        if not 0.0 <= share <= 0.5:
            raise LossVizError(
                f"Expected a validation share between 0 and 0.5, such as 0.1; found {share!r}."
            )
        if share == 0.0:
            return self
        groups = identical_groups([dataset.texts[row] for row in self.train.tolist()])
        first, sizes = np.unique(groups, return_index=True)[1], np.bincount(groups)
        classes = dataset.class_index[self.train[first]]
        several = np.bincount(classes)[classes] > 1
        aside = np.zeros(len(first), dtype=bool)
        if several.any():
            generator = np.random.default_rng([seed, VALIDATION])
            aside[several] = _deal(sizes[several], classes[several], share, generator) == 0
        chosen = aside[groups]
        aside_rows = np.union1d(self.validation, self.train[chosen])
        return Split(self.train[~chosen], self.test, aside_rows, self.sealed)


def sealed_rows(dataset: Dataset, share: float) -> Integers:
    """The rows that are set aside from everything, until they are opened: ascending.

    They are dealt out in the way in which test rows are, by the texts and labels alone. No seed has
    a say, so all folds and starts on the same data keep the same ones.

    :param share: of all rows, at most one half; 0 for none.
    :raises LossVizError: when it is out of range, or so small that it seals nothing.
    """
    if not 0.0 <= share <= 0.5:
        raise LossVizError(
            f"Expected a sealed share between 0 and 0.5, such as 0.2; found {share!r}."
        )
    if share == 0.0:
        return np.empty(0, dtype=np.int64)
    groups = identical_groups(dataset.texts)
    first = np.unique(groups, return_index=True)[1]
    generator = np.random.default_rng([0, SEALED])
    fold = _deal(np.bincount(groups), dataset.class_index[first], share, generator)[groups]
    sealed = np.flatnonzero(fold == 0)
    if not len(sealed):
        raise LossVizError(
            f"A share of {share:g} of {len(dataset):,} rows seals none of them. Choose a larger "
            "one, or none."
        )
    return sealed


def beside(dataset: Dataset, sealed: Integers, divide: Callable[[Dataset], Split]) -> Split:
    """What a way of dividing makes of the rows that are not sealed: it never sees those that are.

    :param divide: into training and test rows.
    """
    if not len(sealed):
        return divide(dataset)
    rest = np.setdiff1d(np.arange(len(dataset)), sealed)
    sides = divide(
        replace(
            dataset,
            schema=dataset.schema.only(np.unique(dataset.class_index[rest])),
            texts=tuple(dataset.texts[row] for row in rest.tolist()),
            codes=dataset.codes[rest],
            rows=dataset.rows[rest],
            sides=None if dataset.sides is None else dataset.sides[rest],
        )
    )
    return Split(rest[sides.train], rest[sides.test], rest[sides.validation], sealed)


def split_as_told(dataset: Dataset) -> Split:
    """The sides that a column of the file tells.

    :raises LossVizError: where one has no rows, or none of training's has a label of another kind.
    """
    assert dataset.sides is not None
    train, validation, test = (np.flatnonzero(dataset.sides == side) for side in range(3))
    if not len(test):
        test, validation = validation, test
    for side, rows in (("train", train), ("test", test)):
        if not len(rows):
            raise LossVizError(
                f"The split says {side!r} in no row of {dataset.name} that can be used. Choose "
                "another column for the split, or none."
            )
    return Split(train, test, validation)


def folds(test_size: float) -> int:
    """Test sides of this size, one beside the other, that the rows are enough for.

    >>> folds(0.2), folds(0.3), folds(0.6)
    (5, 3, 1)
    """
    return int(1.0 / test_size + 1e-9)


def split(dataset: Dataset, test_size: float, seed: int) -> Split:
    """One fold against the rest, stratified on the whole label, with identical texts on one side.

    The rows are shuffled and dealt out to ``F`` :func:`folds`; seed s tests fold ``s mod F`` of
    shuffle ``s div F``. So with a test size of a fifth seeds 0 to 4 test every row once, 5 to 9
    again in other company. Where ``F * test_size < 1`` the rest is never tested in that shuffle.

    Texts that differ only in case and white space count as identical; a group of them goes by the
    label of its first row. Each label's rows are spread over the folds evenly, and folds are
    equally large, to within about a row, where the groups allow it. The only group of a label is
    dealt out by lot like any other: where it is tested, training has no text with this label. The
    same seed gives the same split everywhere.

    :param test_size: the share of rows to test on, between 0 and 1.
    :param seed: not negative.
    :raises LossVizError: when the numbers are out of range, a side would be empty, or all rows
        have the same label.
    """
    check_share(test_size, seed)
    check_trainable(dataset)
    groups = identical_groups(dataset.texts)
    first = np.unique(groups, return_index=True)[1]
    count = folds(test_size)
    generator = np.random.default_rng(seed // count)
    fold = _deal(np.bincount(groups), dataset.class_index[first], test_size, generator)[groups]
    in_test = fold == seed % count
    if not in_test.any() or in_test.all():
        side = "training" if in_test.all() else "test"
        raise LossVizError(
            f"Expected at least one {side} row, found none: a test share of {test_size:g} of "
            f"{len(dataset):,} rows, {len(first):,} of them with different texts, leaves nothing "
            f"on that side. Choose a {'smaller' if in_test.all() else 'larger'} share, or add rows."
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


def check_share(test_size: float, seed: int) -> None:
    """Refuse what no split can be made of.

    :raises LossVizError: when a number is out of range.
    """
    if not 0 < test_size < 1:
        raise LossVizError(
            f"Expected a test share between 0 and 1, such as 0.2; found {test_size!r}."
        )
    if seed < 0:
        raise LossVizError(f"Expected a seed that is not negative, found {seed}.")


def _deal(
    sizes: Integers, classes: Integers, test_size: float, generator: np.random.Generator
) -> Integers:
    """The fold of each group ``(G,)``; -1 for those that none tests.

    :param sizes: rows of each group ``(G,)``; ``classes`` are theirs.
    """
    hands = _Hands(sizes, classes, test_size, generator)
    order = generator.permutation(len(sizes))
    # Groups of several rows first, the largest before all: single rows make up for them.
    several = order[sizes[order] > 1]
    for group in several[np.argsort(-sizes[several], kind="stable")].tolist():
        hands.take_group(group)
    single = order[sizes[order] == 1]
    single = single[np.argsort(classes[single], kind="stable")]
    present, begins = np.unique(classes[single], return_index=True)
    labels = list(zip(present.tolist(), np.split(single, begins[1:]), strict=False))
    for place in generator.permutation(len(labels)).tolist():
        hands.take_rows(*labels[place])
    # Where folds are alike the first of them took: which one that is, is up to the lot.
    names = np.append(generator.permutation(folds(test_size)), -1)
    return np.asarray(names[hands.fold])


class _Hands:
    """What each fold has been dealt."""

    def __init__(
        self,
        sizes: Integers,
        classes: Integers,
        test_size: float,
        generator: np.random.Generator,
    ) -> None:
        self._sizes, self._classes = sizes, classes
        self._count = folds(test_size)
        self.fold: Integers = np.full(len(sizes), -1, dtype=np.int64)
        self._left = _tested(sizes, classes, test_size, generator).tolist()
        """Rows of each label that are still to be tested."""
        self._total = [0] * self._count
        self._rows: dict[int, list[int]] = {}
        """Of a label in each fold; a label that is missing has none yet."""

    def take_group(self, group: int) -> None:
        """Into the fold with the fewest rows of its label; where it is too large, into none."""
        size, label = int(self._sizes[group]), int(self._classes[group])
        if size > self._left[label]:
            return
        rows = self._rows.setdefault(label, [0] * self._count)
        fold = min(range(self._count), key=lambda k: (rows[k], self._total[k]))
        rows[fold] += size
        self._total[fold] += size
        self._left[label] -= size
        self.fold[group] = fold

    def take_rows(self, label: int, groups: Integers) -> None:
        """Groups of a row each, all of one label and in random order, until it is even."""
        tested = min(len(groups), self._left[label])
        rows = self._rows.get(label, [0] * self._count)
        more = _levelled(rows, tested, self._total)
        self._total = [total + each for total, each in zip(self._total, more, strict=True)]
        self.fold[groups[:tested]] = np.repeat(np.arange(self._count), more)


def _tested(
    sizes: Integers, classes: Integers, test_size: float, generator: np.random.Generator
) -> Integers:
    """Rows of each label ``(C,)`` that some fold tests: largest remainders, ties by lot."""
    rows = np.zeros(classes.max() + 1, dtype=np.int64)
    np.add.at(rows, classes, sizes)
    share = folds(test_size) * test_size
    if share > 1.0 - 1e-9:
        return rows
    wanted = np.floor(rows * share).astype(np.int64)
    lot = generator.permutation(len(rows))
    by_remainder = lot[np.argsort(-(rows * share - wanted)[lot], kind="stable")]
    every = folds(test_size) * round(int(rows.sum()) * test_size)
    wanted[by_remainder[: max(0, every - int(wanted.sum()))]] += 1
    return np.minimum(wanted, rows)


def _levelled(rows: list[int], more: int, total: list[int]) -> list[int]:
    """How many of ``more`` rows each fold gets, so that the fewest are as many as they can be.

    What is left over goes to the smallest folds.

    >>> _levelled([4, 1, 0], 4, [7, 3, 3])
    [0, 2, 2]
    """
    order = sorted(range(len(rows)), key=lambda k: (rows[k], total[k]))
    lifted = len(order)
    while sum(rows[order[lifted - 1]] - rows[k] for k in order[:lifted]) > more:
        lifted -= 1
    filled = order[:lifted]
    level, over = divmod(sum(rows[k] for k in filled) + more, lifted)
    given = [0] * len(rows)
    for k in filled:
        given[k] = level - rows[k]
    for k in sorted(filled, key=lambda k: total[k] + given[k])[:over]:
        given[k] += 1
    return given
