"""Kept sessions, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, inspect, update

from lossviz.errors import LossVizError
from lossviz.sharing.library import KEPT_FOR, Library, Limits, SessionSummary
from lossviz.sharing.library.database import RUNS, SESSIONS
from lossviz.sharing.library.records import MB
from lossviz.sharing.library.sessions import MOST
from tests.support.publications import publication

from .test_library import Clock

SUMMARY = SessionSummary("My \u0000 data", 2, "train", ((), (("d", "feelings"), ("A", "joint"))))


def test_a_browser_finds_its_own_the_last_one_first(engine: Engine) -> None:
    clock = Clock()
    kept = Library(engine, clock=clock).sessions
    kept.keep("mine", "a", SUMMARY, b"one")
    clock.now += timedelta(minutes=1)
    until = kept.keep("mine", "b", SUMMARY, b"two")
    kept.keep("yours", "c", SUMMARY, b"three")
    assert [each.id for each in kept.of("mine")] == ["b", "a"]
    assert kept.of("mine")[0].summary == SUMMARY
    assert kept.of("mine")[0].until == until == clock.now + KEPT_FOR
    assert kept.content("mine", "a") == b"one"
    assert kept.content("yours", "a") is None
    assert kept.of("nobody") == ()


def test_a_session_takes_the_place_of_what_was_kept_of_it(engine: Engine) -> None:
    kept = Library(engine).sessions
    for content in (b"before", b"after"):
        kept.keep("mine", "a", SUMMARY, content)
    assert len(kept.of("mine")) == 1
    assert kept.content("mine", "a") == b"after"


def test_after_a_day_it_is_gone(engine: Engine) -> None:
    clock = Clock()
    kept = Library(engine, clock=clock).sessions
    kept.keep("mine", "a", SUMMARY, b"one")
    clock.now += KEPT_FOR
    assert kept.of("mine") == ()
    assert kept.content("mine", "a") is None
    assert kept.sweep_out() == 1
    assert kept.sweep_out() == 0


def test_of_a_browser_the_oldest_make_room(engine: Engine) -> None:
    clock = Clock()
    kept = Library(engine, clock=clock).sessions
    for number in range(MOST + 2):
        clock.now += timedelta(seconds=1)
        kept.keep("mine", str(number), SUMMARY, b"one")
    ids = [each.id for each in kept.of("mine")]
    assert ids == [str(number) for number in range(MOST + 1, 1, -1)]


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(session=2), "up to 1.90735e-06 MB are kept"),
        (Limits(sessions=5), "no more room"),
        (Limits(sessions=0), "keeps no sessions"),
    ],
)
def test_what_is_too_much_is_refused_and_what_was_there_stays(
    engine: Engine, limits: Limits, said: str
) -> None:
    Library(engine).sessions.keep("mine", "a", SUMMARY, b"12")
    kept = Library(engine, limits).sessions
    with pytest.raises(LossVizError, match=said):
        kept.keep("mine", "a", SUMMARY, b"123456")
    assert Library(engine).sessions.content("mine", "a") == b"12"


def test_what_is_forgotten_is_gone_and_other_browsers_keep_theirs(engine: Engine) -> None:
    kept = Library(engine).sessions
    for browser in ("mine", "yours"):
        kept.keep(browser, "a", SUMMARY, b"one")
    assert kept.forget("mine") == 1
    assert kept.of("mine") == ()
    assert len(kept.of("yours")) == 1


@pytest.mark.parametrize("summary", ["", "[", '{"data": 1}', "{}"])
def test_what_somebody_else_changed_is_left_out(engine: Engine, summary: str) -> None:
    kept = Library(engine).sessions
    for id in ("a", "b"):
        kept.keep("mine", id, SUMMARY, b"one")
    with engine.begin() as connection:
        change: dict[str, Any] = {"summary": summary}
        connection.execute(update(SESSIONS).where(SESSIONS.c.id == "a").values(change))
    assert [each.id for each in kept.of("mine")] == ["b"]


def test_a_library_from_before_sessions_were_kept_gets_their_table(url: str) -> None:
    engine = create_engine(url)
    RUNS.create(engine)
    library = Library(engine)
    links = library.publish(publication())
    library.sessions.keep("mine", "a", SUMMARY, b"one")
    assert SESSIONS.name in inspect(engine).get_table_names()
    assert library.open(links.id).name == publication().name
    engine.dispose()


def test_how_much_is_said_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOSSVIZ_SESSIONS_MB", "0")
    assert Limits.from_environment().sessions == 0
    monkeypatch.setenv("LOSSVIZ_SESSIONS_MB", "2")
    assert Limits.from_environment().sessions == 2 * MB
    monkeypatch.setenv("LOSSVIZ_SESSIONS_MB", "-1")
    with pytest.raises(LossVizError, match="expected a number"):
        Limits.from_environment()
