"""The profile of a data set, from its parts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from lossviz.data.dataset import Dataset
from lossviz.data.files.table import Table
from lossviz.data.labels.mapping import ColumnMapping
from lossviz.data.profile.class_table import ClassRow, ClassTable, class_table
from lossviz.data.profile.components import ComponentProfile, component_profiles
from lossviz.data.profile.dependence import Dependence, dependences
from lossviz.data.profile.lengths import Lengths, OddText, TextLengths, text_lengths
from lossviz.data.profile.repetitions import Repetitions, repetitions
from lossviz.data.profile.warnings import warnings


def profile_json(profile: Profile, table: Table, mapping: ColumnMapping) -> dict[str, Any]:
    """Numbers, texts and lists only; nothing that JSON does not have."""
    form, classes = table.format, profile.classes
    return {
        "file": {
            "encoding": form.encoding,
            "delimiter": form.delimiter,
            "header": form.header,
            "format": form.format,
            "compression": form.compression,
            "part": form.part,
        },
        "text": mapping.text,
        "label": list(mapping.labels),
        "rows": profile.rows,
        "used": profile.used,
        "dropped": [{"reason": group.reason, "rows": group.rows} for group in profile.dropped],
        "components": [
            {"name": c.name, "values": list(c.values), "counts": list(c.counts)}
            for c in profile.components
        ],
        "joint_classes": {
            "possible": profile.possible,
            "seen": profile.seen,
            "smallest": profile.smallest,
            "largest": profile.largest,
            "counts": dict(zip(profile.class_names, profile.class_counts, strict=True)),
            "missing": list(profile.missing),
        },
        "classes": [_class(row, profile.used) for row in classes.rows],
        "dependence": [_dependence(dependence) for dependence in profile.dependences],
        "duplicates": profile.duplicates,
        "contradictory": profile.contradictory,
        "repetitions": _repetitions(profile.repetitions),
        "majority_class": profile.majority_class,
        "majority_accuracy": profile.majority_accuracy,
        "words": _lengths(profile.words),
        "characters": _lengths(profile.characters),
        "unspaced": profile.unspaced,
        "lengths": _odd_lengths(profile.lengths),
        "reading": mapping.reading.evidence,
        "notes": list(table.notes),
        "warnings": list(profile.warnings),
    }


def _class(row: ClassRow, texts: int) -> dict[str, Any]:
    return {
        "label": row.label,
        "parts": list(row.parts),
        "found": row.found,
        "share": row.found / texts,
        "expected": row.expected,
    }


def _dependence(dependence: Dependence) -> dict[str, Any]:
    return {
        "first": dependence.first,
        "second": dependence.second,
        "v": dependence.v,
        "low": dependence.low,
        "high": dependence.high,
        "n": dependence.n,
    }


def _repetitions(repetitions: Repetitions) -> dict[str, Any]:
    return {
        "repeated_rows": repetitions.repeated_rows,
        "contradictory_texts": repetitions.contradictory_texts,
        "contradictory_rows": repetitions.contradictory_rows,
        "texts": repetitions.group_count,
        "groups": [
            {
                "text": group.text,
                "rows": group.rows,
                "labels": group.labels,
                "occurrences": [{"row": one.row, "label": one.label} for one in group.occurrences],
            }
            for group in repetitions.groups
        ],
    }


def _lengths(lengths: Lengths) -> dict[str, float]:
    return {"min": lengths.minimum, "median": lengths.median, "max": lengths.maximum}


def _odd_lengths(text_lengths: TextLengths) -> dict[str, Any]:
    return {
        "words_run_together": text_lengths.run_together,
        "too_short": {
            "rule": text_lengths.short_rule,
            "texts": text_lengths.too_short,
            "rows": _rows(text_lengths.short),
        },
        "too_long": {
            "rule": text_lengths.long_rule,
            "texts": text_lengths.too_long,
            "rows": _rows(text_lengths.long),
        },
    }


def _rows(odd: tuple[OddText, ...]) -> list[int]:
    return [odd_text.row for odd_text in odd]


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
