"""The library's database: two tables, made on first use, and nobody who waits for long.

A disk that is full takes no more runs, but deletes them; one that is read-only opens them.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    event,
    inspect,
)
from sqlalchemy.exc import SQLAlchemyError

from lossviz.errors import LossVizError
from lossviz.sharing.library.reserve import Reserve

log = logging.getLogger(__name__)
T = TypeVar("T")

WAIT = 3
"""Seconds in which a database has to answer, or to let go of a lock."""
LONGEST = 15
"""Seconds that a statement may take: the largest run over a slow line."""
PAUSE = 10.0
"""Seconds in which a database that did not answer is not asked again."""
NO_ANSWER = (
    "The library's database does not answer, so published runs can neither be opened nor added "
    "now. Everything else works. Try again in a minute, or tell whoever runs this server."
)
FULL = (
    "The disk that holds the library's database is full, or a quota on it is used up, so this "
    "could not be done. Runs can still be opened, and deleting one makes room; where that fails "
    "too, whoever runs this server has to make some. Everything else works."
)
READ_ONLY = (
    "The library's database can only be read now: its disk is read-only, or it may not be written "
    "to. What is there can be opened; nothing can be added or deleted. Everything else works."
)
# A statement that meets a quota fails as one that meets a broken disk: it could not be written.
FULL_CODES = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, "53100"}
READ_ONLY_STATE = "25006"

TABLES = MetaData()
# The content stands last: what a list needs is then read without it.
RUNS = Table(
    "lossviz_published",
    TABLES,
    Column("id", String(64), primary_key=True),
    Column("secret", String(64), nullable=False),
    Column("published", BigInteger, nullable=False),
    Column("expires", BigInteger),
    Column("size", BigInteger, nullable=False),
    Column("summary", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
"""Ids and secrets as SHA-256, times in seconds."""
SESSIONS = Table(
    "lossviz_sessions",
    TABLES,
    Column("browser", String(64), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("kept", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("summary", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
"""What browsers come back to; a browser's name as SHA-256, times in seconds."""


class Unwritable(LossVizError):
    """It can be read, but not changed."""


class Full(Unwritable):
    """There is no room."""


class Database:
    """SQLite or PostgreSQL, behind an engine that may be shared.

    :param room: bytes that a deletion takes on a full disk.
    """

    def __init__(self, engine: Engine, room: int) -> None:
        self._engine = engine
        self._reserve = Reserve.beside(engine, room)
        self._ready = False
        self._preparing = Lock()
        self._down_until = 0.0
        self.postgres = engine.dialect.name == "postgresql"
        if self.postgres:
            event.listen(engine, "do_connect", _impatient)
        elif engine.dialect.name == "sqlite":
            event.listen(engine, "do_connect", _journaled)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All of it, or nothing.

        :raises Unwritable: when something was to be changed and cannot be.
        :raises LossVizError: when the database does not answer.
        """
        if time.monotonic() < self._down_until:
            raise LossVizError(NO_ANSWER)
        try:
            self._prepare()
            with self._engine.begin() as connection:
                if self.postgres:
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT}s'")
                    connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{LONGEST}s'")
                yield connection
        except SQLAlchemyError as error:
            log.warning("the library's database failed", exc_info=error)
            raise _refusal(error) from error

    def change(self, work: Callable[[Connection], T], adds: int = 0) -> T:
        """A transaction, on a full disk too: there it has the room that is kept for it.

        :param work: done a second time where the disk was full at the first.
        :param adds: bytes for which the database must have room in its file then, left by what was
            deleted.
        """
        try:
            with self.transaction() as connection:
                outcome = work(connection)
        except Full:
            if self._reserve is None or (adds and self._unused() < adds):
                raise
            with self._reserve.lent(), self.transaction() as connection:
                return work(connection)
        if self._reserve is not None:
            self._reserve.keep()
        return outcome

    def _unused(self) -> int:
        """Bytes that SQLite's file has room for without growing."""
        with self.transaction() as connection:
            pages = connection.exec_driver_sql("PRAGMA freelist_count").scalar_one()
            size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        return int(pages) * (int(size) - 4)  # of a page four bytes name the next one

    def lock(self, connection: Connection, table: Table) -> None:
        """Until the transaction ends nobody else changes it; reading goes on."""
        if self.postgres:
            connection.exec_driver_sql(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE")
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    def _prepare(self) -> None:
        """Make the tables, unless they are there; two servers may try at once."""
        with self._preparing:
            if self._ready:
                return
            try:
                with self._engine.connect() as connection:
                    there = TABLES.tables.keys() <= set(inspect(connection).get_table_names())
            except SQLAlchemyError:
                self._down_until = time.monotonic() + PAUSE
                raise
            if not there:
                self._make()
            if self._reserve is not None:
                self._reserve.keep()
            self._ready = True

    def _make(self) -> None:
        try:
            TABLES.create_all(self._engine)
        except SQLAlchemyError:
            # Another server was faster, and may not be done.
            time.sleep(0.2)
            TABLES.create_all(self._engine)


def _impatient(_: object, __: object, ___: object, parameters: dict[str, Any]) -> None:
    """A server that is not there is not waited for."""
    parameters.setdefault("connect_timeout", WAIT)
    parameters.setdefault("tcp_user_timeout", 1000 * LONGEST)


def _journaled(dialect: Any, _: object, where: Any, parameters: dict[str, Any]) -> Any:
    """A connection to SQLite's file whose journal is there only while something changes.

    With the journal that SQLite writes ahead nobody opens a run on a disk that is read-only or
    full, as a file for it has to be made first; and what is added goes through it as a whole, also
    where the database has room for it. Who reads waits while a run is written, 0.2 s for 18 MB.
    What is deleted is overwritten.
    """
    connection = dialect.connect(*where, **parameters)
    connection.execute(f"PRAGMA busy_timeout = {1000 * WAIT}")
    connection.execute("PRAGMA secure_delete = ON")
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        log.debug("the journal stays as it is", exc_info=True)
        if error.sqlite_errorcode == sqlite3.SQLITE_CANTOPEN:
            # It was written ahead, the disk is read-only now, and there is no journal beside it.
            connection.close()
            there = f"file:{quote(where[0])}?immutable=1"
            return dialect.connect(there, **parameters | {"uri": True})
    return connection


def _refusal(error: SQLAlchemyError) -> LossVizError:
    """Why it failed, as far as the database says so."""
    cause = getattr(error, "orig", None)
    code, state = getattr(cause, "sqlite_errorcode", 0), getattr(cause, "sqlstate", None)
    if {code, state} & FULL_CODES:
        return Full(FULL)
    # The first byte is the kind of error.
    if code & 0xFF == sqlite3.SQLITE_READONLY or state == READ_ONLY_STATE:
        return Unwritable(READ_ONLY)
    return LossVizError(NO_ANSWER)
