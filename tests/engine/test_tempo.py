"""Tempo: who takes long steps waits for the others, and not they for it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from lossviz.engine.live import LiveRuns, tick
from lossviz.engine.tempo import LONG_SECONDS, LONG_SHARE, Tempo
from lossviz.experiments.choices import first
from lossviz.experiments.runs.progress import ProgressReport, Want
from lossviz.experiments.runs.run import Run
from tests.support.factories import dataset

DATA = dataset(200, seed=5)
QUICK, SLOW = 0.002, 0.5


@dataclass(eq=False)
class Session:
    """Stands for the runs of one: a step takes so long, and of many together the sum."""

    seconds: float
    had: list[float] = field(default_factory=list)


class World:
    """Sessions that train together for a while, each as fast as it can."""

    def __init__(self, *sessions: Session) -> None:
        self.now = 0.0
        self.tempo = Tempo(lambda: self.now)
        self.sessions = sessions

    def step(self, sessions: list[Session]) -> None:
        seconds = sum(session.seconds for session in sessions)
        self.now += seconds
        for session in sessions:
            session.had.append(self.now)
        sizes = {session: int(1e6 * session.seconds) for session in sessions}
        self.tempo.stepped(sizes, seconds)  # type: ignore[arg-type]

    def run(self, until: float) -> None:
        """A call every 60 ms, or as soon as the last one is over."""
        while self.now < until:
            begun = self.now
            alone = self.tempo.alone(self.sessions)  # type: ignore[arg-type]
            self.step(self.tempo.together(self.sessions))  # type: ignore[arg-type]
            if alone is not None:
                self.step([alone])  # type: ignore[list-item]
            self.now = max(self.now, begun + 0.06)


def test_a_session_whose_steps_take_long_costs_a_neighbour_no_more_than_its_share() -> None:
    alone, beside, heavy = Session(QUICK), Session(QUICK), Session(SLOW)
    World(alone).run(60.0)
    World(beside, heavy).run(60.0)
    assert len(beside.had) >= 0.8 * len(alone.had)
    assert len(heavy.had) * SLOW == pytest.approx(LONG_SHARE * 60.0, rel=0.2)


def test_long_steps_are_taken_by_turns_and_as_fast_as_can_be_where_nobody_else_trains() -> None:
    heavy = [Session(SLOW), Session(SLOW), Session(2 * SLOW)]
    world = World(*heavy)
    world.run(60.0)
    counts = [len(session.had) for session in heavy]
    assert max(counts) - min(counts) <= 2
    assert sum(session.seconds * len(session.had) for session in heavy) > 0.95 * 60.0


def test_who_is_alone_is_never_held_up() -> None:
    heavy = Session(SLOW)
    World(heavy).run(30.0)
    assert len(heavy.had) == 60


def test_one_step_that_was_held_up_makes_no_session_a_slow_one() -> None:
    tempo, session = Tempo(), Session(QUICK)
    for seconds in (QUICK, 40 * LONG_SECONDS, QUICK, 40 * LONG_SECONDS):
        tempo.stepped({session: 1}, seconds)  # type: ignore[dict-item]
        assert not tempo.long(session)  # type: ignore[arg-type]


# With runs


def session_of(batch: int = 32) -> tuple[LiveRuns, Want]:
    run = Run.of(first(DATA).where({"optimiser.batch_size": batch, "epochs": 100}))
    order = run.order(train=True, evaluate=True)
    runs = LiveRuns(DATA)
    runs.prepare({"A": order})
    return runs, Want({"A": order}, 3)


class Hand:
    """A clock that goes on by so much at each look."""

    def __init__(self, seconds: float) -> None:
        self.now, self.seconds = 0.0, seconds

    def __call__(self) -> float:
        self.now += self.seconds
        return self.now


def test_runs_that_train_are_judged_for_no_more_than_a_share_of_the_time() -> None:
    hand = Hand(1.0)
    tempo = Tempo(hand)
    runs, want = session_of()
    judged = []
    for _ in range(40):
        report = tick({runs: want}, 0.0, tempo)[runs]
        assert isinstance(report, ProgressReport)
        judged.append(report.progress["A"].evaluation is not None)
    assert sum(judged) > 5
    assert sum(judged) / hand.now <= LONG_SHARE  # each takes a second of that clock


def test_runs_that_pause_are_judged_at_once() -> None:
    tempo = Tempo(Hand(1.0))
    runs, want = session_of()
    tick({runs: want}, 0.0, tempo)
    still = Want({"A": replace(want.orders["A"], train=False)}, 0)
    for _ in range(3):
        report = tick({runs: still}, 0.0, tempo)[runs]
        assert isinstance(report, ProgressReport)
        assert report.progress["A"].evaluation is not None


def test_who_trains_alone_and_waits_for_it_is_judged_whenever_it_asks() -> None:
    runs, want = session_of()
    for _ in range(5):
        report = runs.advance(want.orders, 60.0, 1)
        assert report.progress["A"].evaluation is not None
