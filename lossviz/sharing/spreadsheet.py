"""Tables that leave for a spreadsheet: no cell of them is taken for a formula.

A cell that begins with ``=``, ``+``, ``-`` or ``@`` is calculated when a spreadsheet opens the
file, and may call programs or send the table away. Labels such as ``+1`` and ``-Ms`` begin like
that, too, so no cell is refused: an apostrophe in front makes it text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import TextIO

import pandas as pd

# Spreadsheets skip white space and characters without width before the sign, and some read the
# full-width forms of East Asian keyboards like the plain ones. A tab or a line's end at the
# beginning can push what follows into a cell of its own. ``\s`` and the class hold what is skipped.
_FORMULA = re.compile(
    "[\\t\\r\\n]|[\\s\\x00-\\x20\\x7f-\\xa0\\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*"
    "[=+\\-@＝＋－＠]"
)
BYTE_ORDER_MARK = "\ufeff"


def neutral(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula.

    >>> neutral("=1+1"), neutral(" -Ms"), neutral("a = b")
    ("'=1+1", "' -Ms", 'a = b')
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def neutral_csv(frame: pd.DataFrame) -> bytes:
    """A table as CSV for a spreadsheet; its index is left out.

    In UTF-8 with a byte order mark, without which Excel takes it for the system's own encoding and
    shows every other script as rubbish. Numbers stay numbers: -0.5 is no formula.
    """
    rows = zip(*(frame.iloc[:, place].tolist() for place in range(frame.shape[1])), strict=True)
    text = StringIO()
    write_neutral(text, [str(name) for name in frame.columns], rows)
    return (BYTE_ORDER_MARK + text.getvalue()).encode("utf-8", errors="replace")


def write_neutral(target: TextIO, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table, line by line, to a file that is open for text with ``newline=""``."""
    writer = csv.writer(target)
    writer.writerow([neutral(name) for name in columns])
    writer.writerows(
        [neutral(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )


def write_plain(target: TextIO, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table for a program: no cell is changed."""
    writer = csv.writer(target)
    writer.writerow(columns)
    writer.writerows(rows)


def guarded_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table that :func:`read_guarded` reads back cell for cell, and no cell of which is taken for
    a formula: one that begins like a formula, behind any number of apostrophes, gets one more."""
    target = StringIO(newline="")
    writer = csv.writer(target, quoting=csv.QUOTE_ALL)
    for row in (columns, *rows):
        writer.writerow([f"'{cell}" if _guards(cell) else cell for cell in row])
    return target.getvalue().encode()


def read_guarded(content: bytes) -> list[list[str]]:
    """The rows of such a table, the columns' names first.

    :raises ValueError: for what is no CSV in UTF-8.
    """
    try:
        rows = csv.reader(StringIO(content.decode(), newline=""), strict=True)
        return [
            [cell[1:] if cell.startswith("'") and _guards(cell) else cell for cell in row]
            for row in rows
        ]
    except csv.Error as error:
        raise ValueError(str(error)) from error


def _guards(cell: str) -> bool:
    return _FORMULA.match(cell.lstrip("'")) is not None
