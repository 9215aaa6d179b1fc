"""One call at a time to a worker, for everybody who asked meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Thread

import pytest
from tornado.ioloop import IOLoop

from lossviz.compute.conductor import Conductor
from lossviz.compute.workers import WorkerLost
from lossviz.errors import LossVizError
from lossviz.experiments.runs.progress import ProgressReport, ReportOrError, Want
from tests.support.waiting import PATIENCE, wait_until

REPORT = ProgressReport({}, None)
TEN = [f"session {number}" for number in range(10)]


@dataclass
class Worker:
    """Answers a call when it is told to.

    :param answers: what becomes of each session; the others are not there.
    """

    answers: dict[str, ReportOrError] = field(default_factory=lambda: dict.fromkeys(TEN, REPORT))
    calls: list[tuple[list[str], float]] = field(default_factory=list)
    open: list[asyncio.Future[None]] = field(default_factory=list)

    async def tick(self, wants: Mapping[str, Want], seconds: float) -> Mapping[str, ReportOrError]:
        self.calls.append((list(wants), seconds))
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.open.append(done)
        await done
        return {session: self.answers[session] for session in wants if session in self.answers}


@pytest.fixture
def loop() -> Iterator[IOLoop]:
    """Running, in a thread of its own as a Dask client's is."""
    own = IOLoop(make_current=False)
    thread = Thread(target=own.start)
    thread.start()
    yield own
    own.add_callback(own.stop)
    thread.join(PATIENCE)
    own.close()


def answer(loop: IOLoop, worker: Worker, error: Exception | None = None) -> None:
    """Let the call end that the worker is at work for."""
    wait_until(lambda: bool(worker.open))
    done = worker.open.pop()
    loop.add_callback(lambda: done.set_exception(error) if error else done.set_result(None))


def ask(conductor: Conductor, worker: Worker, session: str, seconds: float = 0.1) -> Future:
    return conductor.ask(session, worker, Want({}, 1), seconds)


def test_who_asks_while_the_worker_is_at_work_is_passed_on_with_all_others(loop: IOLoop) -> None:
    worker = Worker()
    conductor = Conductor(loop)
    first = ask(conductor, worker, TEN[0])
    wait_until(lambda: bool(worker.open))
    later = [ask(conductor, worker, session, 0.1 + 0.05 * k) for k, session in enumerate(TEN[1:])]
    answer(loop, worker)
    assert first.result(PATIENCE) is REPORT
    answer(loop, worker)
    assert [reply.result(PATIENCE) for reply in later] == [REPORT] * 9
    assert worker.calls == [(TEN[:1], 0.1), (TEN[1:], 0.1)]
    assert conductor.calls == 2


def test_it_goes_on_after_it_had_nothing_to_do(loop: IOLoop) -> None:
    worker = Worker()
    conductor = Conductor(loop)
    for turn in range(1, 4):
        reply = ask(conductor, worker, TEN[0])
        answer(loop, worker)
        assert reply.result(PATIENCE) is REPORT
        assert conductor.calls == turn


def test_who_asks_again_before_he_is_passed_on_is_passed_on_once(loop: IOLoop) -> None:
    worker = Worker()
    conductor = Conductor(loop)
    ask(conductor, worker, TEN[0])
    wait_until(lambda: bool(worker.open))
    outdated, current = (ask(conductor, worker, TEN[1]) for _ in range(2))
    answer(loop, worker)
    answer(loop, worker)
    assert current.result(PATIENCE) is REPORT
    assert outdated.cancelled()
    assert worker.calls[1][0] == [TEN[1]]


def test_what_is_wrong_with_one_is_said_to_that_one(loop: IOLoop) -> None:
    wrong = LossVizError("This cannot be trained.")
    worker = Worker({TEN[0]: REPORT, TEN[1]: wrong})
    conductor = Conductor(loop)
    ask(conductor, worker, TEN[0])
    wait_until(lambda: bool(worker.open))
    well, refused, gone = (ask(conductor, worker, session) for session in TEN[:3])
    answer(loop, worker)
    answer(loop, worker)
    assert well.result(PATIENCE) is REPORT
    assert refused.exception(PATIENCE) is wrong
    assert isinstance(gone.exception(PATIENCE), WorkerLost)


def test_a_worker_that_dies_is_no_end(loop: IOLoop) -> None:
    worker = Worker()
    conductor = Conductor(loop)
    failed = ask(conductor, worker, TEN[0])
    answer(loop, worker, OSError("gone"))
    assert isinstance(failed.exception(PATIENCE), OSError)
    again = ask(conductor, worker, TEN[0])
    answer(loop, worker)
    assert again.result(PATIENCE) is REPORT


def test_a_worker_that_never_answers_keeps_nobody_waiting(loop: IOLoop) -> None:
    silent, other = Worker(), Worker()
    conductor = Conductor(loop, patience=0.05)
    assert isinstance(ask(conductor, silent, TEN[0]).exception(PATIENCE), TimeoutError)
    reply = ask(conductor, other, TEN[1])
    answer(loop, other)
    assert reply.result(PATIENCE) is REPORT
