"""The cells of a table before they have columns, and how many of them there may be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lossviz.data.assumptions import Assumption
from lossviz.errors import LossVizError
from lossviz.guards import MAX_COLUMNS, MAX_LINE, MAX_ROWS

Row = list[str]
SKIPPED = "\x00left out"
"""A column that no file has: why a row is left out."""


@dataclass(frozen=True, slots=True)
class TableFormat:
    """How a file was read: ``read_table`` reads it alike when it is given these again.

    :param encoding: a Python codec name; "" where the format is not text.
    :param delimiter: between cells; "" where the format has none.
    :param header: whether the first row held the columns' names.
    :param format: ``csv``, or ``tsv`` with tabs; ``jsonl``, ``json``, ``parquet``, ``xlsx``,
        ``xls``, ``xlsb``, ``ods``.
    :param compression: ``gzip``, ``zip``, or "".
    :param part: the sheet of a workbook, or the member of an archive; "" where there is no choice.
    """

    encoding: str
    delimiter: str
    header: bool
    format: str
    compression: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a file, to be read once, row by row.

    :param names: the columns' names where the format itself has them; None where the first row
        may be a header.
    :param rows: every row, in the file's order; a missing cell is "". Rows may differ in length
        where the format allows it. Reading them may raise :class:`lossviz.errors.LossVizError`.
    :param width: the number of cells expected in a row.
    :param format: ``header`` in it is filled in later, where ``names`` is None.
    :param notes: in plain words, what was repaired; complete once ``rows`` is read.
    :param assumptions: what was taken for granted.
    """

    names: tuple[str, ...] | None
    rows: Iterator[Row]
    width: int
    format: TableFormat
    notes: Sequence[str]
    assumptions: tuple[Assumption, ...] = ()


_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Dropped:
    """A row that is not used.

    ``row`` is its 1-based number among the data rows of the file, ``reason`` a phrase that rows
    share, ``content`` what the row said: at most 500 characters of it.
    """

    row: int
    reason: str
    content: str

    def __post_init__(self) -> None:
        if len(self.content) > _SHOWN:
            object.__setattr__(self, "content", self.content[: _SHOWN - 1] + "…")


EXPECTED = "Expected a table with a column of texts and at least one of labels."


def check_row(row: Row, number: int, name: str) -> None:
    """Refuse more than 2,000 cells, and a cell longer than a million characters.

    :param number: 1-based, the first row of the file being row 1.
    """
    if len(row) > MAX_COLUMNS:
        raise LossVizError(
            f"Row {number:,} of {name} (the first line is row 1) has {len(row):,} cells; at "
            f"most {MAX_COLUMNS:,} can be read. Keep the text and the labels, or choose "
            "another delimiter."
        )
    longest = max(row, key=len, default="")
    if len(longest) > MAX_LINE:
        raise LossVizError(
            f"Row {number:,} of {name} (the first line is row 1) has a cell of {len(longest):,} "
            f"characters; at most {MAX_LINE:,} can be read. It begins {longest[:60]!r}. Check that "
            "each text has a row of its own, and that every quote is closed."
        )


def check_count(rows: int, name: str) -> None:
    """Refuse more than three million rows."""
    if rows > MAX_ROWS:
        raise LossVizError(
            f"{name} has more than {MAX_ROWS:,} rows; so many cannot be held in memory. Keep a "
            "part of them, drawn at random."
        )
