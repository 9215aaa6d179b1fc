"""The profile of a data set: what it holds, and what to know before training on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

import numpy as np

from lossviz.datasets.dataset import Dataset
from lossviz.datasets.mapping import ColumnMapping
from lossviz.datasets.table import Table

MOST_MISSING = 200
_FEW = 5


@dataclass(frozen=True, slots=True)
class DroppedCount:
    """How many rows were left out for one reason."""

    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class ComponentProfile:
    """How often each value of a component occurs; ``counts`` is aligned with ``values``."""

    name: str
    values: tuple[str, ...]
    counts: tuple[int, ...]

    @property
    def majority(self) -> str:
        """The commonest value; the first one of equals."""
        return self.values[self.counts.index(max(self.counts))]

    @property
    def majority_accuracy(self) -> float:
        """How often it is right to guess the commonest value."""
        return max(self.counts) / sum(self.counts)


@dataclass(frozen=True, slots=True)
class Lengths:
    """The shortest, the median and the longest text, in some unit."""

    minimum: int
    median: float
    maximum: int


@dataclass(frozen=True, slots=True)
class Profile:
    """What a data set holds.

    :param rows: data rows of the file; ``used`` of them are in the data set.
    :param dropped: the others by reason, the commonest first.
    :param possible: combinations of the components' values there could be.
    :param class_names: the combinations that occur (whole labels), with ``class_counts``.
    :param missing: combinations that never occur, the first 200 of ``possible - seen``.
    :param duplicates: rows whose text, character by character, occurred in an earlier row.
    :param contradictory: different texts that occur with more than one label.
    :param majority_class: the commonest whole label, right for a share of ``majority_accuracy``.
    :param unspaced: share of texts without a space inside: near 1 in scripts that have none.
    :param warnings: sentences about what stands in the way of a good result.
    """

    rows: int
    used: int
    dropped: tuple[DroppedCount, ...]
    components: tuple[ComponentProfile, ...]
    possible: int
    class_names: tuple[str, ...]
    class_counts: tuple[int, ...]
    missing: tuple[str, ...]
    duplicates: int
    contradictory: int
    majority_class: str
    majority_accuracy: float
    words: Lengths
    characters: Lengths
    unspaced: float
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

    def to_json(self, table: Table, mapping: ColumnMapping) -> dict[str, Any]:
        """The profile as plain values, with the keys that the command line promises."""
        form = table.format
        return {
            "file": {
                "encoding": form.encoding,
                "delimiter": form.delimiter,
                "header": form.header,
                "format": form.format,
            },
            "text": mapping.text,
            "label": list(mapping.labels),
            "rows": self.rows,
            "used": self.used,
            "dropped": [{"reason": group.reason, "rows": group.rows} for group in self.dropped],
            "components": [
                {"name": c.name, "values": list(c.values), "counts": list(c.counts)}
                for c in self.components
            ],
            "joint_classes": {
                "possible": self.possible,
                "seen": self.seen,
                "smallest": self.smallest,
                "largest": self.largest,
                "counts": dict(zip(self.class_names, self.class_counts, strict=True)),
                "missing": list(self.missing),
            },
            "duplicates": self.duplicates,
            "contradictory": self.contradictory,
            "majority_class": self.majority_class,
            "majority_accuracy": self.majority_accuracy,
            "words": _lengths_json(self.words),
            "characters": _lengths_json(self.characters),
            "unspaced": self.unspaced,
            "reading": mapping.reading.evidence,
            "notes": list(table.notes),
            "warnings": list(self.warnings),
        }


def profile(dataset: Dataset) -> Profile:
    """Describe a data set. Linear in the number of rows."""
    schema, texts = dataset.schema, dataset.texts
    counts = np.bincount(dataset.class_index, minlength=len(schema.classes))
    words = [len(text.split()) for text in texts]
    duplicates, contradictory = _repetitions(texts, dataset.class_index.tolist())
    components = tuple(
        ComponentProfile(
            component.name,
            component.values,
            tuple(np.bincount(dataset.codes[:, k], minlength=len(component.values)).tolist()),
        )
        for k, component in enumerate(schema.components)
    )
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
        missing=_missing(dataset),
        duplicates=duplicates,
        contradictory=contradictory,
        majority_class=schema.class_names[int(counts.argmax())],
        majority_accuracy=int(counts.max()) / len(dataset),
        words=_lengths(words),
        characters=_lengths([len(text) for text in texts]),
        unspaced=sum(count <= 1 for count in words) / len(dataset),
        warnings=_warnings(dataset, components, counts.tolist()),
    )


def _repetitions(texts: Sequence[str], classes: Sequence[int]) -> tuple[int, int]:
    labels: dict[str, int] = {}
    contradictory: set[str] = set()
    for text, label in zip(texts, classes, strict=True):
        if labels.setdefault(text, label) != label:
            contradictory.add(text)
    return len(texts) - len(labels), len(contradictory)


def _missing(dataset: Dataset) -> tuple[str, ...]:
    schema = dataset.schema
    seen = set(schema.classes)
    combinations = product(*(range(size) for size in schema.sizes))
    unseen = islice((codes for codes in combinations if codes not in seen), MOST_MISSING)
    return tuple(schema.format(schema.decode(codes)) for codes in unseen)


def _warnings(
    dataset: Dataset, components: Sequence[ComponentProfile], counts: Sequence[int]
) -> tuple[str, ...]:
    names = dataset.schema.class_names
    if len(names) == 1:
        return (
            f"Every row has the label {names[0]!r}: there is nothing to learn. Choose another "
            "label column, or add rows with other labels.",
        )
    found = [
        f"{c.name!r} is {c.values[0]!r} in every row: nothing to learn there."
        for c in components
        if len(c.values) == 1
    ]
    rare = [name for name, count in zip(names, counts, strict=True) if count < _FEW]
    if rare:
        found.append(
            f"{len(rare):,} of {len(names):,} labels have fewer than {_FEW} rows, for example "
            f"{rare[0]!r}: error rates say little about them."
        )
    return tuple(found)


def _lengths(values: Sequence[int]) -> Lengths:
    return Lengths(min(values), float(np.median(values)), max(values))


def _lengths_json(lengths: Lengths) -> dict[str, float]:
    return {"min": lengths.minimum, "median": lengths.median, "max": lengths.maximum}
