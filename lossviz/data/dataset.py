"""A data set: texts with compound labels, ready to be split and trained on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from lossviz.arrays import Integers
from lossviz.data.files.cells import Dropped
from lossviz.data.files.table import Table
from lossviz.data.labels.edited import EditedLabels, edit_labels, separator_for
from lossviz.data.labels.edits import LabelEdits
from lossviz.data.labels.mapping import ColumnMapping
from lossviz.data.labels.parts import (
    NEARLY_EVERY,
    LabelParts,
    cells_of,
    distinct,
    each_row_its_own,
    read_parts,
    sides_of,
)
from lossviz.data.labels.reading import LabelReading
from lossviz.errors import LossVizError
from lossviz.schema import Codes, Component, LabelSchema

MIN_ROWS = 10
MAX_CLASSES = 1_000
UNEDITED = LabelEdits()
_CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Sampled:
    """What a data set was drawn from.

    :param whole: the number of texts there were.
    :param seed: of the draw.
    """

    whole: int
    seed: int


@dataclass(frozen=True, eq=False)
class Dataset:
    """Texts and their labels.

    :param digest: 16 hexadecimal digits that change with texts, labels or schema.
    :param texts: ``(N,)``, as they stand in the file.
    :param codes: ``(N, K)``, the index of each part among its component's values.
    :param rows: ``(N,)``, 1-based data rows of the source file.
    :param dropped: the rows of the file that are not used, in their order.
    :param sampled: what it is a sample of; None where it is whole.
    :param sides: ``(N,)``, 0 where a row trains, 1 where it is for validation, 2 where it judges;
        None where that is decided by lot.
    """

    name: str
    digest: str
    schema: LabelSchema
    texts: tuple[str, ...]
    codes: Integers
    rows: Integers
    dropped: tuple[Dropped, ...]
    sampled: Sampled | None = None
    sides: Integers | None = None

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def class_index(self) -> Integers:
        """The position of each row's label among the schema's classes, ``(N,)``."""
        index, first = distinct(list(self.codes.T))
        return self.schema.class_index(self.codes[first])[index]


def build_dataset(
    table: Table,
    mapping: ColumnMapping,
    *,
    edits: LabelEdits = UNEDITED,
    like: LabelParts | None = None,
) -> Dataset:
    """The rows of ``table`` that have a text and a label, with the schema of their labels.

    Values are in alphabetical order, numbers in numerical, unless the edits say otherwise; the
    combinations that occur and are not left out are the allowed ones. A row without text, without
    label, with a label that does not parse or one that is left out is dropped with its reason.

    :param like: labels of another table, whose spellings are kept.
    :raises LossVizError: with fewer than 10 usable rows, more than 1,000 different labels, or a
        component that differs in nearly every row.
    """
    return edited_dataset(table, mapping, read_parts(table, mapping, like), edits)


def edited_dataset(
    table: Table, mapping: ColumnMapping, read: LabelParts, edits: LabelEdits
) -> Dataset:
    """Like :func:`build_dataset`, from labels that have been read already."""
    edited = edit_labels(read, edits)
    used = edited.used
    label = edited.index[read.index]
    kept = used[label]
    dropped = _dropped(table, read, edited, label)
    _check(table.name, edited, int(kept.sum()), dropped)
    schema, classes = _schema(mapping.reading, edited)
    place = np.cumsum(used) - 1
    class_index = place[label[kept]]
    codes = classes[class_index]
    rows = read.rows[kept]
    every = cells_of(table, mapping.text)
    texts = tuple((every if len(rows) == len(table) else every.iloc[rows]).tolist())
    sides = sides_of(table, mapping.split)[rows] if mapping.split else None
    digest = digest_of(texts, codes, schema, sides)
    numbers = table.rows[rows]
    return Dataset(table.name, digest, schema, texts, codes, numbers, dropped, sides=sides)


def _dropped(
    table: Table, read: LabelParts, edited: EditedLabels, label: Codes
) -> tuple[Dropped, ...]:
    """The rows that are left out with the reasons why, in the file's order.

    :param label: ``(N,)``, the edited label of each usable row.
    """
    out = np.flatnonzero(~edited.used[label])
    places = np.concatenate([read.refused, read.rows[out]])
    reasons = [read.phrases[k] for k in read.reasons.tolist()]
    reasons += [edited.reasons[c] for c in label[out].tolist()]
    rows = table.frame.iloc[places].itertuples(index=False, name=None)
    numbers = table.rows[places].tolist()
    join = (table.format.delimiter or ",").join
    left_out = (
        Dropped(number, reason, join(cells))
        for number, reason, cells in zip(numbers, reasons, rows, strict=True)
    )
    return tuple(sorted((*table.dropped, *left_out), key=lambda row: row.row))


def _check(name: str, edited: EditedLabels, rows: int, dropped: Sequence[Dropped]) -> None:
    if rows < MIN_ROWS:
        why = f", first row {dropped[0].row:,}: {dropped[0].reason}" if dropped else ""
        raise LossVizError(
            f"{name} has {rows} usable rows, at least {MIN_ROWS} are needed "
            f"({len(dropped):,} were left out{why}). Choose other columns, or add rows."
        )
    used = edited.used
    for component, column in zip(edited.names, edited.combinations[used].T, strict=True):
        values = len(np.unique(column))
        if values > NEARLY_EVERY * rows:
            raise each_row_its_own(component, values, rows)
    classes = int(used.sum())
    if classes > MAX_CLASSES:
        parts = len(edited.names)
        fewer = "" if parts == 1 else ", leave out a part, or choose fewer label columns"
        raise LossVizError(
            f"{name} has {classes:,} different labels; at most {MAX_CLASSES:,} can be told apart. "
            f"Merge rare values, leave out combinations with few texts{fewer}."
        )


def _schema(reading: LabelReading, edited: EditedLabels) -> tuple[LabelSchema, Codes]:
    """The schema of the labels that are used, with the values that these have, and its classes."""
    labels = edited.combinations[edited.used]
    components, columns = [], []
    for name, values, column in zip(edited.names, edited.values, labels.T, strict=True):
        occurring, codes = np.unique(column, return_inverse=True)
        components.append(Component(name, tuple(values[code] for code in occurring.tolist())))
        columns.append(codes.reshape(-1).astype(np.int64))
    classes = np.stack(columns, axis=1)
    separator = separator_for(reading, [component.values for component in components])
    allowed = tuple(tuple(codes) for codes in classes.tolist())
    return LabelSchema(tuple(components), allowed, separator), classes


def digest_of(
    texts: Sequence[str], codes: Codes, schema: LabelSchema, sides: Integers | None = None
) -> str:
    """16 hexadecimal digits that change with any of these.

    Texts are hashed in chunks: a call for each would take most of the time.
    """
    digest = hashlib.sha256()
    for start in range(0, len(texts), _CHUNK):
        pieces: list[bytes] = []
        for text in texts[start : start + _CHUNK]:
            content = text.encode("utf-8", "surrogatepass")
            pieces += (len(content).to_bytes(8, "little"), content)
        digest.update(b"".join(pieces))
    digest.update(np.ascontiguousarray(codes, dtype="<i8").tobytes())
    if sides is not None:
        digest.update(np.ascontiguousarray(sides, dtype="<i8").tobytes())
    digest.update(repr(schema).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]


LIVE_TEXTS = 20_000
"""Texts that the pages train on at most. Four runs of ten epochs on them take some ten seconds."""
_LEAST = 2


def _copy(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass")


def live_sample(dataset: Dataset, most: int = LIVE_TEXTS, seed: int = 0) -> Dataset:
    """The data set itself, or a sample of ``most`` of its texts, in their order.

    Each label keeps its share, by largest remainders, but at least two of its texts (or the only
    one), so that no combination is lost: rare ones are a little more frequent in the sample.
    The schema stays, and so does the list of what was left out. The same seed draws the same.

    :raises ValueError: when ``most`` is less than two for each label.
    """
    size = len(dataset)
    if size <= most:
        return dataset
    rows = _draw(dataset.class_index, most, np.random.default_rng(seed))
    # Copies: a text of the whole would keep the memory of those around it, fifty times its own.
    texts = tuple(_copy(dataset.texts[row]) for row in rows.tolist())
    codes = dataset.codes[rows]
    sides = None if dataset.sides is None else dataset.sides[rows]
    return replace(
        dataset,
        name=f"{dataset.name} (sample of {most:,} of {size:,} texts)",
        digest=digest_of(texts, codes, dataset.schema, sides),
        texts=texts,
        codes=codes,
        rows=dataset.rows[rows],
        sampled=Sampled(size, seed),
        sides=sides,
    )


def _draw(classes: Integers, most: int, generator: np.random.Generator) -> Integers:
    counts = np.bincount(classes)
    least = np.minimum(counts, _LEAST)
    if least.sum() > most:
        raise ValueError(f"{most} texts do not hold two of each of {len(counts)} labels")
    wanted = least + _apportion(counts - least, most - int(least.sum()))
    order = generator.permutation(len(classes))
    by_class = order[np.argsort(classes[order], kind="stable")]
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    place = np.arange(len(classes)) - np.repeat(starts, counts)
    drawn = by_class[place < np.repeat(wanted, counts)]
    return np.asarray(np.sort(drawn), dtype=np.int64)


def _apportion(counts: Integers, seats: int) -> Integers:
    """``seats`` in proportion to the counts, none above its count: by largest remainders."""
    quotas = counts * (seats / counts.sum())
    given: Integers = np.floor(quotas).astype(np.int64)
    given[np.argsort(given - quotas, kind="stable")[: seats - int(given.sum())]] += 1
    return given
