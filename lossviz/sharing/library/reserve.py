"""The reserve: room on the disk that is kept for making room."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import disk_usage

from sqlalchemy import Engine

log = logging.getLogger(__name__)

CHUNK = 2**16


class Reserve:
    """A file beside SQLite's that holds nothing.

    A deletion writes down what it deletes, in case it is broken off. Where the disk is full it does
    that in the room of this file, and has given it back when it is done.

    :param size: in bytes.
    """

    def __init__(self, file: Path, size: int) -> None:
        self._file = file
        self._size = size

    @classmethod
    def beside(cls, engine: Engine, size: int) -> Reserve | None:
        """None where the database is no file: PostgreSQL keeps room for its journal itself."""
        name = engine.url.database or ""
        if engine.dialect.name != "sqlite" or name in ("", ":memory:") or name.startswith("file:"):
            return None
        return cls(Path(f"{name}-reserve"), size)

    def keep(self) -> None:
        """Take the room that is missing, but never more than half of what the disk has left."""
        with suppress(OSError):
            there = self._file.stat().st_size if self._file.exists() else 0
            self._take(min(self._size, there + disk_usage(self._file.parent).free // 2))

    @contextmanager
    def lent(self) -> Iterator[None]:
        """The room is free meanwhile."""
        with suppress(OSError):
            self._file.unlink()
        try:
            yield
        finally:
            # Where there is less than before, a page of the database has needed it.
            self._take(self._size)

    def _take(self, size: int) -> None:
        """So much, or as much as there is."""
        try:
            with self._file.open("ab", buffering=0) as file:
                while (missing := size - file.tell()) > 0:
                    # No zeros: some file systems keep them without taking any room.
                    file.write(os.urandom(min(missing, CHUNK)))
        except OSError:
            log.debug("no room for %s", self._file, exc_info=True)
