"""What a session did is written down once, or it is said why not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from lossviz.compute.cluster import COMPUTE
from lossviz.compute.workers import InProcess, Later
from lossviz.errors import LossVizError
from lossviz.sharing.library import KeptSessions
from lossviz.sharing.project_file import read_project
from lossviz.ui import keeper as keepers
from lossviz.ui.keeper import Keeper, forget, keep_again, standing
from lossviz.ui.keeping import copied, resumed
from lossviz.ui.library.database import kept_sessions
from lossviz.ui.state.session import SESSIONS, Session
from tests.support.projects import project


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was handed to the workers to be written; it is written where the keeper asks."""
    calls: list[object] = []

    def submit(function: Any, *arguments: Any, priority: int) -> Later[Any]:
        calls.append(arguments)
        return Later(partial(function, *arguments))

    monkeypatch.setattr(COMPUTE, "submit", submit)
    return calls


@pytest.fixture
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    made = resumed(project(), InProcess())
    made.browser = request.node.name
    SESSIONS.add(made)
    yield made
    SESSIONS.discard(made)


def sessions() -> KeptSessions:
    there = kept_sessions()
    assert there is not None
    return there


def look(times: int = 2) -> None:
    keeper = Keeper()
    for _ in range(times):
        keeper.look()


def test_it_is_written_once_and_again_when_there_is_more(
    session: Session, written: list[object]
) -> None:
    assert standing(session)["asked"]
    look()
    assert standing(session)["state"] == "kept"
    (kept,) = sessions().of(session.browser)
    content = sessions().content(session.browser, kept.id)
    assert content is not None
    found = read_project(content, "kept")
    assert {letter: run.step for letter, run in found.desk.runs.items()} == {
        letter: run.step for letter, run in session.lab.runs.items()
    }
    look()
    assert len(written) == 1
    session.scenes = ()
    assert standing(session) == {
        "state": "pending",
        "until": standing(session)["until"],
        "asked": False,
    }
    session.kept.since = float("-inf")
    look()
    assert len(written) == 2
    assert len(sessions().of(session.browser)) == 1


def test_where_nothing_was_done_there_is_nothing_to_keep(
    session: Session, written: list[object]
) -> None:
    session.use_sample("feelings")
    session.benches.clear()
    session.scenes = ()
    look()
    assert standing(session) == {"state": "none", "until": "", "asked": False}
    assert written == []


def test_what_cannot_be_kept_is_said_and_asked_about_and_not_tried_again(
    session: Session, written: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise LossVizError("No room.")

    monkeypatch.setattr(KeptSessions, "keep", refuse)
    look()
    assert session.kept.problem == "No room."
    assert standing(session) == {"state": "unkept", "until": "", "asked": True}
    session.kept.since = float("-inf")
    look()
    assert len(written) == 1
    session.kept.since = session.kept.again = float("-inf")
    look()
    assert len(written) == 2, "a minute later it is tried again"


def test_where_no_worker_answers_that_is_said_and_others_are_looked_at(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object, priority: int) -> None:
        raise LossVizError("No training process answered.")

    monkeypatch.setattr(COMPUTE, "submit", lost)
    look()
    assert session.kept.problem == "No training process answered."
    assert standing(session)["state"] == "unkept"


def test_who_has_waited_longest_is_written_first(
    session: Session, written: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keepers, "AT_ONCE", 1)
    other = copied(session, InProcess())
    other.browser, other.kept.since = session.browser, session.kept.since
    session.kept.since = 0.0
    SESSIONS.add(other)
    look(1)
    assert other.kept.since > session.kept.since == 0.0
    SESSIONS.discard(other)


def test_tables_that_are_too_large_are_not_packed(
    session: Session, written: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keepers, "MOST", 10)
    look()
    assert written == []
    assert "too much" in session.kept.problem
    assert standing(session)["asked"]


def test_what_is_forgotten_is_kept_no_more_until_it_is_wanted_again(
    session: Session, written: list[object]
) -> None:
    look()
    forget(session)
    session.kept.since = float("-inf")
    look()
    assert sessions().of(session.browser) == ()
    assert standing(session)["state"] == "unkept"
    keep_again(session)
    look()
    assert len(sessions().of(session.browser)) == 1


def test_a_browser_without_a_name_is_not_kept(session: Session, written: list[object]) -> None:
    session.browser = ""
    look()
    assert written == []
    assert standing(session)["asked"]


def test_a_copy_has_the_same_and_is_changed_apart(session: Session) -> None:
    other = copied(session, InProcess())
    assert other.id != session.id
    assert [run.step for run in other.lab.runs.values()] == [
        run.step for run in session.lab.runs.values()
    ]
    assert other.scenes == session.scenes
    other.lab.remove("A")
    assert "A" in session.lab.runs
