"""The body of a table: rows brought to one width, and empty columns left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lossviz.datasets.cells import Row
from lossviz.datasets.dropped import Dropped
from lossviz.datasets.layout import Layout
from lossviz.errors import LossVizError

TOO_MANY = "more cells than columns"
TOO_FEW = "fewer cells than columns"
HEADER_AGAIN = "the header again"
# An export of a spreadsheet has a few cells that slipped into columns without a name.
_NEARLY_EMPTY = 0.02


@dataclass(frozen=True, slots=True)
class Body:
    """Rows of equal width, their 1-based numbers in the file, and the rows that do not fit."""

    rows: list[Row]
    numbers: list[int]
    dropped: list[Dropped]
    notes: list[str]


def fit_body(name: str, header: Row, rows: Sequence[Row], layout: Layout) -> Body:
    """Bring rows to the layout's width.

    Empty cells too many are cut off; cells that are missing at the end are added where other
    rows leave the same columns empty. Any other row is dropped, and so is a repeated header.

    :param header: the names of the columns; empty where there is no header.
    :raises LossVizError: when more than half of the rows do not fit.
    """
    width = layout.width
    if all(len(row) == width and row != header for row in rows):
        return Body(list(rows), list(range(1, len(rows) + 1)), [], [])
    required = _required(rows, width)
    body = Body([], [], [], [])
    cut = padded = 0
    for number, row in enumerate(rows, start=1):
        fitting = row
        if len(row) > width and not any(row[width:]):
            fitting, cut = row[:width], cut + 1
        elif required <= len(row) < width:
            fitting, padded = row + [""] * (width - len(row)), padded + 1
        if len(fitting) == width and fitting != header:
            body.rows.append(fitting)
            body.numbers.append(number)
        else:
            reason = TOO_MANY if len(row) > width else TOO_FEW
            reason = HEADER_AGAIN if fitting == header else reason
            body.dropped.append(Dropped(number, reason, layout.delimiter.join(row)))
    misfits = [dropped for dropped in body.dropped if dropped.reason != HEADER_AGAIN]
    if len(misfits) > len(rows) / 2:
        raise _ragged(name, misfits, layout, len(rows))
    if cut:
        body.notes.append(f"{cut:,} rows end in empty cells that no column has; cut off.")
    if padded:
        body.notes.append(f"{padded:,} rows lack cells at their end; taken as empty.")
    for reason in (TOO_MANY, TOO_FEW):
        if bad := [dropped.row for dropped in body.dropped if dropped.reason == reason]:
            body.notes.append(_misfit(reason, bad, layout))
    return body


def _required(rows: Sequence[Row], width: int) -> int:
    """How many cells a row needs, at least 2.

    The columns after them are empty in some row, or missing in more than half of the rows.
    """
    for needed in range(width, 2, -1):
        cells = [row[needed - 1] for row in rows if len(row) >= needed]
        if all(cells) and len(cells) >= len(rows) / 2:
            return needed
    return 2


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


def without_empty_columns(header: Row, rows: list[Row]) -> tuple[Row, list[Row], list[str]]:
    """Leave out the columns that have no name and no cells.

    At the end of the row a few cells in such a column do not keep it.

    :param header: the names; "" where there is none.
    :returns: names, rows, and notes on what was left out.
    """
    width = len(header)
    filled = [sum(map(bool, column)) for column in zip(*rows, strict=True)]
    keep = [k for k in range(width) if header[k].strip() or filled[k]]
    while len(keep) > 2 and _slipped(header[keep[-1]], filled[keep[-1]], len(rows), header):
        keep.pop()
    if len(keep) == width:
        return header, rows, []
    gone = [k for k in range(width) if k not in set(keep)]
    lost = sum(any(row[k] for k in gone) for row in rows)
    note = f"{len(gone)} empty column(s) without a name left out ({_numbers(gone)})."
    if lost:
        note += f" {lost:,} rows had something there: a text that continues without quotes?"
    return [header[k] for k in keep], [[row[k] for k in keep] for row in rows], [note]


def _slipped(name: str, filled: int, total: int, header: Row) -> bool:
    """Is the column nameless among named ones, and nearly empty?"""
    return not name.strip() and any(map(str.strip, header)) and filled <= _NEARLY_EMPTY * total


def _numbers(columns: Iterable[int]) -> str:
    return "column " + ", ".join(str(k + 1) for k in columns)
