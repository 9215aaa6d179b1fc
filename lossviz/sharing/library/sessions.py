"""Kept sessions: what a browser comes back to, for a day, and no other browser does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from lossviz.errors import LossVizError
from lossviz.sharing.library.database import SESSIONS, Database
from lossviz.sharing.library.records import MB, KeptSession, Limits, SessionSummary

KEPT_FOR = timedelta(days=1)
MOST = 5
"""Sessions of a browser; with one more the oldest goes."""
SWITCHED_OFF = "This server keeps no sessions."


class KeptSessions:
    """Of all browsers, each under a name that is not in the database: only what it hashes to.

    Every method raises a :class:`lossviz.errors.LossVizError` when the database does not answer.
    """

    def __init__(self, database: Database, limits: Limits, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._limits = limits
        self._clock = clock

    @property
    def on(self) -> bool:
        """Whether any are kept here."""
        return self._limits.sessions > 0

    def keep(self, browser: str, id: str, summary: SessionSummary, content: bytes) -> datetime:
        """Keep a session, in the place of what was kept of it before.

        :param browser: what its name hashes to.
        :returns: until when.
        :raises LossVizError: when it is too large, or there is no more room.
        """
        if not self.on:
            raise LossVizError(SWITCHED_OFF)
        if len(content) > self._limits.session:
            raise LossVizError(
                f"What is here takes {len(content) / MB:.1f} MB; up to "
                f"{self._limits.session / MB:g} MB are kept."
            )
        row: dict[str, Any] = {
            "browser": browser,
            "id": id,
            "kept": self._now,
            "size": len(content),
            "summary": summary.to_json(),
            "content": content,
        }

        def put(connection: Connection) -> None:
            self._database.lock(connection, SESSIONS)
            connection.execute(delete(SESSIONS).where(self._one(browser, id)))
            self._forget_oldest(connection, browser)
            total = select(func.coalesce(func.sum(SESSIONS.c.size), 0))
            if connection.execute(total).scalar_one() + len(content) > self._limits.sessions:
                raise LossVizError(
                    "There is no more room for sessions on this server: up to "
                    f"{self._limits.sessions / MB:,g} MB are kept of all visitors, for a day."
                )
            connection.execute(insert(SESSIONS).values(row))

        self.sweep_out()
        self._database.change(put, adds=len(content) + len(row["summary"]))
        return self._clock() + KEPT_FOR

    def of(self, browser: str) -> tuple[KeptSession, ...]:
        """Those of a browser, the last one first; what somebody else changed is left out."""
        columns = (SESSIONS.c.id, SESSIONS.c.summary, SESSIONS.c.kept)
        query = select(*columns).where(SESSIONS.c.browser == browser, self._in_time)
        with self._database.transaction() as connection:
            rows = connection.execute(query.order_by(SESSIONS.c.kept.desc())).all()
        sessions = []
        for row in rows:
            with suppress(LossVizError):
                when = datetime.fromtimestamp(row.kept, UTC)
                summary = SessionSummary.from_json(row.summary)
                sessions.append(KeptSession(row.id, summary, when, when + KEPT_FOR))
        return tuple(sessions)

    def content(self, browser: str, id: str) -> bytes | None:
        """The project file of a session; None where it is gone."""
        query = select(SESSIONS.c.content).where(self._one(browser, id), self._in_time)
        with self._database.transaction() as connection:
            content = connection.execute(query).scalar_one_or_none()
        return None if content is None else bytes(content)

    def forget(self, browser: str) -> int:
        """Delete all of a browser's.

        :returns: how many that were.
        """
        return self._delete(SESSIONS.c.browser == browser)

    def sweep_out(self) -> int:
        """Delete what is older than a day.

        :returns: how many that were.
        """
        with self._database.transaction() as connection:
            old = select(func.count()).select_from(SESSIONS).where(~self._in_time)
            if not connection.execute(old).scalar_one():
                return 0
        return self._delete(~self._in_time)

    @property
    def _now(self) -> int:
        return int(self._clock().timestamp())

    @property
    def _in_time(self) -> ColumnElement[bool]:
        return SESSIONS.c.kept > self._now - int(KEPT_FOR.total_seconds())

    def _delete(self, which: ColumnElement[bool]) -> int:
        query = delete(SESSIONS).where(which)
        return self._database.change(lambda connection: int(connection.execute(query).rowcount))

    @staticmethod
    def _one(browser: str, id: str) -> ColumnElement[bool]:
        return (SESSIONS.c.browser == browser) & (SESSIONS.c.id == id)

    @staticmethod
    def _forget_oldest(connection: Connection, browser: str) -> None:
        of_browser = SESSIONS.c.browser == browser
        ids = select(SESSIONS.c.id).where(of_browser).order_by(SESSIONS.c.kept.desc())
        oldest = connection.execute(ids).scalars().all()[MOST - 1 :]
        if oldest:
            connection.execute(delete(SESSIONS).where(of_browser, SESSIONS.c.id.in_(oldest)))
