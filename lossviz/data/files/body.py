"""The body of a table: rows brought to one width, and empty columns left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lossviz.arrays import Bools, Integers
from lossviz.data.files.cells import Dropped, Row, check_count, check_row
from lossviz.data.files.layout import Layout
from lossviz.errors import LossVizError
from lossviz.guards import MAX_LINE

TOO_MANY = "more cells than columns"
TOO_FEW = "fewer cells than columns"
HEADER_AGAIN = "the header again"
# An export of a spreadsheet has a few cells that slipped into columns without a name.
_NEARLY_EMPTY = 0.02
_CHUNK = 20_000
_MANY = 200_000

Columns = list[pa.ChunkedArray]


@dataclass(frozen=True, slots=True)
class Body:
    """Columns of equal length, the 1-based numbers of their rows, and the rows that do not fit."""

    columns: Columns
    numbers: Integers
    dropped: list[Dropped]
    notes: list[str]


class BodyReader:
    """Brings rows to one width, and puts them away by columns as they come.

    Empty cells too many are cut off; cells that are missing at the end are added where other
    rows leave the same columns empty. Any other row is dropped, and so is a repeated header.

    :param header: the names of the columns; empty where there is no header.
    :param first: the number in the file of the first row of the body, for sentences.
    """

    def __init__(self, name: str, header: Row, layout: Layout, first: int) -> None:
        self._name, self._header, self._layout, self._first = name, header, layout, first
        self._chunks: list[list[pa.Array]] = [[] for _ in range(layout.width)]
        self._rows = 0
        self._odd: list[tuple[int, Row]] = []
        """Rows of another width, and repeated headers, with their numbers."""

    def read(self, rows: Iterator[Row]) -> Body:
        """All rows.

        :raises LossVizError: when more than half of them do not fit, or one is too large.
        """
        while chunk := list(islice(rows, _CHUNK)):
            self._put(chunk)
        return self._body()

    def _put(self, rows: list[Row]) -> None:
        width, header = self._layout.width, self._header
        regular = rows
        for number, row in enumerate(rows, start=self._rows + 1):
            if len(row) != width or row == header:
                check_row(row, number + self._first - 1, self._name)
                self._odd.append((number, row))
        if self._odd and self._odd[-1][0] > self._rows:
            regular = [row for row in rows if len(row) == width and row != header]
        if regular:
            self._put_away(regular, rows)
        self._rows += len(rows)
        check_count(self._rows, self._name)
        if len(self._odd) > _MANY and len(self._odd) > 0.9 * self._rows:
            self._body()  # which says what is wrong: no need to read on

    def _put_away(self, regular: list[Row], rows: list[Row]) -> None:
        for chunks, cells in zip(self._chunks, zip(*regular, strict=True), strict=True):
            if max(map(len, cells)) > MAX_LINE:
                for number, row in enumerate(rows, start=self._rows + self._first):
                    check_row(row, number, self._name)
            chunks.append(pa.array(cells, pa.large_string()))

    def _body(self) -> Body:
        width = self._layout.width
        required = self._required()
        fitting: list[Row] = []
        numbers: list[int] = []
        dropped: list[Dropped] = []
        cut = padded = 0
        for number, row in self._odd:
            fitted = row
            if len(row) > width and not any(row[width:]):
                fitted, cut = row[:width], cut + 1
            elif required <= len(row) < width:
                fitted, padded = row + [""] * (width - len(row)), padded + 1
            if len(fitted) == width and fitted != self._header:
                fitting.append(fitted)
                numbers.append(number)
            else:
                reason = TOO_MANY if len(row) > width else TOO_FEW
                reason = HEADER_AGAIN if fitted == self._header else reason
                dropped.append(Dropped(number, reason, self._layout.delimiter.join(row)))
        misfits = [row for row in dropped if row.reason != HEADER_AGAIN]
        if len(misfits) > self._rows / 2:
            raise _ragged(self._name, misfits, self._layout, self._rows)
        columns, kept = self._in_order(fitting, numbers)
        return Body(columns, kept, dropped, _notes(cut, padded, dropped, self._layout))

    def _in_order(self, fitting: list[Row], numbers: list[int]) -> tuple[Columns, Integers]:
        """All columns, with the rows made to fit in their places, and the rows' numbers."""
        regular = np.ones(self._rows, dtype=bool)
        regular[[number - 1 for number, _ in self._odd]] = False
        kept = np.flatnonzero(regular) + 1
        if not fitting:
            return [pa.chunked_array(chunk, pa.large_string()) for chunk in self._chunks], kept
        order = np.argsort(np.concatenate([kept, numbers]), kind="stable")
        columns = [
            pa.chunked_array([*chunks, pa.array(cells, pa.large_string())], pa.large_string())
            for chunks, cells in zip(self._chunks, zip(*fitting, strict=True), strict=True)
        ]
        return [column.take(pa.array(order)) for column in columns], np.concatenate(
            [kept, numbers]
        )[order]

    def _required(self) -> int:
        """How many cells a row needs, at least 2.

        The columns after them are empty in some row, or missing in more than half of the rows.
        """
        regular = self._rows - len(self._odd)
        for needed in range(self._layout.width, 2, -1):
            odd = [row[needed - 1] for _, row in self._odd if len(row) >= needed]
            filled = all(odd) and not any(map(_some_empty, self._chunks[needed - 1]))
            if filled and regular + len(odd) >= self._rows / 2:
                return needed
        return 2


def _some_empty(cells: pa.Array) -> bool:
    return bool(pc.any(pc.equal(cells, "")).as_py())


def _notes(cut: int, padded: int, dropped: Sequence[Dropped], layout: Layout) -> list[str]:
    notes: list[str] = []
    if cut:
        notes.append(f"{cut:,} rows end in empty cells that no column has; cut off.")
    if padded:
        notes.append(f"{padded:,} rows lack cells at their end; taken as empty.")
    for reason in (TOO_MANY, TOO_FEW):
        if bad := [row.row for row in dropped if row.reason == reason]:
            notes.append(_misfit(reason, bad, layout))
    return notes


def _misfit(reason: str, bad: Sequence[int], layout: Layout) -> str:
    where = ", ".join(f"{number:,}" for number in bad[:5]) + (", …" if len(bad) > 5 else "")
    why = (
        f"If their texts contain {layout.name}s, put these texts in quotes."
        if reason == TOO_MANY
        else "Perhaps a text has a line break and no quotes around it."
    )
    return f"{len(bad):,} rows have {reason} ({layout.width}) and are left out: {where}. {why}"


def _ragged(name: str, dropped: Sequence[Dropped], layout: Layout, total: int) -> LossVizError:
    many = sum(row.reason == TOO_MANY for row in dropped)
    if many > len(dropped) / 2:
        example = next(row for row in dropped if row.reason == TOO_MANY)
        return LossVizError(
            f"{name} has {layout.width} columns, but {many:,} of {total:,} rows have more cells, "
            f"first data row {example.row:,} ({example.content[:80]!r}): the texts contain "
            f"{layout.name}s without quotes around them. Save the file with quotes around the "
            "texts, or with tabs between the columns."
        )
    return LossVizError(
        f"{name} has {layout.width} columns, but {len(dropped):,} of {total:,} rows have another "
        f"number of cells, first data row {dropped[0].row:,} ({dropped[0].content[:80]!r}). "
        "Check the delimiter, and put texts with line breaks in quotes."
    )


def without_empty_columns(header: Row, columns: Columns) -> tuple[Row, Columns, list[str]]:
    """Leave out the columns that have no name and no cells.

    At the end of the row a few cells in such a column do not keep it.

    :param header: the names; "" where there is none.
    :returns: names, columns, and notes on what was left out.
    """
    width, rows = len(header), len(columns[0])
    filled = [_filled(column) for column in columns]
    keep = [k for k in range(width) if header[k].strip() or filled[k].any()]
    while len(keep) > 2 and _slipped(header[keep[-1]], int(filled[keep[-1]].sum()), rows, header):
        keep.pop()
    if len(keep) == width:
        return header, columns, []
    gone = [k for k in range(width) if k not in set(keep)]
    lost = int(np.logical_or.reduce([filled[k] for k in gone]).sum())
    note = f"{len(gone)} empty column(s) without a name left out ({_numbers(gone)})."
    if lost:
        note += f" {lost:,} rows had something there: a text that continues without quotes?"
    return [header[k] for k in keep], [columns[k] for k in keep], [note]


def _filled(column: pa.ChunkedArray) -> Bools:
    return np.asarray(pc.not_equal(column, ""), dtype=bool)


def _slipped(name: str, filled: int, total: int, header: Row) -> bool:
    """Is the column nameless among named ones, and nearly empty?"""
    return not name.strip() and any(map(str.strip, header)) and filled <= _NEARLY_EMPTY * total


def _numbers(columns: Iterable[int]) -> str:
    return "column " + ", ".join(str(k + 1) for k in columns)
