"""The labels of a table, read in parts, each different one once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from lossviz.arrays import Bools, Integers
from lossviz.data.files.table import Table
from lossviz.data.labels.mapping import ColumnMapping
from lossviz.data.labels.parse import parse_label
from lossviz.data.labels.reading import LabelReading
from lossviz.data.labels.roles import side_of
from lossviz.data.labels.spelling import Merged, key, merge_spellings
from lossviz.errors import LossVizError
from lossviz.schema import Codes

NEARLY_EVERY = 0.8
_TOO_MANY = 200_000
"""Different compound labels: so many are not read in parts where nearly every row has its own."""
# Fewer different labels are soon read, and the parts of each may well repeat.
_MANY = 20_000
_CHUNK = 50_000
NO_TEXT = "empty text"
NO_SIDE = "neither train nor validation nor test in the column of the split"
SIDES = ("train", "validation", "test")


@dataclass(frozen=True, eq=False)
class LabelParts:
    """The labels of a table's usable rows, before anybody has edited them.

    :param names: the components, in order.
    :param values: of each component, in the order in which the file first has them.
    :param combinations: ``(M, K)``, the different labels as places among the values, in the
        file's order.
    :param rows: ``(N,)``, the places of the usable rows in the table, ascending.
    :param index: ``(N,)``, the place of each one's label among the combinations.
    :param refused: ``(D,)``, the places of the other rows.
    :param reasons: ``(D,)``, why each one is left out, as a place among ``phrases``.
    :param merged: spellings that were read as one value.
    """

    names: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    combinations: Codes
    rows: Codes
    index: Codes
    refused: Codes
    reasons: Codes
    phrases: tuple[str, ...]
    merged: tuple[Merged, ...] = ()

    @cached_property
    def spelled(self) -> tuple[dict[str, str], ...]:
        """Of each component, the value that all its spellings stand for, by their key."""
        return tuple({key(value): value for value in values} for values in self.values)

    @cached_property
    def counts(self) -> Codes:
        """The rows of each combination, ``(M,)``."""
        return np.bincount(self.index, minlength=len(self.combinations)).astype(np.int64)

    def value_counts(self, k: int) -> Codes:
        """The rows of each value of a component, ``(n_k,)``."""
        counts = np.zeros(len(self.values[k]), dtype=np.int64)
        np.add.at(counts, self.combinations[:, k], self.counts)
        return counts


def read_parts(table: Table, mapping: ColumnMapping, like: LabelParts | None = None) -> LabelParts:
    """Read the labels of a table; a row without text or a label that parses is refused.

    Each different label is parsed once, and spellings of a value become one.

    :param like: labels of another table, whose spellings are kept.
    :raises LossVizError: when a column is not there, or differs in nearly every one of many rows.
    """
    columns = [_factorised(table, column) for column in mapping.labels]
    different = [len(values) for _, values in columns]
    if mapping.reading.kind in ("whole", "columns") or max(different) > _TOO_MANY:
        _check_repeating(mapping.labels, different, len(table))
    index, first = distinct([codes for codes, _ in columns])
    cells = zip(*(values[codes[first]].tolist() for codes, values in columns), strict=True)
    outcomes = [_parse(mapping.reading, cell) for cell in cells]
    phrases = (NO_TEXT, *dict.fromkeys(outcome for outcome in outcomes if isinstance(outcome, str)))
    reason = np.array(
        [phrases.index(outcome) if isinstance(outcome, str) else -1 for outcome in outcomes],
        dtype=np.int64,
    )[index]
    reason[_blank(table, mapping.text)] = 0
    if mapping.split:
        phrases = (*phrases, NO_SIDE)
        reason[(sides_of(table, mapping.split) < 0) & (reason < 0)] = len(phrases) - 1
    rows = np.flatnonzero(reason < 0)
    refused = np.flatnonzero(reason >= 0)
    times = np.bincount(index[rows], minlength=len(outcomes)).tolist()
    outcomes, merged = _spelled(mapping.reading, outcomes, times, like)
    values, codes = _coded(mapping.reading.names, outcomes)
    labels, firsts = distinct([column[index[rows]] for column in codes.T])
    combinations = codes[index[rows[firsts]]]
    return LabelParts(
        mapping.reading.names,
        *_as_they_come(values, combinations),
        rows,
        labels,
        refused,
        reason[refused],
        phrases,
        merged,
    )


def sides_of(table: Table, column: str) -> Integers:
    """On which side each row is ``(len(table),)``: its place among ``SIDES``; -1 for none."""
    sides = {cell: side_of(cell) for cell in set(table.cells(column))}
    places = {cell: SIDES.index(side) if side else -1 for cell, side in sides.items()}
    return np.array([places[cell] for cell in table.cells(column)], dtype=np.int64)


def each_row_its_own(name: str, values: int, rows: int) -> LossVizError:
    """What to say of a label that is none."""
    return LossVizError(
        f"The label {name!r} has {values:,} different values in {rows:,} rows: it looks like an "
        "id or a text. Choose a column whose values repeat."
    )


def _factorised(table: Table, column: str) -> tuple[Codes, npt.NDArray[np.object_]]:
    """The cells of a column as places among the different ones, and these."""
    codes, values = pd.factorize(cells_of(table, column))
    return codes.astype(np.int64, copy=False), np.asarray(values, dtype=object)


def _check_repeating(names: Sequence[str], values: Sequence[int], rows: int) -> None:
    """Refuse what would take long to read and be refused then."""
    for name, different in zip(names, values, strict=True):
        if different > max(_MANY, NEARLY_EVERY * rows):
            raise each_row_its_own(name, different, rows)


def cells_of(table: Table, column: str) -> pd.Series:
    """The cells of a column as they lie in memory.

    :raises LossVizError: listing the columns when there is none of this name.
    """
    if column not in table.columns:
        table.cells(column)
    cells: pd.Series = table.frame[column]
    return cells


def _blank(table: Table, column: str) -> Bools:
    """Which texts are empty but for spaces ``(len(table),)``; read in chunks, as copies of all
    texts would take as much memory again."""
    texts = cells_of(table, column)
    return np.fromiter(
        (not text.strip() for chunk in _chunks(texts) for text in chunk), bool, len(texts)
    )


def _chunks(texts: pd.Series) -> Iterator[Sequence[str]]:
    for start in range(0, len(texts), _CHUNK):
        yield texts.iloc[start : start + _CHUNK].tolist()


def _parse(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...] | str:
    """The parts of a label, or the reason why there are none."""
    try:
        return parse_label(reading, cells)
    except LossVizError as error:
        return str(error)


def _spelled(
    reading: LabelReading,
    outcomes: Sequence[tuple[str, ...] | str],
    times: Sequence[int],
    like: LabelParts | None,
) -> tuple[list[tuple[str, ...] | str], tuple[Merged, ...]]:
    """The labels with one spelling for each value.

    :param times: the rows of each label.
    """
    labels = [(parts, n) for parts, n in zip(outcomes, times, strict=True) if n]
    names: list[dict[str, str]] = []
    merged: list[Merged] = []
    for k, name in enumerate(reading.names):
        counts: dict[str, int] = {}
        for parts, count in labels:
            counts[parts[k]] = counts.get(parts[k], 0) + count
        shown = {} if like is None else like.spelled[k]
        spelled, alike = merge_spellings(name, counts, shown, reading.exact)
        names.append(spelled)
        merged += alike
    return [
        parts
        if isinstance(parts, str)
        else tuple(spelled.get(part, part) for spelled, part in zip(names, parts, strict=True))
        for parts in outcomes
    ], tuple(merged)


def _coded(
    names: Sequence[str], outcomes: Sequence[tuple[str, ...] | str]
) -> tuple[list[dict[str, int]], Codes]:
    """The values of each component with their places, and the labels ``(M, K)`` in these; those
    that did not parse have zeros."""
    places: list[dict[str, int]] = [{} for _ in names]
    codes = np.zeros((len(outcomes), len(names)), dtype=np.int64)
    for m, parts in enumerate(outcomes):
        if not isinstance(parts, str):
            codes[m] = [
                place.setdefault(v, len(place)) for place, v in zip(places, parts, strict=True)
            ]
    return places, codes


def _as_they_come(
    values: Sequence[dict[str, int]], combinations: Codes
) -> tuple[tuple[tuple[str, ...], ...], Codes]:
    """The values that usable rows have, in their order, and the combinations in these."""
    names, columns = [], []
    for places, column in zip(values, combinations.T, strict=True):
        index, first = distinct([column])
        known = list(places)
        names.append(tuple(known[code] for code in column[first].tolist()))
        columns.append(index)
    return tuple(names), np.stack(columns, axis=1)


_MOST = 2**62


def distinct(columns: Sequence[Integers]) -> tuple[Codes, Codes]:
    """The number of each row among the different rows, and where each of these comes first.

    Different rows are numbered as they come.

    >>> index, first = distinct([np.array([1, 0, 1]), np.array([5, 5, 5])])
    >>> index.tolist(), first.tolist()
    ([0, 1, 0], [0, 1])

    :param columns: each ``(N,)``, not negative.
    :returns: ``(N,)`` and ``(M,)``.
    """
    index = np.zeros(len(columns[0]), dtype=np.int64)
    size = 1
    for column in columns:
        values = int(column.max(initial=0)) + 1
        if size * values > _MOST:
            index, size = _numbered(index)
        index = index * values + column
        size *= values
    index, size = _numbered(index)
    first = np.empty(size, dtype=np.int64)
    # Where a place is given several times, the last one holds: from the end, that is the first.
    first[index[::-1]] = np.arange(len(index))[::-1]
    return index, first


def _numbered(keys: Codes) -> tuple[Codes, int]:
    index, values = pd.factorize(keys)
    return index.astype(np.int64, copy=False), len(values)
