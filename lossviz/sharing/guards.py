"""Guards: what comes from outside is measured before it is unpacked.

A few kilobytes may stand for gigabytes: a zip in a zip, JSON of empty lists, a list of ten million
files. So sizes are counted first, by what takes no memory for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from lossviz.errors import LossVizError

MOST_BYTES, MOST_FILES = 600 << 20, 500
"""Of an archive's files together, with the arrays in them unpacked; and how many files."""
MOST_ARRAYS = 50_000
"""In one file of arrays."""
MOST_TEXT, MOST_VALUES = 128 << 20, 4_000_000
"""Bytes of JSON in an archive, and values in it, or commas in its texts: they take up to half a
gigabyte when they are read."""
MOST_CELLS = 30_000_000
"""Of the tables in an archive, with the commas in them: more than an upload can have."""
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


def check_sizes(files: Mapping[str, bytes]) -> None:
    """Whether what is in the files of an archive can be read without harm.

    :param files: by name, as they are in it.
    :raises LossVizError: with what there is too much of.
    """
    size = values = text = cells = 0
    for name, content in files.items():
        size += len(content)
        match name.rpartition(".")[2]:
            case "npz":
                with open_zip(content, MOST_ARRAYS) as arrays:
                    unpacked = sum(info.file_size for info in arrays.infolist())
                    size += max(unpacked - len(content), 0)
            case "json":
                text += len(content)
                values += _values(content)
            case "csv":
                cells += content.count(b",") + content.count(b"\n")
    for amount, most, what in (
        (size >> 20, MOST_BYTES >> 20, "MB"),
        (text >> 20, MOST_TEXT >> 20, "MB of JSON"),
        (values, MOST_VALUES, "values"),
        (cells, MOST_CELLS, "cells"),
    ):
        if amount > most:
            raise LossVizError(f"it holds {amount:,} {what}; up to {most:,} can be opened")


def parsed(text: bytes | str) -> Any:
    """What JSON says.

    :raises LossVizError: where there is more of it than anything of ours has.
    :raises ValueError: where it is none.
    :raises RecursionError: where it is too deep.
    """
    content = text.encode() if isinstance(text, str) else text
    if len(content) > MOST_TEXT or _values(content) > MOST_VALUES:
        raise LossVizError("it is longer than anything that is written here")
    return json.loads(content)


def _values(text: bytes) -> int:
    """At least as many as there are."""
    return text.count(b",") + text.count(b"[") + text.count(b"{")
