"""A table of strings read from a file, with what was assumed and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from lossviz.datasets.body import fit_body, without_empty_columns
from lossviz.datasets.cells import Row, TableFormat
from lossviz.datasets.dropped import Dropped
from lossviz.datasets.encoding import decode
from lossviz.datasets.header import column_names, has_header
from lossviz.datasets.layout import Layout, find_layout, without_excel_line
from lossviz.datasets.limits import EXPECTED, check_rows, check_text
from lossviz.datasets.rows import Rows, read_rows
from lossviz.errors import LossVizError


@dataclass(frozen=True, eq=False)
class Table:
    """The usable rows of a file. Every cell is the string that it was; "" is a missing one.

    ``frame`` has the columns ``columns``; ``rows`` ``(len(frame),)`` are the 1-based numbers of
    its rows among the data rows of the file (the header is not one, nor are blank lines).
    ``notes`` say in plain words what was assumed and repaired.
    """

    name: str
    columns: tuple[str, ...]
    frame: pd.DataFrame
    rows: npt.NDArray[np.int64]
    format: TableFormat
    notes: tuple[str, ...]
    dropped: tuple[Dropped, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def cells(self, column: str) -> list[str]:
        """The cells of a column.

        :raises LossVizError: listing the columns when there is none of this name.
        """
        if column not in self.columns:
            raise LossVizError(
                f"{self.name} has no column {column!r}. Its columns are: {listing(self.columns)}."
            )
        cells: list[str] = self.frame[column].tolist()
        return cells


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
) -> Table:
    """Read a delimited text file; whatever is not chosen is found from the data.

    :param name: what the file is called in sentences.
    :param encoding: a Python codec name.
    :param delimiter: one character, or ``tab``.
    :param header: whether the first row holds the columns' names.
    :raises LossVizError: when there is no table with two columns and a row in it.
    """
    decoded = decode(content, name, encoding)
    layout, read = _split(decoded.text, name, delimiter)
    first = _names(read.cells, layout.width)
    with_header = has_header([first, *read.cells[1:]]) if header is None else header
    if with_header:
        layout = Layout(layout.delimiter, len(first))
        fitted = fit_body(name, first, read.cells[1:], layout)
    else:
        first = [""] * layout.width
        fitted = fit_body(name, [], read.cells, layout)
    if not fitted.rows:
        raise LossVizError(
            f"{name} has a header ({listing(first)}) but no rows below it. {EXPECTED}"
        )
    names, rows, left_out = without_empty_columns(first, fitted.rows)
    if len(names) < 2:
        raise _one_column(decoded.text, name, layout)
    columns = column_names(names)
    notes = (
        decoded.note,
        f"Cells are separated by {layout.name}s" + (", as chosen." if delimiter else "."),
        *read.notes,
        _header_note(with_header, header),
        *fitted.notes,
        *left_out,
        *_index_note(columns[0], rows),
    )
    return Table(
        name,
        columns,
        pd.DataFrame(dict(zip(columns, zip(*rows, strict=True), strict=True)), dtype="str"),
        np.array(fitted.numbers, dtype=np.int64),
        _format(decoded.encoding, layout.delimiter, with_header),
        notes,
        tuple(fitted.dropped),
    )


def _split(text: str, name: str, delimiter: str | None) -> tuple[Layout, Rows]:
    """The rows of a text, the header included, and their layout."""
    if "\n" not in text:  # line ends of old Macs
        text = text.replace("\r", "\n")
    check_text(text, name)
    text, named = without_excel_line(text)
    layout = find_layout(text, named if delimiter is None else delimiter)
    if layout is None or layout.width < 2:
        raise _one_column(text, name, layout)
    read = read_rows(text, layout.delimiter, layout.width)
    if not read.cells:
        raise _one_column(text, name, layout)
    check_rows(read.cells, name)
    return layout, read


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


def _index_note(column: str, rows: Sequence[Row]) -> tuple[str, ...]:
    if len(rows) > 2 and _counts([row[0] for row in rows]):
        return (f"{column!r} numbers the rows and is neither text nor label.",)
    return ()


def _format(encoding: str, delimiter: str, header: bool) -> TableFormat:
    return TableFormat(encoding, delimiter, header, "tsv" if delimiter == "\t" else "csv")


def _header_note(with_header: bool, chosen: bool | None) -> str:
    if with_header:
        return "The first row holds the columns' names" + (", as chosen." if chosen else ".")
    if chosen is None:
        return "There is no header: the first row looks like those below. Columns have numbers."
    return "There is no header, as chosen. Columns have numbers."


def _one_column(text: str, name: str, layout: Layout | None) -> LossVizError:
    first = text.strip("\n\r").split("\n", 1)[0].strip()[:80]
    where = f"when split at {layout.name}s" if layout else "whatever the delimiter"
    advice = (
        "If there are more columns, choose the delimiter, put texts that contain it in quotes, and "
        "remove lines above the table."
    )
    if text.count('"') % 2:
        advice += " One quote has no partner: close it, or write it twice."
    return LossVizError(
        f"{name} has only one column, {where}; its first line is {first!r}. {EXPECTED} {advice}"
    )
