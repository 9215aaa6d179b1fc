"""JSON Lines: an object, or a list, in every line."""

from __future__ import annotations

import json
from collections.abc import Iterator

from lossviz.data.assumptions import Denied
from lossviz.data.files.cells import Cells, TableFormat
from lossviz.data.files.formats._base import Format
from lossviz.data.files.formats._json import (
    DECODER,
    Record,
    encoding_of,
    open_text,
    shape,
    table_of,
)
from lossviz.errors import LossVizError
from lossviz.guards import MAX_VALUE


class JsonLines(Format):
    """One JSON value per line. Read line by line, twice: the file's bytes are all that is held."""

    id = "jsonl"
    order = 1
    title = "JSON Lines"
    formats = ("jsonl",)

    def recognises(self, content: bytes, name: str) -> bool:
        """Does it begin with a JSON value that ends with its line?"""
        return shape(content, name) == "lines"

    def read(
        self, content: bytes, name: str, *, sheet: str | None = None, without: Denied = ()
    ) -> Cells:
        """Keys are columns; a key that a line lacks, and null, are missing cells."""
        form = TableFormat(encoding_of(content), "", True, "jsonl")
        notes = ["Read as JSON Lines: every line is a row, and its keys are the columns."]
        return table_of(lambda: _records(content, name), name, form, notes)


def _records(content: bytes, name: str) -> Iterator[Record]:
    text = open_text(content)
    number = 0
    while line := text.readline(MAX_VALUE + 1):
        number += 1
        if len(line) > MAX_VALUE:
            raise LossVizError(
                f"Line {number:,} of {name} has more than {MAX_VALUE:,} characters, the most "
                "that can be read. Check that each row has a line of its own."
            )
        stripped = line.strip(" \t\r\n\ufeff")
        if stripped:
            yield Record(f"line {number:,}", _parsed(stripped, number, name))


def _parsed(line: str, number: int, name: str) -> object:
    try:
        value, end = DECODER.raw_decode(line)
    except json.JSONDecodeError as error:
        raise _broken(name, number, f"{error.msg} at character {error.pos + 1:,}", line) from None
    except RecursionError:
        raise _broken(name, number, "its values are nested too deeply", line) from None
    if rest := line[end:].lstrip():
        raise _broken(name, number, f"{rest[:40]!r} follows the value", line)
    return value


def _broken(name: str, number: int, why: str, line: str) -> LossVizError:
    return LossVizError(
        f"Line {number:,} of {name} is not one JSON value: {why}. It begins {line[:60]!r}. Every "
        "line must be an object of its own; correct this line, or remove it."
    )
