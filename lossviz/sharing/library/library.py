"""The library."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Select,
    delete,
    func,
    insert,
    or_,
    select,
)

from lossviz.errors import LossVizError
from lossviz.sharing.library.database import RUNS, Database, Full, Unwritable
from lossviz.sharing.library.records import (
    DAMAGED,
    MB,
    NOT_OWNER,
    About,
    Limits,
    Links,
    NotPublished,
    Summary,
    Used,
)
from lossviz.sharing.library.sessions import KeptSessions
from lossviz.sharing.project import Publication
from lossviz.sharing.project_file import pack_publication, read_publication

DAYS, DEFAULT_DAYS = (7, 30, 90, 365), 90
BYTES = 18
"""Of an id and of a secret: 144 bits, so nobody guesses either."""


class Library:
    """Published runs, and what browsers come back to; several servers may share one.

    The database holds neither ids nor secrets, only what they hash to: who reads it can neither
    open nor delete a run through the app. On a full disk runs can be opened and deleted, on one
    that is read-only opened.

    Every method raises a :class:`lossviz.errors.LossVizError` when the database does not answer.

    :param limits: by default those of the environment.
    :param clock: the time in UTC; replaced in tests.
    """

    def __init__(
        self,
        engine: Engine,
        limits: Limits | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.limits = limits or Limits.from_environment()
        # A journal of the largest run, and of the pages around it.
        self._database = Database(engine, self.limits.run + MB)
        self._clock = clock
        self.sessions = KeptSessions(self._database, self.limits, clock)

    def publish(self, publication: Publication, *, days: int | None = DEFAULT_DAYS) -> Links:
        """Store a run.

        :param days: after which it is gone; None where it stays.
        :raises LossVizError: when it is too large, or the library is full.
        """
        if days is not None and days < 1:
            raise LossVizError(f"Expected at least one day until a run expires, found {days}.")
        summary, content = Summary.of(publication), pack_publication(publication)
        self._check_run(len(content))
        links = Links(token_urlsafe(BYTES), token_urlsafe(BYTES))
        row: dict[str, Any] = {
            "id": _hashed(links.id),
            "secret": _hashed(links.secret),
            "published": self._now,
            "expires": None if days is None else self._now + 86_400 * days,
            "size": len(content),
            "summary": summary.to_json(),
            "content": content,
        }

        def add(connection: Connection) -> None:
            self._database.lock(connection, RUNS)
            self._check_all(self._used(connection), len(content))
            connection.execute(insert(RUNS).values(row))

        self.sweep_out()
        self._database.change(add, adds=len(content) + len(row["summary"]))
        return links

    def open(self, id: str) -> Publication:
        """A run.

        :raises NotPublished: when there is none under this id.
        """
        with suppress(Unwritable):
            self.sweep_out()
        with self._database.transaction() as connection:
            content = connection.execute(self._select(id, RUNS.c.content)).scalar_one_or_none()
        if content is None:
            raise NotPublished
        return read_publication(bytes(content))

    def about(self, ids: Sequence[str]) -> tuple[About, ...]:
        """Those that are there, in this order.

        :raises LossVizError: when what is known of one was tampered with.
        """
        hashes = {_hashed(id): id for id in ids}
        if not hashes:
            return ()
        columns = (RUNS.c.id, RUNS.c.summary, RUNS.c.published, RUNS.c.expires, RUNS.c.size)
        query = select(*columns).where(RUNS.c.id.in_(list(hashes)), self._in_time)
        with self._database.transaction() as connection:
            rows = {str(row.id): row for row in connection.execute(query)}
        return tuple(
            About(
                id,
                Summary.from_json(rows[hash].summary),
                _moment(rows[hash].published),
                None if rows[hash].expires is None else _moment(rows[hash].expires),
                int(rows[hash].size),
            )
            for hash, id in hashes.items()
            if hash in rows
        )

    def owned(self, id: str, secret: str) -> bool:
        """Whether the secret is that of the run's owner.

        :raises NotPublished: when there is no run under this id.
        """
        with self._database.transaction() as connection:
            return self._owned(connection, id, secret)

    def delete(self, id: str, secret: str) -> None:
        """Delete a run.

        :raises NotPublished: when there is none under this id.
        :raises LossVizError: when the secret is another one.
        """
        if not self.owned(id, secret):
            raise LossVizError(NOT_OWNER)
        self._delete(RUNS.c.id == _hashed(id))

    def sweep_out(self) -> int:
        """Delete what has expired.

        :returns: how many runs that were.
        """
        expired = RUNS.c.expires <= self._now
        with self._database.transaction() as connection:
            # Deleting waits for those who write, even where there is nothing to delete.
            ids = connection.execute(select(RUNS.c.id).where(expired)).scalars().all()
        if not ids:
            return 0
        try:
            return self._delete(expired)
        except Full:
            # The room that is kept is enough for any one of them.
            return sum(self._delete(RUNS.c.id == id) for id in ids)

    def used(self) -> Used:
        """How much there is."""
        with self._database.transaction() as connection:
            return self._used(connection)

    # How it is done

    @property
    def _now(self) -> int:
        return int(self._clock().timestamp())

    @property
    def _in_time(self) -> ColumnElement[bool]:
        return or_(RUNS.c.expires.is_(None), RUNS.c.expires > self._now)

    def _delete(self, which: ColumnElement[bool]) -> int:
        query = delete(RUNS).where(which)
        return self._database.change(lambda connection: int(connection.execute(query).rowcount))

    def _select(self, id: str, column: Column[Any]) -> Select[Any]:
        return select(column).where(RUNS.c.id == _hashed(id), self._in_time)

    def _owned(self, connection: Connection, id: str, secret: str) -> bool:
        kept = connection.execute(self._select(id, RUNS.c.secret)).scalar_one_or_none()
        if kept is None:
            raise NotPublished
        return hmac.compare_digest(str(kept), _hashed(secret))

    def _used(self, connection: Connection) -> Used:
        total = func.coalesce(func.sum(RUNS.c.size), 0)
        runs, size = connection.execute(select(func.count(), total).where(self._in_time)).one()
        return Used(int(runs), int(size))

    def _check_run(self, size: int) -> None:
        if size > self.limits.run:
            raise LossVizError(
                f"The run takes {size / MB:.1f} MB; up to {self.limits.run / MB:g} MB can be "
                "published. A smaller model takes less, and so does leaving out the texts."
            )

    def _check_all(self, used: Used, size: int) -> None:
        if used.size + size > self.limits.all:
            raise LossVizError(
                f"The library is full: its {used.runs:,} runs take {used.size / MB:.1f} of "
                f"{self.limits.all / MB:g} MB, and this one needs {size / MB:.1f} MB. Delete a "
                "run, or wait until one expires."
            )


def _hashed(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise LossVizError(DAMAGED) from error
