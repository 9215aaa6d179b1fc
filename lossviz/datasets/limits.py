"""The limits of what is read as a table, checked before anything slow is done with it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from lossviz.datasets.cells import Row
from lossviz.errors import LossVizError

MAX_LINE = 1_000_000
MAX_COLUMNS = 2_000
EXPECTED = "Expected a table with a column of texts and at least one of labels."


def check_text(text: str, name: str) -> None:
    """Refuse JSON, web pages, and lines longer than a million characters."""
    start = text[:4096].lstrip()
    if _is_json(start):
        raise LossVizError(f"{name} is JSON, not a delimited table. {EXPECTED} Save it as CSV.")
    if start[:15].lower().startswith(("<!doctype", "<html", "<?xml")):
        raise LossVizError(
            f"{name} is a web page or XML, not a table. {EXPECTED} Download the file itself."
        )
    lengths = [len(line) for line in text.split("\n")]
    longest = max(lengths)
    if longest > MAX_LINE:
        raise LossVizError(
            f"Line {lengths.index(longest) + 1:,} of {name} has {longest:,} characters; at most "
            f"{MAX_LINE:,} can be read. {EXPECTED} Check that each text has a line of its own."
        )


def _is_json(start: str) -> bool:
    if not start.startswith(("{", "[")):
        return False
    try:
        value = json.loads(start.split("\n", 1)[0].rstrip().rstrip(","))
    except ValueError:
        return start.startswith(('{"', "[{", "[\n", "[\r", "{\n", "{\r"))
    return isinstance(value, dict | list)


def check_rows(rows: Sequence[Row], name: str) -> None:
    """Refuse a cell longer than a million characters, and more than 2,000 columns."""
    for number, row in enumerate(rows, start=1):
        if len(row) > MAX_COLUMNS:
            raise LossVizError(
                f"Row {number:,} of {name} (the first line is row 1) has {len(row):,} cells; at "
                f"most {MAX_COLUMNS:,} can be read. Keep the text and the labels, or choose "
                "another delimiter."
            )
        for cell in row:
            if len(cell) > MAX_LINE:
                raise LossVizError(
                    f"Row {number:,} of {name} (the first line is row 1) has a cell of "
                    f"{len(cell):,} characters: a quote is opened and never closed. It begins "
                    f"{cell[:60]!r}. Close the quote, or write it twice."
                )
