"""What MySQL writes: backslashes before line ends and delimiters, and \\N for what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lossviz.data.assumptions import assumed
from lossviz.data.files.cells import Row

NULL = "\\N"
MYSQL = assumed(
    "null",
    "\\N is a missing cell, and backslashes are undone",
    "MySQL writes tables so",
    "as they stand",
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "", "b": "", "Z": ""}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def is_mysql(start: str, delimiter: str) -> bool:
    """Is a cell of the beginning \\N?"""
    cell = re.escape(delimiter)
    return re.search(rf"(^|{cell})\\N(?={cell}|\r?$)", start, re.MULTILINE) is not None


def in_one_line(start: str) -> str:
    """The beginning of a file with each row in a line, where line ends stand behind backslashes."""
    return re.sub(r"\\\r?\n", r"\\n", start) if NULL in start else start


def mysql_rows(lines: Iterable[str], delimiter: str, rows: Iterator[Row]) -> Iterator[Row]:
    """The rows with what is missing empty, and with the characters that were escaped.

    :param lines: of the file; :param rows: as they are read otherwise, which is right where cells
        have quotes.
    """
    first = next(iter(lines), "")
    quoted = first.startswith('"')
    for row in rows if quoted else _joined(lines, delimiter):
        yield ["" if cell == NULL else _undone(cell) for cell in row]


def _undone(cell: str) -> str:
    if "\\" not in cell:
        return cell
    return _ESCAPED.sub(lambda match: _ESCAPES.get(match[1], match[1]), cell)


def _joined(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    """Rows whose line ends and delimiters inside cells stand behind a backslash."""
    held = ""
    for line in lines:
        held += line.rstrip("\r\n")
        if (len(held) - len(held.rstrip("\\"))) % 2:
            held = held[:-1] + "\n"
            continue
        if held.strip():
            yield _split(held, delimiter)
        held = ""
    if held.strip():
        yield _split(held, delimiter)


def _split(line: str, delimiter: str) -> Row:
    """At delimiters with no backslash before them."""
    cells: Row = [""]
    for piece in line.split(delimiter):
        open_ended = (len(cells[-1]) - len(cells[-1].rstrip("\\"))) % 2
        if open_ended:
            cells[-1] = cells[-1][:-1] + delimiter + piece
        else:
            cells.append(piece)
    return cells[1:]
