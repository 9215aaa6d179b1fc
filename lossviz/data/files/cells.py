"""What every format gives: rows of strings, with what was assumed to get them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Row = list[str]


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
    :param notes: in plain words, what was assumed and repaired; complete once ``rows`` is read.
    """

    names: tuple[str, ...] | None
    rows: Iterator[Row]
    width: int
    format: TableFormat
    notes: Sequence[str]


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
