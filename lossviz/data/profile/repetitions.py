"""Repetitions: texts that occur more than once, and whether they agree on the label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lossviz.arrays import Integers
from lossviz.data.dataset import Dataset
from lossviz.data.texts import identical_groups

MOST_GROUPS = 100
MOST_OCCURRENCES = 20
MOST_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One of the rows that have the same text: its data row in the file, and its label."""

    row: int
    label: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """A text that occurs more than once, but for case and white space.

    :param text: as it stands in the first of the rows: its first thousand characters.
    :param rows: how many there are; ``occurrences`` are the first 20 of them.
    :param labels: how many different labels they have.
    """

    text: str
    rows: int
    labels: int
    occurrences: tuple[Occurrence, ...]

    @property
    def contradictory(self) -> bool:
        """Whether the same text has more than one label."""
        return self.labels > 1


@dataclass(frozen=True, slots=True)
class Repetitions:
    """How much of the data is there more than once.

    :param duplicates: rows whose text, character by character, occurred in an earlier row.
    :param contradictory: different texts, character by character, with more than one label.
    :param repeated_rows: rows whose text occurred before but for case and white space.
    :param contradictory_texts: different texts with more than one label, likewise.
    :param contradictory_rows: the rows that have them.
    :param groups: texts that occur more than once, likewise: contradictory ones first, then those
        with most rows; at most 100 of ``group_count``.
    """

    duplicates: int
    contradictory: int
    repeated_rows: int
    contradictory_texts: int
    contradictory_rows: int
    group_count: int
    groups: tuple[Repeated, ...]


def repetitions(dataset: Dataset) -> Repetitions:
    """Count and list them. Linear; only repeated texts are looked at one by one."""
    groups = identical_groups(dataset.texts)
    sizes = np.bincount(groups)
    repeated = np.flatnonzero(sizes > 1)
    labels = _labels(groups, dataset.class_index, len(sizes))
    duplicates, contradictory = _exact(dataset, np.flatnonzero(sizes[groups] > 1))
    order = repeated[np.lexsort((-sizes[repeated], labels[repeated] < 2))][:MOST_GROUPS]
    return Repetitions(
        duplicates=duplicates,
        contradictory=contradictory,
        repeated_rows=len(groups) - len(sizes),
        contradictory_texts=int((labels > 1).sum()),
        contradictory_rows=int(sizes[labels > 1].sum()),
        group_count=len(repeated),
        groups=_listed(dataset, groups, order, labels),
    )


def _labels(groups: Integers, classes: Integers, count: int) -> Integers:
    """The number of different labels in each group ``(G,)``."""
    kinds = int(classes.max()) + 1
    pairs = np.unique(groups * kinds + classes)
    return np.bincount(pairs // kinds, minlength=count)


def _exact(dataset: Dataset, rows: Integers) -> tuple[int, int]:
    """Repetitions character by character; they are all among these rows."""
    classes = dataset.class_index[rows].tolist()
    labels: dict[str, int] = {}
    contradictory: set[str] = set()
    for row, label in zip(rows.tolist(), classes, strict=True):
        text = dataset.texts[row]
        if labels.setdefault(text, label) != label:
            contradictory.add(text)
    return len(rows) - len(labels), len(contradictory)


def _listed(
    dataset: Dataset, groups: Integers, order: Integers, labels: Integers
) -> tuple[Repeated, ...]:
    names = dataset.schema.class_names
    inside = np.flatnonzero(np.isin(groups, order))
    members: dict[int, list[int]] = {int(group): [] for group in order}
    for row in inside.tolist():
        members[int(groups[row])].append(row)
    return tuple(
        Repeated(
            dataset.texts[rows[0]][:MOST_CHARACTERS],
            len(rows),
            int(labels[group]),
            tuple(
                Occurrence(int(dataset.rows[row]), names[dataset.class_index[row]])
                for row in rows[:MOST_OCCURRENCES]
            ),
        )
        for group, rows in members.items()
    )
