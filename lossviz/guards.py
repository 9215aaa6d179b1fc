"""Guards: what comes from outside is measured before it is unpacked. This is the table of limits.

A few kilobytes may stand for gigabytes: a zip in a zip, JSON of empty lists, a list of ten million
files. So sizes are counted first, by what takes no memory for it. The table stands below all rooms
that read something, so that what a file may hold is said once, whoever reads it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from lossviz.errors import LossVizError

# What is read in a process of its own

MAX_MEMORY = 1 << 30
"""Bytes that reading a table may take, beside those of an interpreter that has its libraries."""
MAX_SECONDS = 60
"""Of one core."""

# A table

MAX_UPLOAD = 50 << 20
"""Bytes of a file in the browser. ``.streamlit/config.toml`` says it too: no more is taken in."""
MAX_UPLOADS, MAX_UPLOADS_TOGETHER = 2 * MAX_UPLOAD + (2 << 20), 10 * MAX_UPLOAD
"""Bytes that wait in memory until a page takes them: of a visitor, and of all."""
MAX_FILE = 1 << 30
"""Bytes of a file that a command names."""
MAX_UNPACKED = 512 << 20
"""Bytes that a compressed file may hold. What the file says about itself is not believed."""
MAX_MEMBERS, MAX_GZIP_MEMBERS = 10_000, 100_000
"""Files in a zip, and pieces of a gzip."""
MAX_ROWS, MAX_COLUMNS = 3_000_000, 2_000
MAX_LINE = 1_000_000
"""Characters of a line, and of a cell."""
MAX_CELLS = 20_000_000
"""Rows × columns of a table: a few bytes may stand for many cells that are empty or alike."""
MAX_CHARACTERS = 512 << 20
"""Of all cells together: a format that stores a text once may repeat it in a million rows."""
MAX_JSON = 128 << 20
"""Bytes: the text is held as a whole, and may take four bytes per character."""
MAX_VALUE = 10_000_000
"""Characters of one row of JSON, and of all columns together: decoded they take thirty times as
much."""
MAX_WORKBOOK = 256 << 20
"""Bytes of all parts, unpacked."""
MAX_AREA, MAX_SHEET_ROWS = 8_000_000, 1_048_576
"""Rows × columns of a sheet, at 32 bytes each; and its rows."""
MAX_TAGS = 12_000_000
"""Of all sheets of an ODS: some three million cells, looked through in a few seconds."""
MAX_BINARY = 64 << 20
"""Bytes of a sheet of an XLSB, looked through in some ten seconds."""

# An archive of ours


@dataclass(frozen=True)
class ArchiveLimits:
    """The most that is in one.

    :param memory: bytes that reading it may take, where it is read in a process of its own.
    :param size: bytes of its files together, with the arrays in them unpacked.
    :param text: bytes of JSON; it takes up to four times as much when it is read.
    :param values: in the JSON, or commas in its texts: up to a hundred bytes each.
    :param cells: of the tables, with the commas in them: more than an upload can have.
    """

    memory: int
    size: int
    text: int
    values: int
    cells: int = 0


PROJECT = ArchiveLimits(2 << 30, 600 << 20, 128 << 20, 4_000_000, 30_000_000)
PUBLICATION = ArchiveLimits(0, 256 << 20, 64 << 20, 1_000_000)
"""Read where it is shown, so that it opens at once: the library takes 20 MB of a run."""
MAX_ARCHIVE_FILES, MAX_ARRAYS = 500, 50_000
"""In an archive; and in one file of arrays."""

# What is short

MAX_EDITS = 8 << 20
"""Bytes of a file of label edits: a hundred for each of many more labels than can be told apart."""
MAX_EDIT_VALUES = 200_000
MAX_SUMMARY = 1 << 20
"""Characters of what the library's database says about a run."""
MAX_QUERY_VALUE = 2_000
"""Characters of a value in a link; one that was written here is shorter as a whole."""
MAX_ADDRESS = 200
"""Characters of a server's address that somebody types."""
MAX_COMMAND = 16_384
"""Characters of what a page says over its line: a sentence of 2,000 takes up to 12,000 as JSON."""

_ENTRY = b"PK\x01\x02"


def open_zip(content: bytes, most: int) -> ZipFile:
    """A zip whose list of members can be read.

    :param most: members.
    :raises LossVizError: where there are more.
    :raises zipfile.BadZipFile: where it is none.
    """
    entries = content.count(_ENTRY)
    if entries > most:
        raise LossVizError(f"it lists {entries:,} parts; {most:,} are the most")
    return ZipFile(BytesIO(content))


def check_archive(files: Mapping[str, bytes], most: ArchiveLimits) -> None:
    """Whether what is in the files of an archive can be read without harm.

    :param files: by name, as they are in it.
    :raises LossVizError: with what there is too much of.
    """
    size = values = text = cells = 0
    for name, content in files.items():
        size += len(content)
        match name.rpartition(".")[2]:
            case "npz":
                with open_zip(content, MAX_ARRAYS) as arrays:
                    unpacked = sum(info.file_size for info in arrays.infolist())
                    size += max(unpacked - len(content), 0)
            case "json":
                text += len(content)
                values += _values(content)
            case "csv":
                cells += content.count(b",") + content.count(b"\n")
    for amount, limit, what in (
        (size >> 20, most.size >> 20, "MB"),
        (text >> 20, most.text >> 20, "MB of JSON"),
        (values, most.values, "values"),
        (cells, most.cells, "cells"),
    ):
        if amount > limit:
            raise LossVizError(f"it holds {amount:,} {what}; up to {limit:,} can be opened")


def parsed(text: bytes | str, most: int = PROJECT.text, values: int = PROJECT.values) -> Any:
    """What JSON says.

    :param most: bytes of it; and ``values`` in it.
    :raises LossVizError: where there is more of it than anything of ours has.
    :raises ValueError: where it is none.
    :raises RecursionError: where it is too deep.
    """
    check_json(text, most, values)
    return json.loads(text)


def check_json(text: bytes | str, most: int, values: int) -> None:
    """Whether JSON can be parsed without harm.

    :raises LossVizError: where it is longer, or holds more values.
    """
    content = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(content) > most or _values(content) > values:
        raise LossVizError("it is longer than anything that is written here")


def _values(text: bytes) -> int:
    """At least as many as there are."""
    return text.count(b",") + text.count(b"[") + text.count(b"{")
