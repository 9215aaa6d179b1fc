"""The library, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, select, text, update
from sqlalchemy.event import listen

from lossviz.errors import LossVizError
from lossviz.sharing.library import NO_ANSWER, NOT_OWNER, NOT_THERE, Library, Limits, NotPublished
from lossviz.sharing.library.database import RUNS
from lossviz.sharing.library.records import DAMAGED
from lossviz.sharing.project_file import pack_publication
from tests.conftest import ROOT
from tests.support.publications import publication
from tests.support.waiting import PATIENCE

SIZE = len(pack_publication(publication()))


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def content_of(engine: Engine) -> str:
    """Everything in the table, as it stands there."""
    with engine.connect() as own:
        return repr(own.execute(RUNS.select()).all())


def test_what_is_published_is_opened_with_everything_in_it(engine: Engine) -> None:
    texts = tuple(f"text {k}" for k in range(12))
    given = publication(texts=texts)
    own = Library(engine)
    found = own.open(own.publish(given).id)
    assert replace(found, run=given.run) == given
    assert found.run.experiment == given.run.experiment
    assert found.run.evaluation is not None
    assert given.run.evaluation is not None
    assert (found.run.evaluation.predicted == given.run.evaluation.predicted).all()
    assert (found.run.curve.train["total"] == given.run.curve.train["total"]).all()


def test_it_is_still_there_after_a_restart(url: str) -> None:
    first = create_engine(url)
    links = Library(first).publish(publication())
    first.dispose()
    second = create_engine(url)
    assert Library(second).open(links.id).name == "First try"
    second.dispose()


def test_a_table_is_told_what_it_needs_of_those_that_are_there(engine: Engine) -> None:
    own = Library(engine, clock=Clock())
    ids = [own.publish(publication(name=name), days=7).id for name in ("one", "two")]
    found = own.about([ids[1], "forged", ids[0]])
    assert [about.summary.name for about in found] == ["two", "one"]
    about = found[0]
    assert about.id == ids[1]
    assert about.summary.components == ("first", "second")
    assert about.summary.weights == (1.0, 1.0, 1.0)
    judged = publication().run.evaluation
    assert judged is not None
    assert about.summary.rates == (*judged.components, judged.joint)
    assert about.expires == about.published + timedelta(days=7)
    assert about.size == len(pack_publication(publication(name="two")))
    assert own.about([]) == ()


@pytest.mark.parametrize("name", ["a\x00b", "\ud800", "'; DROP TABLE x; --", "😀" * 300])
def test_any_name_is_kept(engine: Engine, name: str) -> None:
    own = Library(engine)
    links = own.publish(publication(name=name))
    assert own.about([links.id])[0].summary.name == name


@pytest.mark.parametrize("id", ["", "forged", "x" * 100_000, "\ud800", "%' OR 1=1 --", "\x00"])
def test_a_forged_id_gets_the_sentence(engine: Engine, id: str) -> None:
    own = Library(engine)
    own.publish(publication())
    with pytest.raises(NotPublished, match="no published run under this link") as said:
        own.open(id)
    assert str(said.value) == NOT_THERE
    with pytest.raises(NotPublished):
        own.delete(id, "secret")


def test_the_database_holds_neither_ids_nor_secrets(engine: Engine) -> None:
    links = Library(engine).publish(publication())
    assert len(links.id) >= 22
    assert len(links.secret) >= 22
    stored = content_of(engine)
    assert links.id not in stored
    assert links.secret not in stored


def test_only_the_owner_deletes(engine: Engine) -> None:
    own = Library(engine)
    links, other = own.publish(publication()), own.publish(publication())
    for forged in ("", links.id, other.secret, links.secret[:-1]):
        assert not own.owned(links.id, forged)
        with pytest.raises(LossVizError) as said:
            own.delete(links.id, forged)
        assert str(said.value) == NOT_OWNER
    assert own.owned(links.id, links.secret)
    own.delete(links.id, links.secret)
    with pytest.raises(NotPublished):
        own.open(links.id)
    assert own.open(other.id).name == "First try"
    assert own.used().runs == 1


def test_an_expired_run_is_gone_and_so_is_its_content(engine: Engine) -> None:
    clock = Clock()
    own = Library(engine, clock=clock)
    short, long, always = (own.publish(publication(), days=days) for days in (7, 30, None))
    clock.now += timedelta(days=7, seconds=-1)
    assert own.open(short.id)
    clock.now += timedelta(seconds=1)
    assert [about.id for about in own.about([short.id, long.id])] == [long.id]
    assert own.used().runs == 2
    with pytest.raises(NotPublished):
        own.open(short.id)
    with pytest.raises(NotPublished):
        own.delete(short.id, short.secret)
    with engine.connect() as at:
        assert at.execute(text(f"select count(*) from {RUNS.name}")).scalar_one() == 2
    clock.now += timedelta(days=365)
    assert own.sweep_out() == 1
    assert own.sweep_out() == 0
    assert own.open(always.id)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("summary", "no JSON"),
        ("summary", "[" * 100_000),
        ("summary", "{}"),
        ("n", 0),
        ("n", 10**30),
        ("n", "many"),
        ("wrong", [1]),
        ("wrong", [1, -1, 2]),
        ("weights", [1.0, float("nan"), 1.0]),
        ("weights", []),
        ("steps", [1, -2, 3]),
        ("published", 10**17),
    ],
)
def test_what_was_tampered_with_gets_a_sentence(engine: Engine, column: str, value: Any) -> None:
    library = Library(engine)
    links = library.publish(publication())
    with engine.begin() as connection:
        if column not in RUNS.c:
            summary = json.loads(connection.execute(select(RUNS.c.summary)).scalar_one())
            column, value = "summary", json.dumps(summary | {column: value})
        connection.execute(update(RUNS).values({column: value}))
    with pytest.raises(LossVizError) as refusal:
        library.about([links.id])
    assert str(refusal.value) == DAMAGED
    assert library.open(links.id).name == "First try"


def test_a_run_that_is_too_large_is_not_published(engine: Engine) -> None:
    own = Library(engine, Limits(run=SIZE - 1))
    with pytest.raises(LossVizError, match="can be published"):
        own.publish(publication())
    assert own.used().runs == 0


def test_a_full_library_takes_no_more_until_something_goes(engine: Engine) -> None:
    clock = Clock()
    own = Library(engine, Limits(all=int(2.5 * SIZE)), clock)
    first = own.publish(publication())
    own.publish(publication(), days=7)
    with pytest.raises(LossVizError, match="The library is full: its 2 runs"):
        own.publish(publication())
    own.delete(first.id, first.secret)
    own.publish(publication())
    clock.now += timedelta(days=7)
    own.publish(publication())
    assert own.used().size == 2 * SIZE


PUBLISH = f"""
import sys
from sqlalchemy import create_engine
from lossviz.sharing.library import Library, Limits
from {__name__} import publish_four
own = Library(create_engine(sys.argv[1]), Limits(all=int(sys.argv[2])))
print("ready", flush=True)
sys.stdin.readline()
print(publish_four(own))
"""


def publish_four(own: Library) -> int:
    """Try it four times.

    :returns: how often there was room.
    """
    published = 0
    for _ in range(4):
        try:
            own.publish(publication())
            published += 1
        except LossVizError as error:
            assert "The library is full" in str(error)
    return published


def test_two_servers_that_start_and_publish_at_once_keep_the_limit(
    url: str, engine: Engine
) -> None:
    most = int(5.5 * SIZE)
    other = subprocess.Popen(
        [sys.executable, "-c", PUBLISH, url, str(most)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    own = Library(engine, Limits(all=most))
    assert other.stdout is not None
    assert other.stdin is not None
    assert other.stdout.readline() == "ready\n"
    other.stdin.write("\n")
    other.stdin.flush()
    published = publish_four(own)
    said, _ = other.communicate(timeout=PATIENCE)
    assert published + int(said) == 5
    assert own.used().runs == 5


def test_threads_of_one_server_share_it(engine: Engine) -> None:
    own = Library(engine, Limits(all=int(6.5 * SIZE)))

    def publish(_: int) -> bool:
        try:
            own.publish(publication())
        except LossVizError as error:
            assert "The library is full" in str(error)
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(publish, range(12))) == 6
    assert own.used().runs == 6


@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://lossviz@127.0.0.1:1/none", "sqlite:////nowhere/library.db"]
)
def test_a_database_that_does_not_answer_gets_a_sentence_and_is_not_waited_for(url: str) -> None:
    engine, attempts = create_engine(url), []
    listen(engine, "do_connect", lambda *_: attempts.append(url))
    own = Library(engine)
    with pytest.raises(LossVizError) as said:
        own.used()
    assert str(said.value) == NO_ANSWER
    assert attempts
    attempts.clear()
    with pytest.raises(LossVizError):
        own.open("id")
    assert not attempts


def test_a_server_that_says_nothing_is_given_up_after_seconds() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        own = Library(
            create_engine(f"postgresql+psycopg://x@127.0.0.1:{silent.getsockname()[1]}/x")
        )
        with pytest.raises(LossVizError):
            own.used()


def test_limits_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOSSVIZ_LIBRARY_RUN_MB", "0.5")
    assert Limits.from_environment() == Limits(2**19, 2**30)
    monkeypatch.setenv("LOSSVIZ_LIBRARY_MB", "plenty")
    with pytest.raises(LossVizError, match="LOSSVIZ_LIBRARY_MB: expected a number of megabytes"):
        Limits.from_environment()
