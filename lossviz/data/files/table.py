"""A table of strings read from a file, with what was assumed and what was left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise
from typing import TypedDict

import numpy as np
import pandas as pd
import pyarrow as pa

from lossviz.arrays import Bools, Integers
from lossviz.data.assumptions import Assumption, Denied, assumed
from lossviz.data.files.body import BodyReader, without_empty_columns
from lossviz.data.files.cells import EXPECTED, SKIPPED, Cells, Dropped, Row, TableFormat
from lossviz.data.files.header import column_names
from lossviz.data.files.layout import Layout
from lossviz.data.files.read import read_contents
from lossviz.data.files.sheet import Top, find_top, rows_below
from lossviz.errors import LossVizError

_HEAD = 2_001
_LAST = 40
BELOW = "below the table"


@dataclass(frozen=True, eq=False)
class Table:
    """The usable rows of a file. Every cell is the string that it was; "" is a missing one.

    ``frame`` has the columns ``columns``; ``rows`` ``(len(frame),)`` are the 1-based numbers of
    its rows among the data rows of the file (the header is not one, nor are blank lines).
    ``notes`` say in plain words what was repaired, ``assumptions`` what was taken for granted,
    ``source`` is the column that says which file a row is of; "" where there is one file only.
    """

    name: str
    columns: tuple[str, ...]
    frame: pd.DataFrame
    rows: Integers
    format: TableFormat
    notes: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    assumptions: tuple[Assumption, ...] = ()
    source: str = ""

    def __len__(self) -> int:
        return len(self.rows)

    def without_rows(self, out: Bools, reasons: Sequence[str]) -> Table:
        """Without some rows, which are dropped for these reasons.

        :param out: ``(N,)``, which; ``reasons`` has as many.
        """
        join = (self.format.delimiter or ",").join
        rows = self.frame[out].itertuples(index=False, name=None)
        places = np.flatnonzero(out).tolist()
        dropped = [
            Dropped(int(self.rows[place]), reasons[place], join(row))
            for place, row in zip(places, rows, strict=True)
        ]
        return replace(
            self,
            frame=self.frame[~out].reset_index(drop=True),
            rows=self.rows[~out],
            dropped=tuple(sorted((*self.dropped, *dropped), key=lambda row: row.row)),
        )

    def column(self, name: str) -> str:
        """The column that somebody names: exactly, else but for case and white space, else by its
        place, as in ``#3``.

        :raises LossVizError: listing the columns when there is none of this name.
        """
        if name in self.columns:
            return name
        alike = [column for column in self.columns if folded(column) == folded(name)]
        place = int(name[1:]) if re.fullmatch(r"#\d{1,4}", name) else 0
        if len(alike) == 1:
            return alike[0]
        if 1 <= place <= len(self.columns):
            return self.columns[place - 1]
        raise LossVizError(
            f"{self.name} has no column {name!r}. Its columns are: {listing(self.columns)}."
        )

    def cells(self, column: str) -> list[str]:
        """The cells of a column.

        :raises LossVizError: listing the columns when there is none of this name.
        """
        cells: list[str] = self.frame[self.column(column)].tolist()
        return cells


def folded(name: str) -> str:
    """A name but for case, white space and Unicode form."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def listing(names: Sequence[str], limit: int = 20) -> str:
    """Names for a sentence, not more than a person reads.

    >>> listing(["text", "label"])
    "'text', 'label'"
    """
    more = f" and {len(names) - limit:,} more" if len(names) > limit else ""
    return ", ".join(repr(name) for name in names[:limit]) + more


class Choices(TypedDict, total=False):
    """How to read a file, where that is not left to be found: see :func:`read_table`."""

    encoding: str | None
    delimiter: str | None
    header: bool | None
    sheet: str | None
    without: Denied


def read_table(
    content: bytes,
    name: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header: bool | None = None,
    sheet: str | None = None,
    without: Denied = (),
) -> Table:
    """Read a file; whatever is not chosen is found from the data.

    Memory: the cells once, as UTF-8, beside ``content``; and some 50 MB to look at the beginning.

    :param name: what the file is called in sentences.
    :param encoding: a Python codec name.
    :param delimiter: one character, or ``tab``.
    :param header: whether the first row holds the columns' names.
    :param sheet: of a workbook; without it the first that holds a table.
    :param without: what is not to be taken for granted.
    :raises LossVizError: when there is no table with two columns and a row in it.
    """
    cells = read_contents(
        content, name, encoding=encoding, delimiter=delimiter, sheet=sheet, without=without
    )
    if cells.names is not None:
        cells = replace(cells, rows=chain([list(cells.names)], cells.rows))
    head = list(islice(cells.rows, _HEAD))
    rows = chain(head, cells.rows)
    if not head:
        raise LossVizError(f"{name} has no rows. {EXPECTED}")
    top = _top(head, cells, header, without)
    layout = Layout(cells.format.delimiter, len(top.names) if top.headers else cells.width)
    names = top.names if top.headers else [""] * layout.width
    for _ in range(top.rows):
        next(rows)
    body = BodyReader(name, names if top.headers else [], layout, 1 + top.rows).read(rows)
    if not len(body.numbers):
        raise LossVizError(
            f"{name} has a header ({listing(names)}) but no rows below it. {EXPECTED}"
        )
    names, kept, left_out = without_empty_columns(names, body.columns)
    skipped = SKIPPED in names
    if len(names) - skipped < 2:
        raise LossVizError(f"{name} has only one column that is not empty. {EXPECTED}")
    columns = column_names(names)
    table = Table(
        name,
        columns,
        strings(dict(zip(columns, kept, strict=True))),
        body.numbers,
        replace(cells.format, header=bool(top.headers)),
        (
            *cells.notes,
            *((_header_note(bool(top.headers), header),) if cells.names is None else ()),
            *body.notes,
            *left_out,
            *_index_note(columns[0], kept[0]),
        ),
        tuple(body.dropped),
        (*cells.assumptions, *top.assumptions),
    )
    table = _without_skipped(table) if skipped else table
    return table if "lines" in without or cells.names is not None else _without_totals(table)


def _top(head: Sequence[Row], cells: Cells, header: bool | None, without: Denied) -> Top:
    if cells.names is not None:
        return Top(0, 1, list(cells.names))
    first = _names(head, cells.width)
    return find_top([first, *head[1:]], cells.width, header, without)


def _without_skipped(table: Table) -> Table:
    """Without the rows that an export leaves out, each with its reason."""
    reasons = table.frame[SKIPPED].tolist()
    rest = replace(
        table,
        columns=tuple(name for name in table.columns if name != SKIPPED),
        frame=table.frame.drop(columns=SKIPPED),
    )
    return rest.without_rows(np.array([bool(reason) for reason in reasons]), reasons)


def _without_totals(table: Table) -> Table:
    """Without the totals and remarks below the table."""
    last = [list(row) for row in table.frame.tail(_LAST).itertuples(index=False, name=None)]
    below = rows_below(last)
    if not below:
        return table
    out = np.arange(len(table)) >= len(table) - below
    shown = "; ".join(repr(" ".join(" ".join(row).split())[:60]) for row in last[-below:])
    rest = table.without_rows(out, [BELOW] * len(table))
    what = f"{below} row(s) below the table are left out"
    return replace(rest, assumptions=(*table.assumptions, assumed("lines", what, shown, "as rows")))


def strings(columns: Mapping[str, pa.ChunkedArray]) -> pd.DataFrame:
    """The columns for pandas, which shares their memory."""
    dtype = pd.StringDtype("pyarrow", na_value=np.nan)
    return pd.DataFrame({name: pd.array(column, dtype=dtype) for name, column in columns.items()})


def _names(rows: Sequence[Row], width: int) -> Row:
    """The first row, with the name of the index that R leaves out."""
    first = list(rows[0])
    if len(first) == width - 1 and _counts([row[0] for row in rows[1:]]):
        first.insert(0, "")
    return first


def _counts(cells: Sequence[str]) -> bool:
    """Do the cells number the rows?"""
    numbers = [int(cell) for cell in cells if cell.isascii() and cell.isdigit()]
    return len(numbers) == len(cells) and all(b - a == 1 for a, b in pairwise(numbers))


def _index_note(column: str, cells: pa.ChunkedArray) -> tuple[str, ...]:
    if len(cells) > 2 and _counts(cells[:_HEAD].to_pylist()) and _counts(cells.to_pylist()):
        return (f"{column!r} numbers the rows and is neither text nor label.",)
    return ()


def _header_note(with_header: bool, chosen: bool | None) -> str:
    if with_header:
        return "The first row holds the columns' names" + (", as chosen." if chosen else ".")
    if chosen is None:
        return "There is no header: the first row looks like those below. Columns have numbers."
    return "There is no header, as chosen. Columns have numbers."
