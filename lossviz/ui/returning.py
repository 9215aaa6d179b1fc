"""Coming back: a page that is loaded anew, and a browser that comes again, find what they had."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import streamlit as st

from lossviz.apart import Stored
from lossviz.errors import LossVizError
from lossviz.experiments.words import count
from lossviz.sharing.library import KeptSession, SessionSummary
from lossviz.sharing.project import Project
from lossviz.sharing.project_file import open_apart, read_project
from lossviz.ui.address.bar import given
from lossviz.ui.browser import this_browser
from lossviz.ui.keeper import summary_of, work_of
from lossviz.ui.keeping import copied, resumed
from lossviz.ui.library.database import kept_sessions
from lossviz.ui.parts.words import plain
from lossviz.ui.state.session import (
    Session,
    holder_now,
    is_open,
    open_session,
    sessions_of,
    this_session,
    this_visitor,
)
from lossviz.ui.state.visit import Visit

log = logging.getLogger(__name__)

ELSEWHERE = ("classroom",)
"""Pages that show what another window has."""
LOADING_SECONDS = 10.0
"""In which a page that has taken a session opens its line."""
SMALL = 2 << 20
"""Bytes that are read where they are shown, in a tenth of a second; more in a process apart."""
READING_SECONDS = 60.0
FORMER = "lossviz-former"
TITLE = "What was kept here"


@dataclass(frozen=True)
class Former:
    """Something that this browser had.

    :param queries: of the addresses that it may show of it.
    :param words: what it is, as part of a sentence.
    :param id: of the session.
    :param worth: whether anything was done in it.
    :param take: goes on with it; None where it is gone.
    """

    queries: tuple[Mapping[str, str], ...]
    words: str
    id: str
    worth: bool
    take: Callable[[], Session | None]


def come_back(page: str) -> None:
    """Before anything else: a page that opens goes on with what its browser had, and so does one
    that was opened with an address of it. A link begins something of its own, beside it.

    :param page: its part of the address.
    """
    if is_open():
        _give_way()
        return
    browser = this_browser()
    if not browser or page in ELSEWHERE:
        return
    asked, formers = given(), tuple(_formers(browser))
    if asked:
        alike = [former for former in formers if asked in former.queries]
    else:
        alike = sorted(formers, key=lambda former: not former.worth)
    for former in alike:
        if (session := former.take()) is not None:
            if not asked:
                session.visit = Visit()
            open_session(session)
            return
    st.session_state[FORMER] = next((former for former in formers if former.worth), None)


def others_kept(session: Session) -> tuple[Former, ...]:
    """What this browser has besides."""
    there = _formers(session.browser) if session.browser else ()
    return tuple(each for each in there if each.worth and each.id != session.id)


def go_on_with(former: Former) -> None:
    """Have the page that runs next show it, if it is there still."""
    session = former.take()
    st.session_state[FORMER] = None
    if session is not None:
        session.visit = Visit()
        st.query_params.clear()
        open_session(session)


def _give_way() -> None:
    """A tab that slept while another one took over what it had goes on with the same, apart."""
    session = this_session()
    if session.holder not in ("", holder_now()):
        open_session(_copy(session))


def _formers(browser: str) -> Iterator[Former]:
    """What this browser had, what it left last at first."""
    there = sessions_of(browser)
    left = [each for each in there if each.channel.left_for >= 0 and not _loading(each)]
    for session in sorted(left, key=lambda each: each.channel.left_for):
        when = _ago(timedelta(seconds=session.channel.left_for))
        yield _there(session, when, partial(_itself, session))
    known = {session.id for session in there}
    for kept in _kept(browser):
        if kept.id not in known:
            when, take = _ago(datetime.now(UTC) - kept.kept), partial(_read, browser, kept)
            yield _former(kept.summary, when, kept.id, take)
    for session in there:
        if session not in left and work_of(session):
            yield _there(session, "in another tab", partial(_copy, session))


def _kept(browser: str) -> tuple[KeptSession, ...]:
    sessions = kept_sessions()
    if sessions is None:
        return ()
    try:
        return sessions.of(browser)
    except LossVizError:
        return ()


def _there(session: Session, where: str, take: Callable[[], Session | None]) -> Former:
    worth = bool(work_of(session))
    return _former(summary_of(session), where, session.id, take, worth=worth)


def _former(
    summary: SessionSummary,
    where: str,
    id: str,
    take: Callable[[], Session | None],
    *,
    worth: bool = True,
) -> Former:
    work = count(summary.runs, "trained run") if summary.runs else "work"
    words = f"{work} on {plain(summary.data)}, {where}"
    return Former(tuple(map(dict, summary.queries)), words, id, worth, take)


def _itself(session: Session) -> Session:
    return session


def _copy(session: Session) -> Session:
    return copied(session, this_visitor())


def _loading(session: Session) -> bool:
    """Whether a page has just taken it, which is not there yet."""
    passed = time.monotonic() - session.taken
    return passed < LOADING_SECONDS and session.channel.left_for > passed


def _read(browser: str, kept: KeptSession) -> Session | None:
    """What is kept; None where it cannot be read any more."""
    sessions = kept_sessions()
    try:
        content = None if sessions is None else sessions.content(browser, kept.id)
        if content is None:
            return None
        project = read_project(content, TITLE) if len(content) < SMALL else _read_apart(content)
    except LossVizError as error:
        log.warning("a session that was kept cannot be read: %s", error)
        return None
    session = resumed(project, this_visitor())
    session.id = kept.id
    session.kept.work, session.kept.until = work_of(session), kept.until
    return session


def _read_apart(content: bytes) -> Project:
    with st.spinner("Finding what you had here"):
        reading = open_apart(Stored(content), TITLE)
        if not reading.wait(READING_SECONDS):
            reading.stop()
            raise LossVizError(f"It was not read in {READING_SECONDS:.0f} seconds.")
        return reading.result()


def former_note() -> None:
    """Where a link was opened: that what this browser had before is there still."""
    place = st.empty()  # always there, so that nothing is drawn anew when it goes
    former: Former | None = st.session_state.get(FORMER)
    if former is None:
        return

    def close() -> None:
        st.session_state[FORMER] = None

    with place.container(horizontal=True, vertical_alignment="center", key="former"):
        st.info(
            f"This link is shown beside what you had here, which is kept: {former.words}.",
            icon=":material/history:",
        )
        st.button("Go back to it", key="former-back", on_click=go_on_with, args=(former,))
        st.button("Close", icon=":material/close:", key="former-close", on_click=close)


def _ago(passed: timedelta) -> str:
    minutes = round(passed.total_seconds() / 60)
    hours = minutes // 60
    return f"{count(hours, 'hour') if hours else count(max(minutes, 1), 'minute')} ago"
