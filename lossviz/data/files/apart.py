"""Reading a table in a process of its own (:mod:`lossviz.apart`)."""

from __future__ import annotations

import json
import mmap
from contextlib import suppress
from dataclasses import asdict
from typing import IO, TypedDict, Unpack
from weakref import WeakSet

import numpy as np
import pyarrow as pa

from lossviz.apart import Reader, Reading, Stored
from lossviz.data.assumptions import Assumption
from lossviz.data.files.alone import read_texts
from lossviz.data.files.cells import Dropped, TableFormat
from lossviz.data.files.joined import read_files
from lossviz.data.files.table import Choices, Table, strings
from lossviz.guards import MAX_MEMORY

ADVICE = (
    "Save the columns of the texts and the labels alone as CSV (UTF-8), or keep a part of the rows."
)


def packed(content: bytes) -> bool:
    """May a few bytes of it stand for many, so that it is better read apart?"""
    return b"\x00" in content or content.startswith((b"PK", b"\x1f\x8b"))


def read_apart(
    content: Stored,
    name: str,
    *,
    memory: int = MAX_MEMORY,
    alone: str | None = None,
    **choices: Unpack[Choices],
) -> Reading[Table]:
    """A table that is being read elsewhere.

    :param memory: bytes that it may take.
    :param alone: the name of a column of texts that may stand alone.

    >>> small = Stored(b"text,label\\nsome text,A\\nmore of it,B\\n")
    >>> read_apart(small, "small.csv").result().columns
    ('text', 'label')
    """
    reader = Reader(_pack, _unpack, memory)
    return Reading(reader, content, name, name, alone, choices, advice=ADVICE)


_PAGES: WeakSet[mmap.mmap] = WeakSet()
"""The tables that are on disk."""


def put_away() -> None:
    """Take tables that were read apart out of memory; what is looked at comes back by itself."""
    for pages in list(_PAGES):
        with suppress(ValueError, OSError):
            pages.madvise(mmap.MADV_DONTNEED)


def read_chosen(content: bytes, name: str, alone: str | None, choices: Choices) -> Table:
    """The table, or with the name of a column the texts that stand alone."""
    if alone is None:
        return read_files(content, name, **choices)
    return read_texts(content, name, alone, **choices)


class _About(TypedDict):
    """What the answer says beside the cells."""

    name: str
    columns: list[str]
    format: dict[str, str | bool]
    notes: list[str]
    dropped: list[tuple[int, str, str]]
    assumptions: list[dict[str, str]]
    source: str


def _pack(content: bytes, out: IO[bytes], name: str, alone: str | None, choices: Choices) -> None:
    """Read it; cell by cell as Arrow has them, so that they need not be copied."""
    table = read_chosen(content, name, alone, choices)
    about: _About = {
        "name": table.name,
        "columns": list(table.columns),
        "format": asdict(table.format),
        "notes": list(table.notes),
        "dropped": [(dropped.row, dropped.reason, dropped.content) for dropped in table.dropped],
        "assumptions": [asdict(assumption) for assumption in table.assumptions],
        "source": table.source,
    }
    columns = [pa.array(table.rows), *(pa.array(table.frame[name]) for name in table.columns)]
    names = [str(place) for place in range(len(columns))]
    packed = pa.table(dict(zip(names, columns, strict=True)))
    packed = packed.replace_schema_metadata({"about": json.dumps(about)})
    with pa.ipc.new_file(out, packed.schema) as writer:
        writer.write_table(packed)


def _unpack(answer: IO[bytes]) -> Table:
    """The cells stay in the file: what nobody looks at need not be in memory."""
    pages = mmap.mmap(answer.fileno(), 0, access=mmap.ACCESS_READ)
    _PAGES.add(pages)
    reader = pa.ipc.open_file(pa.py_buffer(pages))
    packed = reader.read_all()
    about: _About = json.loads(reader.schema.metadata[b"about"])
    frame = {name: packed.column(place) for place, name in enumerate(about["columns"], start=1)}
    return Table(
        about["name"],
        tuple(about["columns"]),
        strings(frame),
        np.asarray(packed.column(0), dtype=np.int64),
        TableFormat(**about["format"]),  # type: ignore[arg-type]  # written by asdict
        tuple(about["notes"]),
        tuple(Dropped(*row) for row in about["dropped"]),
        tuple(Assumption(**assumption) for assumption in about["assumptions"]),
        about["source"],
    )
