"""A table of strings read from a file, with what was assumed and what was left out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lossviz.datasets.body import fit_body, without_empty_columns
from lossviz.datasets.dropped import Dropped
from lossviz.datasets.encoding import decode
from lossviz.datasets.header import column_names, has_header
from lossviz.datasets.layout import Layout, find_layout
from lossviz.datasets.rows import Row, read_rows
from lossviz.errors import LossVizError

MAX_LINE = 1_000_000
MAX_COLUMNS = 2_000
_EXPECTED = "Expected a table with a column of texts and at least one of labels."


@dataclass(frozen=True, slots=True)
class TableFormat:
    """How a file was read: ``read_table`` reads it alike when it is given these again.

    ``encoding`` is a Python codec name; ``format`` is ``csv``, or ``tsv`` with tabs.
    """

    encoding: str
    delimiter: str
    header: bool
    format: str


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
    text = decoded.text
    if "\n" not in text:  # line ends of old Macs
        text = text.replace("\r", "\n")
    _check_text(text, name)
    layout = find_layout(text, delimiter)
    if layout is None or layout.width < 2:
        raise _one_column(text, name, layout)
    if layout.width > MAX_COLUMNS:
        raise LossVizError(
            f"{name} has {layout.width:,} columns when split at {layout.name}s; at most "
            f"{MAX_COLUMNS:,} can be read. Keep the text and the labels, or choose the delimiter."
        )
    read = read_rows(text, layout.delimiter, layout.width)
    _check_cells(read.cells, name)
    first = _padded(read.cells[0], layout.width)
    with_header = _is_header(first, read.cells, layout.width) if header is None else header
    body = read.cells[1:] if with_header else read.cells
    if not body:
        raise LossVizError(
            f"{name} has a header ({listing(first)}) but no rows below it. {_EXPECTED}"
        )
    fitted = fit_body(name, body, layout)
    names, rows, left_out = without_empty_columns(
        first if with_header else [""] * layout.width, fitted.rows
    )
    if len(names) < 2:
        raise _one_column(text, name, layout)
    notes = (
        decoded.note,
        f"Cells are separated by {layout.name}s" + (", as chosen." if delimiter else "."),
        *read.notes,
        _header_note(with_header, header),
        *fitted.notes,
        *left_out,
    )
    kind = "tsv" if layout.delimiter == "\t" else "csv"
    columns = column_names(names)
    return Table(
        name,
        columns,
        pd.DataFrame(dict(zip(columns, zip(*rows, strict=True), strict=True)), dtype="str"),
        np.array(fitted.numbers, dtype=np.int64),
        TableFormat(decoded.encoding, layout.delimiter, with_header, kind),
        notes,
        tuple(fitted.dropped),
    )


def _is_header(first: Row, rows: Sequence[Row], width: int) -> bool:
    below = [row for row in rows[1:2001] if len(row) == width]
    return len(first) == width and has_header([first, *below])


def _header_note(with_header: bool, chosen: bool | None) -> str:
    if with_header:
        return "The first row holds the columns' names" + (", as chosen." if chosen else ".")
    if chosen is None:
        return "There is no header: the first row looks like those below. Columns have numbers."
    return "There is no header, as chosen. Columns have numbers."


def _padded(row: Row, width: int) -> Row:
    """The first row as names for ``width`` columns; R leaves out that of the row names."""
    row = ["", *row] if len(row) == width - 1 else row
    return (row + [""] * (width - len(row)))[: max(width, len("".join(row[width:])) and len(row))]


def _check_text(text: str, name: str) -> None:
    start = text[:4096].lstrip()
    if start[:1] in "{[":
        try:
            json.loads(start.split("\n", 1)[0].rstrip().rstrip(","))
        except ValueError:
            found = start.startswith(('{"', "[\n", "[{", "{\n"))
        else:
            found = True
        if found:
            raise LossVizError(f"{name} is JSON. {_EXPECTED} Save it as CSV.")
    if start[:15].lower().startswith(("<!doctype", "<html", "<?xml")):
        raise LossVizError(
            f"{name} is a web page or XML, not a table. Download the file itself. {_EXPECTED}"
        )
    longest = max(map(len, text.split("\n")))
    if longest > MAX_LINE:
        number = next(n for n, line in enumerate(text.split("\n"), 1) if len(line) == longest)
        raise LossVizError(
            f"Line {number:,} of {name} has {longest:,} characters; at most {MAX_LINE:,} can be "
            "read. Check that the file has one line for each text."
        )


def _check_cells(rows: Sequence[Row], name: str) -> None:
    for number, row in enumerate(rows, start=1):
        for cell in row:
            if len(cell) > MAX_LINE:
                raise LossVizError(
                    f"Row {number:,} of {name} (the first line is row 1) has a cell of "
                    f"{len(cell):,} characters: a quote is opened and never closed. It begins "
                    f"{cell[:60]!r}. Close the quote, or write it twice."
                )


def _one_column(text: str, name: str, layout: Layout | None) -> LossVizError:
    first = text.lstrip("\n\r").split("\n", 1)[0].strip()[:80]
    where = f"when split at {layout.name}s" if layout else "whatever the delimiter"
    return LossVizError(
        f"{name} has only one column, {where}; its first line is {first!r}. {_EXPECTED} "
        "If there are more columns, choose the delimiter; put texts that contain it in quotes."
    )
