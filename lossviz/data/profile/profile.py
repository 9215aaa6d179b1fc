"""The profile of a data set, from its parts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from lossviz.data.account import Account, DroppedCount, dropped_counts
from lossviz.data.dataset import Dataset
from lossviz.data.files.table import Table
from lossviz.data.giveaways import giveaways
from lossviz.data.profile.dependence import Dependence, dependences
from lossviz.data.profile.lengths import Lengths, TextLengths, text_lengths
from lossviz.data.profile.occurrences import (
    ClassTable,
    ComponentProfile,
    class_table,
    component_profiles,
)
from lossviz.data.profile.repetitions import Repetitions, repetitions


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

    def to_json(self, table: Table, account: Account) -> dict[str, Any]:
        """The profile as JSON has it, with the keys that the command line promises."""
        repeated = self.repetitions
        values = {
            "file": asdict(table.format),
            **account.to_json(),
            "rows": self.rows,
            "components": [asdict(component) for component in self.components],
            "joint_classes": {
                "possible": self.possible,
                "seen": self.seen,
                "smallest": self.smallest,
                "largest": self.largest,
                "counts": dict(zip(self.class_names, self.class_counts, strict=True)),
                "missing": self.missing,
            },
            "classes": [
                asdict(row) | {"share": row.found / self.used} for row in self.classes.rows
            ],
            "dependence": [asdict(dependence) for dependence in self.dependences],
            "duplicates": self.duplicates,
            "contradictory": self.contradictory,
            "repetitions": {
                "repeated_rows": repeated.repeated_rows,
                "contradictory_texts": repeated.contradictory_texts,
                "contradictory_rows": repeated.contradictory_rows,
                "texts": repeated.group_count,
                "groups": [asdict(group) for group in repeated.groups],
            },
            "majority_class": self.majority_class,
            "majority_accuracy": self.majority_accuracy,
            "words": self.words.to_json(),
            "characters": self.characters.to_json(),
            "unspaced": self.unspaced,
            "lengths": self.lengths.to_json(),
            "notes": table.notes,
            "warnings": self.warnings,
        }
        written: dict[str, Any] = json.loads(json.dumps(values))  # its tuples are lists there
        return written


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
        dropped=dropped_counts(dataset),
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
        warnings=(
            *warnings(components, classes, repeated, lengths),
            *(giveaway.words for giveaway in giveaways(dataset)),
        ),
    )


FEW = 5
MUCH = 0.05
"""A share of the texts from which on it is worth a warning."""


def warnings(
    components: Sequence[ComponentProfile],
    classes: ClassTable,
    repeated: Repetitions,
    lengths: TextLengths,
) -> tuple[str, ...]:
    """Sentences, the gravest first."""
    texts = sum(row.found for row in classes.present)
    if len(classes.present) == 1:
        return (
            f"Every row has the label {classes.present[0].label!r}: there is nothing to learn. "
            "Choose another label column, or add rows with other labels.",
        )
    sentences = [
        f"{component.name!r} is {component.values[0]!r} in every row: nothing to learn there."
        for component in components
        if len(component.values) == 1
    ]
    rare = [row.label for row in classes.present if row.found < FEW]
    if rare:
        sentences.append(
            f"{len(rare):,} of {len(classes.present):,} labels have fewer than {FEW} rows, for "
            f"example {rare[0]!r}: error rates say little about them."
        )
    if repeated.contradictory_rows > MUCH * texts:
        sentences.append(
            f"{repeated.contradictory_rows:,} rows have a text that also stands with another "
            "label: no model can be right on all of them."
        )
    if lengths.too_short > MUCH * texts:
        sentences.append(
            f"{lengths.too_short:,} texts have {lengths.short_rule}: there is little in them to "
            "learn from. See whether this is the right text column."
        )
    return tuple(sentences)
