"""The profile of a data set, from its parts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from lossviz.datasets.dataset import Dataset
from lossviz.datasets.mapping import ColumnMapping
from lossviz.datasets.profile.as_json import profile_json
from lossviz.datasets.profile.class_table import ClassTable, class_table
from lossviz.datasets.profile.components import ComponentProfile, component_profiles
from lossviz.datasets.profile.dependence import Dependence, dependences
from lossviz.datasets.profile.lengths import Lengths, TextLengths, text_lengths
from lossviz.datasets.profile.repetitions import Repetitions, repetitions
from lossviz.datasets.profile.warnings import warnings
from lossviz.datasets.table import Table


@dataclass(frozen=True, slots=True)
class DroppedCount:
    """How many rows were left out for one reason."""

    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class Profile:
    """What a data set holds.

    :param rows: data rows of the file; ``used`` of them are in the data set.
    :param dropped: the others by reason, the commonest first.
    :param possible: combinations of the components' values there could be.
    :param class_names: the combinations that occur (whole labels), with ``class_counts``.
    :param classes: the same as a table, with those that never occur, and what to expect.
    :param dependences: of every pair of components, the most dependent first.
    :param majority_class: the commonest whole label, right for a share of ``majority_accuracy``.
    :param warnings: sentences about what stands in the way of a good result.
    """

    rows: int
    used: int
    dropped: tuple[DroppedCount, ...]
    components: tuple[ComponentProfile, ...]
    possible: int
    class_names: tuple[str, ...]
    class_counts: tuple[int, ...]
    classes: ClassTable
    dependences: tuple[Dependence, ...]
    repetitions: Repetitions
    majority_class: str
    majority_accuracy: float
    lengths: TextLengths
    warnings: tuple[str, ...]

    @property
    def seen(self) -> int:
        """The number of combinations that occur."""
        return len(self.class_names)

    @property
    def smallest(self) -> int:
        """The number of rows of the rarest combination that occurs."""
        return min(self.class_counts)

    @property
    def largest(self) -> int:
        """The number of rows of the commonest combination."""
        return max(self.class_counts)

    @property
    def missing(self) -> tuple[str, ...]:
        """Combinations that never occur, those missed most first; at most 200."""
        return tuple(row.label for row in self.classes.missing)

    @property
    def duplicates(self) -> int:
        """Rows whose text, character by character, occurred in an earlier row."""
        return self.repetitions.duplicates

    @property
    def contradictory(self) -> int:
        """Different texts, character by character, that occur with more than one label."""
        return self.repetitions.contradictory

    @property
    def words(self) -> Lengths:
        """Words of a text."""
        return self.lengths.words

    @property
    def characters(self) -> Lengths:
        """Characters of a text."""
        return self.lengths.characters

    @property
    def unspaced(self) -> float:
        """Share of texts without a space inside."""
        return self.lengths.unspaced

    def to_json(self, table: Table, mapping: ColumnMapping) -> dict[str, Any]:
        """The profile as plain values, with the keys that the command line promises."""
        return profile_json(self, table, mapping)


def profile(dataset: Dataset) -> Profile:
    """Describe a data set. Linear in the number of rows."""
    schema = dataset.schema
    counts = np.bincount(dataset.class_index, minlength=len(schema.classes))
    components = component_profiles(schema, dataset.codes)
    classes = class_table(schema, components, counts.tolist())
    repeated, lengths = repetitions(dataset), text_lengths(dataset)
    return Profile(
        rows=len(dataset) + len(dataset.dropped),
        used=len(dataset),
        dropped=tuple(
            DroppedCount(reason, count)
            for reason, count in Counter(row.reason for row in dataset.dropped).most_common()
        ),
        components=components,
        possible=schema.possible,
        class_names=schema.class_names,
        class_counts=tuple(counts.tolist()),
        classes=classes,
        dependences=dependences(schema, dataset.codes),
        repetitions=repeated,
        majority_class=schema.class_names[int(counts.argmax())],
        majority_accuracy=int(counts.max()) / len(dataset),
        lengths=lengths,
        warnings=warnings(components, classes, repeated, lengths),
    )
