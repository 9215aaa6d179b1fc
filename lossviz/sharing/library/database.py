"""The library's database: one table, made on first use, and nobody who waits for long."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

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

log = logging.getLogger(__name__)

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

# The content stands last: what a list needs is then read without it.
RUNS = Table(
    "lossviz_published",
    MetaData(),
    Column("id", String(64), primary_key=True),
    Column("secret", String(64), nullable=False),
    Column("published", BigInteger, nullable=False),
    Column("expires", BigInteger),
    Column("size", BigInteger, nullable=False),
    Column("summary", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
"""Ids and secrets as SHA-256, times in seconds."""


class Database:
    """SQLite or PostgreSQL, behind an engine that may be shared."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._ready = False
        self._preparing = Lock()
        self._down_until = 0.0
        kind = engine.dialect.name
        self.postgres = kind == "postgresql"
        event.listen(engine, "do_connect", _impatient if self.postgres else _as_it_is)
        if kind == "sqlite":
            event.listen(engine, "connect", _write_ahead)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All of it, or nothing.

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
            raise LossVizError(NO_ANSWER) from error

    def lock(self, connection: Connection) -> None:
        """Until the transaction ends nobody else adds a run; reading goes on.

        SQLite's lock comes with the first change.
        """
        if self.postgres:
            connection.exec_driver_sql(f"LOCK TABLE {RUNS.name} IN SHARE ROW EXCLUSIVE MODE")

    def _prepare(self) -> None:
        """Make the table, unless it is there; two servers may try at once."""
        with self._preparing:
            if self._ready:
                return
            try:
                with self._engine.connect() as connection:
                    there = inspect(connection).has_table(RUNS.name)
            except SQLAlchemyError:
                self._down_until = time.monotonic() + PAUSE
                raise
            if not there:
                self._make()
            self._ready = True

    def _make(self) -> None:
        try:
            RUNS.metadata.create_all(self._engine)
        except SQLAlchemyError:
            # Another server was faster, and may not be done.
            time.sleep(0.2)
            RUNS.metadata.create_all(self._engine)


def _as_it_is(*_: object) -> None:
    """Files need no patience."""


def _impatient(_: object, __: object, ___: object, parameters: dict[str, Any]) -> None:
    """A server that is not there is not waited for."""
    parameters.setdefault("connect_timeout", WAIT)
    parameters.setdefault("tcp_user_timeout", 1000 * LONGEST)


def _write_ahead(connection: Any, _: object) -> None:
    """Who reads does not wait for who writes, and who writes waits for a moment."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {1000 * WAIT}")
    try:
        cursor.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError:
        # Somebody else is at it; the mode is the file's, and stays.
        log.debug("the journal's mode is being changed", exc_info=True)
    cursor.close()
