"""A table of strings read from a file, with what was assumed and what was left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise

import numpy as np
import pandas as pd
import pyarrow as pa

from lossviz.arrays import Integers
from lossviz.data.assumptions import Assumption, Denied
from lossviz.data.files.body import BodyReader, without_empty_columns
from lossviz.data.files.cells import EXPECTED, Dropped, Row, TableFormat
from lossviz.data.files.header import column_names, has_header
from lossviz.data.files.layout import Layout
from lossviz.data.files.read import read_contents
from lossviz.errors import LossVizError

_HEAD = 2_001


@dataclass(frozen=True, eq=False)
class Table:
    """The usable rows of a file. Every cell is the string that it was; "" is a missing one.

    ``frame`` has the columns ``columns``; ``rows`` ``(len(frame),)`` are the 1-based numbers of
    its rows among the data rows of the file (the header is not one, nor are blank lines).
    ``notes`` say in plain words what was repaired, ``assumptions`` what was taken for granted.
    """

    name: str
    columns: tuple[str, ...]
    frame: pd.DataFrame
    rows: Integers
    format: TableFormat
    notes: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    assumptions: tuple[Assumption, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> str:
        """The column that somebody names: exactly, else but for case and white space, else by its
        place, as in ``#3``.

        :raises LossVizError: listing the columns when there is none of this name.
        """
        if name in self.columns:
            return name
        alike = [column for column in self.columns if _folded(column) == _folded(name)]
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


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def listing(names: Sequence[str], limit: int = 20) -> str:
    """Names for a sentence, not more than a person reads.

    >>> listing(["text", "label"])
    "'text', 'label'"
    """
    more = f" and {len(names) - limit:,} more" if len(names) > limit else ""
    return ", ".join(repr(name) for name in names[:limit]) + more


def read_table(
    content: bytes,
    name: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header: bool | None = None,
    sheet: str | None = None,
    without: Denied = (),  # noqa: ARG001 - what files deny comes with their exports
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
    cells = read_contents(content, name, encoding=encoding, delimiter=delimiter, sheet=sheet)
    if cells.names is not None:
        cells = replace(cells, rows=chain([list(cells.names)], cells.rows))
        header = True
    head = list(islice(cells.rows, _HEAD))
    rows = chain(head, cells.rows)
    if not head:
        raise LossVizError(f"{name} has no rows. {EXPECTED}")
    first = _names(head, cells.width)
    with_header = has_header([first, *head[1:]]) if header is None else header
    layout = Layout(cells.format.delimiter, len(first) if with_header else cells.width)
    if with_header:
        next(rows)
    else:
        first = [""] * layout.width
    body = BodyReader(name, first if with_header else [], layout, 1 + with_header).read(rows)
    if not len(body.numbers):
        raise LossVizError(
            f"{name} has a header ({listing(first)}) but no rows below it. {EXPECTED}"
        )
    names, kept, left_out = without_empty_columns(first, body.columns)
    if len(names) < 2:
        raise LossVizError(f"{name} has only one column that is not empty. {EXPECTED}")
    columns = column_names(names)
    return Table(
        name,
        columns,
        strings(dict(zip(columns, kept, strict=True))),
        body.numbers,
        replace(cells.format, header=with_header),
        (
            *cells.notes,
            *((_header_note(with_header, header),) if cells.names is None else ()),
            *body.notes,
            *left_out,
            *_index_note(columns[0], kept[0]),
        ),
        tuple(body.dropped),
    )


def strings(columns: Mapping[str, pa.ChunkedArray]) -> pd.DataFrame:
    """The columns for pandas, which shares their memory."""
    dtype = pd.StringDtype("pyarrow", na_value=np.nan)
    return pd.DataFrame({name: pd.array(column, dtype=dtype) for name, column in columns.items()})


def _names(rows: Sequence[Row], width: int) -> Row:
    """The first row as names for at least ``width`` columns; R leaves out that of the index."""
    first = list(rows[0])
    if len(first) == width - 1 and _counts([row[0] for row in rows[1:]]):
        first.insert(0, "")
    return first + [""] * (width - len(first))


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
