"""One call at a time to a worker, for all sessions."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

import pytest

from lossviz.compute.conductor import SLICE_SECONDS, TURN_SECONDS, Conductor
from lossviz.compute.crew import Ask, Heard
from lossviz.experiments.runs.progress import ProgressReport, Want
from tests.support.waiting import wait_until

NOTHING = Ask(Want({}, 1))
Answer = Callable[[Mapping[str, Ask]], dict[str, Heard]]


def everybody(asks: Mapping[str, Ask]) -> dict[str, Heard]:
    return {name: Heard(ProgressReport({}, None)) for name in asks}


class Worker:
    """Answers as it is told to, and remembers who was asked about together."""

    address = "here"

    def __init__(self, answer: Answer = everybody) -> None:
        self.lost = self.outgrown = False
        self.calls: list[set[str]] = []
        self.seconds: list[float] = []
        self._answer = answer

    def tick(self, asks: Mapping[str, Ask], seconds: float) -> Worker:
        self.calls.append(set(asks))
        self.seconds.append(seconds)
        self._asks = asks
        return self

    def result(self, timeout: float | None = None) -> dict[str, Heard]:
        return self._answer(self._asks)


class Player:
    """Wants something so many times."""

    training = hurried = pressed = False
    size = 1.0

    def __init__(self, name: str, times: int = 1) -> None:
        self.name, self.times = name, times
        self.heard = self.losses = 0
        self.loss = ""
        self.place = -1
        self.wants = NOTHING

    def stand(self, place: int, training: int) -> None:
        self.place = place

    def wait(self, seconds: float) -> None:
        self.waited = seconds

    def ask(self, turn_seconds: float) -> Ask | None:
        if not self.times:
            return None
        self.times -= 1
        return self.wants

    def hear(self, heard: Heard) -> None:
        self.heard += 1

    def lose(self, loss: str) -> None:
        self.losses += 1
        self.loss = loss


@pytest.fixture
def conductor() -> Conductor:
    return Conductor("here")


def test_those_who_wait_are_called_for_together(conductor: Conductor) -> None:
    open_door = threading.Event()

    def answer(asks: Mapping[str, Ask]) -> dict[str, Heard]:
        open_door.wait(10)
        return everybody(asks)

    worker, players = Worker(answer), [Player(name, 2) for name in "abc"]
    for player in players:
        conductor.add(player, worker)
    open_door.set()
    wait_until(lambda: all(not player.times for player in players), conductor.wake)
    wait_until(lambda: all(player.heard == 2 for player in players))
    assert {"a", "b", "c"} in worker.calls
    assert conductor.calls == len(worker.calls) < 6


def test_a_worker_that_is_gone_is_lost_to_all_and_they_are_called_for_no_more(
    conductor: Conductor,
) -> None:
    def gone(_: Mapping[str, Ask]) -> dict[str, Heard]:
        worker.lost = True
        raise OSError("Unable to contact Actor's worker")

    worker, players = Worker(gone), [Player(name, 5) for name in "ab"]
    for player in players:
        conductor.add(player, worker)
    wait_until(lambda: all(player.losses == 1 for player in players), conductor.wake)
    assert conductor.names == ()


@pytest.mark.parametrize(
    ("steps", "seconds"), [((1, 1, 2), SLICE_SECONDS), ((1, 1, 900), TURN_SECONDS)]
)
def test_who_wants_many_steps_keeps_nobody_waiting_who_wants_few(
    conductor: Conductor, steps: tuple[int, ...], seconds: float
) -> None:
    open_door = threading.Event()

    def answer(asks: Mapping[str, Ask]) -> dict[str, Heard]:
        open_door.wait(10)
        return everybody(asks)

    worker, players = Worker(answer), [Player(str(each), 3) for each in range(len(steps))]
    for player, each in zip(players, steps, strict=True):
        player.wants = Ask(Want({}, each))
        conductor.add(player, worker)
    open_door.set()
    wait_until(lambda: all(player.heard == 3 for player in players), conductor.wake)
    together = [worker.seconds[k] for k, call in enumerate(worker.calls) if len(call) == len(steps)]
    assert set(together) == {seconds}


def test_one_session_s_fault_is_no_other_s_business(conductor: Conductor) -> None:
    def answer(asks: Mapping[str, Ask]) -> dict[str, Heard]:
        if "bad" in asks:
            raise ZeroDivisionError
        return everybody(asks)

    worker, good, bad = Worker(answer), Player("good", 3), Player("bad", 3)
    conductor.add(good, worker)
    conductor.add(bad, worker)
    wait_until(lambda: good.heard == 3 and bad.losses == 1, conductor.wake)
    assert not good.losses


def test_who_cannot_say_what_it_wants_keeps_nobody_from_it(conductor: Conductor) -> None:
    class Broken(Player):
        def ask(self, turn_seconds: float) -> Ask | None:
            raise ZeroDivisionError

    worker, player, broken = Worker(), Player("a", 3), Broken("b")
    conductor.add(broken, worker)
    conductor.add(player, worker)
    wait_until(lambda: player.heard == 3, conductor.wake)


def test_a_slow_worker_is_waited_for(conductor: Conductor) -> None:
    tries = [0]

    def slow(asks: Mapping[str, Ask]) -> dict[str, Heard]:
        tries[0] += 1
        if tries[0] < 4:
            raise TimeoutError
        return everybody(asks)

    worker, player = Worker(slow), Player("a")
    conductor.add(player, worker)
    wait_until(lambda: player.heard == 1)
    assert not player.losses
    assert worker.calls == [{"a"}]


def test_in_a_crowd_who_moves_a_weight_waits_for_no_round(conductor: Conductor) -> None:
    def answer(asks: Mapping[str, Ask]) -> dict[str, Heard]:
        time.sleep(0.01 * len(asks))
        return everybody(asks)

    class Hasty(Player):
        def ask(self, turn_seconds: float) -> Ask | None:
            self.pressed = False
            return super().ask(turn_seconds)

    worker, crowd, hasty = (
        Worker(answer),
        [Player(str(k), 10**9) for k in range(30)],
        Hasty("me", 0),
    )
    for player in (*crowd, hasty):
        player.training = True
        conductor.add(player, worker)
    wait_until(lambda: all(player.heard > 2 for player in crowd))
    before = len(worker.calls)
    hasty.times, hasty.pressed = 1, True
    wait_until(lambda: hasty.heard)
    first = next(k for k, call in enumerate(worker.calls) if "me" in call)
    assert first - before <= 1, "the next call, or the one that was being made"
    wait_until(lambda: len(worker.calls) > before + 20)
    conductor.close()
    late = worker.calls[before : before + 20]
    assert max(map(len, late)) < 15, "they take turns"
    turns = [sum(player.name in call for call in late) for player in crowd]
    assert max(turns) - min(turns) <= 2, "evenly"


def test_a_full_house_lets_in_who_waited_longest_once_somebody_is_done() -> None:
    conductor, worker = Conductor("here", room=2), Worker()
    players = [Player(name, 10**9) for name in "abcd"]
    for player in players:
        player.training = True
        conductor.add(player, worker)
    wait_until(lambda: [player.place for player in players] == [0, 0, 1, 2])
    assert players[0].heard and not players[2].heard
    players[0].training = False
    wait_until(lambda: [player.place for player in players] == [0, 0, 0, 1])
    wait_until(lambda: players[2].heard)
    conductor.close()


def test_its_thread_ends_with_its_last_session(conductor: Conductor) -> None:
    def served() -> None:
        player = Player("a")
        conductor.add(player, Worker())
        wait_until(lambda: player.heard == 1)

    served()
    conductor.wake()
    wait_until(lambda: conductor._thread is None)


def test_of_those_whose_worker_took_too_much_memory_the_largest_is_told_so(
    conductor: Conductor,
) -> None:
    def gone(asks: Mapping[str, Ask]) -> dict[str, Heard]:
        if len(asks) < 3:
            return everybody(asks)
        worker.lost = worker.outgrown = True
        raise OSError("Unable to contact Actor's worker")

    worker, players = Worker(gone), [Player(name, 10**9) for name in "abc"]
    for size, player in enumerate(players):
        player.size = float(size % 2)
        conductor.add(player, worker)
    wait_until(lambda: all(player.losses == 1 for player in players), conductor.wake)
    assert [player.loss for player in players] == ["outgrown", "largest", "outgrown"]


def test_it_is_known_since_when_an_answer_is_waited_for(conductor: Conductor) -> None:
    waits, door = threading.Event(), threading.Event()

    def answer(asks: Mapping[str, Ask]) -> dict[str, Heard]:
        waits.set()
        door.wait(10)
        return everybody(asks)

    before, player = time.monotonic(), Player("a")
    conductor.add(player, Worker(answer))
    assert waits.wait(10)
    assert before <= conductor.since <= time.monotonic()
    door.set()
    wait_until(lambda: conductor.since > time.monotonic())
