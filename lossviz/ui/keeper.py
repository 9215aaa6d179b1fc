"""The keeper: what sessions have done is written down on the server, a moment after it was done.

So a browser finds it again after its page was loaded anew, after a night, and after a restart.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Hashable
from dataclasses import dataclass

from lossviz.compute.cluster import COMPUTE
from lossviz.compute.workers import Answer
from lossviz.errors import LossVizError
from lossviz.sharing.library import SessionSummary
from lossviz.sharing.project_file import write_project
from lossviz.ui.keeping import project_of
from lossviz.ui.library.database import kept_sessions
from lossviz.ui.state.session import Session, every_session, sessions_of

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
BUSY_SECONDS = 20.0
"""Between two times that a session is written down which goes on training."""
MOST = 80 << 20
"""Bytes of tables that are packed at all: to a third, of which 20 MB are kept."""
AGAIN_SECONDS = 60.0
"""After which what could not be kept is tried again: a database may answer by then."""
AT_ONCE = 2
"""Sessions that are written at the same time; others wait."""


@dataclass(frozen=True)
class _Writing:
    work: Hashable
    summary: SessionSummary
    content: Answer[bytes]


class Keeper(threading.Thread):
    """Looks what has changed, and has it written by the workers, until it is ended."""

    def __init__(self) -> None:
        super().__init__(name="lossviz-keeper", daemon=True)
        self._ended = threading.Event()
        self._under_way: dict[Session, _Writing] = {}

    def run(self) -> None:
        """Until it is ended."""
        while not self._ended.wait(LOOK_SECONDS):
            try:
                self.look()
            except Exception:
                log.exception("sessions are looked at again in a moment")

    def end(self) -> None:
        """Look no more."""
        self._ended.set()

    def look(self) -> None:
        """Once: put away what is written, and begin with what is to be."""
        for session, writing in list(self._under_way.items()):
            if writing.content.done:
                del self._under_way[session]
                self._put_away(session, writing)
        # Who has waited longest comes first: there may be more than can be written in a round.
        for session in sorted(every_session(), key=lambda each: each.kept.since):
            if len(self._under_way) >= AT_ONCE:
                return
            if session not in self._under_way and _due(session):
                self._begin(session)

    def _begin(self, session: Session) -> None:
        """A page that is being drawn is looked at the next time."""
        if not session.channel.drawing.acquire(blocking=False):
            return
        try:
            session.kept.since = time.monotonic()
            work, project = work_of(session), project_of(session)
            summary = summary_of(session)
        finally:
            session.channel.drawing.release()
        if (size := _size(session)) > MOST:
            _refused(session, work, f"What is here takes about {size / 2**20:,.0f} MB: too much.")
            return
        try:
            content = COMPUTE.submit(write_project, project, priority=10)
        except LossVizError as error:
            _refused(session, work, str(error))
            return
        self._under_way[session] = _Writing(work, summary, content)

    def _put_away(self, session: Session, writing: _Writing) -> None:
        kept, sessions = session.kept, kept_sessions()
        if kept.off or sessions is None:
            return
        try:
            kept.until = sessions.keep(
                session.browser, session.id, writing.summary, writing.content.result()
            )
        except LossVizError as error:
            _refused(session, writing.work, str(error))
            return
        kept.work, kept.problem, kept.refused = writing.work, "", ()


def work_of(session: Session) -> Hashable:
    """What there is to keep, in short: another value once there is something else; nothing where
    nothing was done."""
    done = tuple(work for bench in session.every_bench if (work := bench.work))
    return (done, session.scenes) if done or session.scenes else ()


def summary_of(session: Session) -> SessionSummary:
    """What it is told from others by."""
    trained = sum(run.step > 0 for bench in session.every_bench for run in bench.lab.runs.values())
    seen = tuple(tuple(query.items()) for query in session.visit.seen)
    return SessionSummary(session.data.title, trained, session.visit.page or "", seen)


def busy(session: Session) -> bool:
    """Whether it is training, and so has something else to keep at every look."""
    return any(bench.busy for bench in session.every_bench)


def forget(session: Session) -> None:
    """Forget what is kept of this browser, and keep nothing more of what is open in it."""
    for each in sessions_of(session.browser):
        each.kept.off, each.kept.until, each.kept.work = True, None, ()
    if (sessions := kept_sessions()) is not None:
        sessions.forget(session.browser)


def keep_again(session: Session) -> None:
    """From now on it is kept again."""
    session.kept.off = False


def standing(session: Session) -> dict[str, object]:
    """Whether what there is is kept, as the browser says it: ``state``, ``until``, and whether
    leaving the page asks first."""
    kept, work = session.kept, work_of(session)
    if work == ():
        state = "none"
    elif not session.browser or kept.off or kept.refused == work:
        state = "unkept"
    elif work == kept.work or (kept.until is not None and busy(session)):
        state = "kept"
    elif kept_sessions() is None:  # asked last: this is looked at several times a second
        state = "unkept"
    else:
        state = "pending"
    until = kept.until.isoformat() if kept.until is not None else ""
    asked = state == "unkept" or (state == "pending" and kept.until is None)
    return {"state": state, "until": until, "asked": asked}


def _due(session: Session) -> bool:
    kept = session.kept
    if not session.browser or kept.off:
        return False
    work, now = work_of(session), time.monotonic()
    if work in ((), kept.work) or (work == kept.refused and now < kept.again):
        return False
    waited = now - kept.since
    wanted = BUSY_SECONDS if busy(session) else LOOK_SECONDS
    return waited > wanted and kept_sessions() is not None


def _refused(session: Session, work: Hashable, problem: str) -> None:
    kept = session.kept
    kept.refused, kept.problem, kept.again = work, problem, time.monotonic() + AGAIN_SECONDS


def _size(session: Session) -> int:
    """Bytes of the tables that are not samples."""
    frames = [bench.data.table.frame for bench in session.every_bench if not bench.data.sample]
    return sum(int(frame.memory_usage(index=False).sum()) for frame in frames)
