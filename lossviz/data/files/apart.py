"""Reading a file in a process of its own, which may take so much memory and time, and no more."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, TypedDict, Unpack

import numpy as np
import pyarrow as pa

from lossviz.data.files.cells import Dropped, TableFormat
from lossviz.data.files.table import Table, read_table, strings
from lossviz.errors import LossVizError

log = logging.getLogger(__name__)

MEMORY = 1 << 30
"""Bytes that reading may take, beside those of an interpreter that has its libraries loaded."""
SECONDS = 60
"""Of one core."""
_ROOT = Path(__file__).resolve().parents[3]


def packed(content: bytes) -> bool:
    """May a few bytes of it stand for many, so that it is better read apart?"""
    return b"\x00" in content or content.startswith((b"PK", b"\x1f\x8b"))


class Choices(TypedDict, total=False):
    """How to read a file, where that is not left to be found: see :func:`read_table`."""

    encoding: str | None
    delimiter: str | None
    header: bool | None
    sheet: str | None


class Reading:
    """A file that is being read elsewhere. What it holds harms nobody but that process.

    :param memory: bytes that it may take.

    >>> reading = Reading(b"text,label\\nsome text,A\\nmore of it,B\\n", "small.csv")
    >>> reading.table().columns
    ('text', 'label')
    """

    def __init__(
        self, content: bytes, name: str, *, memory: int = MEMORY, **choices: Unpack[Choices]
    ) -> None:
        self.name = name
        self.stopped = False
        self._answer: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - open until read
        with tempfile.TemporaryFile() as question:
            question.write(content)
            question.seek(0)
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    __name__,
                    name,
                    str(memory),
                    json.dumps(choices),
                ],
                stdin=question,
                stdout=self._answer,
                stderr=subprocess.DEVNULL,
                cwd=_ROOT,
                # Arrow's own allocators reserve a gigabyte of addresses for their first byte.
                env=os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system"},
            )

    def __del__(self) -> None:
        with suppress(AttributeError):  # the process was never started
            self.stop()
            self._answer.close()

    def wait(self, seconds: float) -> bool:
        """Whether it is over within so many seconds."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self.done

    @property
    def done(self) -> bool:
        """Whether :meth:`table` would not wait."""
        return self._process.poll() is not None

    def stop(self) -> None:
        """Give it up."""
        self.stopped = True
        self._process.kill()
        self._process.wait()

    def table(self) -> Table:
        """What came of it, waiting for it if need be.

        :raises LossVizError: what there is to say about the file, or that it takes too much.
        """
        self._process.wait()
        if self.stopped:
            raise LossVizError(f"Reading {self.name} was stopped.")
        self._answer.seek(0)
        try:
            return _unpack(self._answer.read())
        except (pa.ArrowException, OSError):
            log.warning("reading %r ended with %s", self.name, self._process.returncode)
            raise LossVizError(
                f"{self.name} takes more than {MEMORY >> 30} GB of memory or {SECONDS} s to be "
                "read, and was given up. Save the columns of the texts and the labels alone as "
                "CSV (UTF-8), or keep a part of the rows."
            ) from None


class _About(TypedDict):
    """What the answer says beside the cells."""

    name: str
    columns: list[str]
    format: dict[str, str | bool]
    notes: list[str]
    dropped: list[tuple[int, str, str]]


def _pack(table: Table, out: IO[bytes]) -> None:
    about: _About = {
        "name": table.name,
        "columns": list(table.columns),
        "format": asdict(table.format),
        "notes": list(table.notes),
        "dropped": [(dropped.row, dropped.reason, dropped.content) for dropped in table.dropped],
    }
    columns = [pa.array(table.rows), *(pa.array(table.frame[name]) for name in table.columns)]
    names = [str(place) for place in range(len(columns))]
    packed = pa.table(dict(zip(names, columns, strict=True)))
    packed = packed.replace_schema_metadata({"about": json.dumps(about)})
    with pa.ipc.new_file(out, packed.schema) as writer:
        writer.write_table(packed)


def _unpack(answer: bytes) -> Table:
    reader = pa.ipc.open_file(answer)
    metadata = reader.schema.metadata
    if b"error" in metadata:
        raise LossVizError(metadata[b"error"].decode())
    packed = reader.read_all()
    about: _About = json.loads(metadata[b"about"])
    frame = {name: packed.column(place) for place, name in enumerate(about["columns"], start=1)}
    return Table(
        about["name"],
        tuple(about["columns"]),
        strings(frame),
        np.asarray(packed.column(0), dtype=np.int64),
        TableFormat(**about["format"]),  # type: ignore[arg-type]  # written by asdict
        tuple(about["notes"]),
        tuple(Dropped(*row) for row in about["dropped"]),
    )


def _pack_error(sentence: str, out: IO[bytes]) -> None:
    schema = pa.schema([], metadata={"error": sentence})
    with pa.ipc.new_file(out, schema):
        pass


def _bound(memory: int) -> None:
    """Take no more memory from now on, where the system can see to it, nor time."""
    try:
        import resource
    except ImportError:  # Windows
        return
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if sys.platform == "linux" else 0
    limit = pages * resource.getpagesize() + memory
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def main(name: str, memory: str, choices: str) -> None:
    """Read standard input; the answer goes to standard output."""
    _bound(int(memory))
    out = sys.stdout.buffer
    try:
        _pack(read_table(sys.stdin.buffer.read(), name, **json.loads(choices)), out)
    except LossVizError as error:
        _pack_error(str(error), out)


if __name__ == "__main__":
    main(*sys.argv[1:])
