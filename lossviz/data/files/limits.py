"""The limits of what is read as a table, checked before anything slow is done with it."""

from __future__ import annotations

from lossviz.data.files.cells import Row
from lossviz.data.files.encoding import Decoded, nul_error
from lossviz.errors import LossVizError

MAX_LINE = 1_000_000
MAX_COLUMNS = 2_000
MAX_ROWS = 3_000_000
EXPECTED = "Expected a table with a column of texts and at least one of labels."


def check_start(start: str, name: str) -> None:
    """Refuse web pages by how they begin."""
    if start[:4096].lstrip()[:15].lower().startswith(("<!doctype", "<html", "<?xml")):
        raise LossVizError(
            f"{name} is a web page or XML, not a table. {EXPECTED} Download the file itself."
        )


def check_lines(decoded: Decoded, name: str) -> None:
    """Refuse NUL characters, and lines longer than a million characters."""
    end = "\n" if b"\n" in decoded.content else "\r"  # line ends of old Macs
    line, length = 1, 0
    for block in decoded.blocks():
        if "\x00" in block:
            raise nul_error(name, line + block.count(end, 0, block.index("\x00")))
        first, last = block.find(end), block.rfind(end)
        if length + (len(block) if first < 0 else first) > MAX_LINE:
            raise LossVizError(
                f"Line {line:,} of {name} has more than {MAX_LINE:,} characters. {EXPECTED} "
                "Check that each text has a line of its own."
            )
        line += block.count(end)
        length = length + len(block) if last < 0 else len(block) - last - 1


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
