"""A closer look: once for all who look, given up when nobody does."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

import numpy as np

from lossviz.compute import closer_look as module
from lossviz.compute.closer_look import CloserLook, Looks, seconds_of
from lossviz.compute.connection import WorkerLost
from lossviz.compute.workers import InProcess
from lossviz.data import Dataset, load_sample
from lossviz.errors import LossVizError

DATASET: Dataset = load_sample("feelings")[2]


class Visitor:
    """Somebody who looks."""


class Held:
    """A task that is done when the test says so."""

    def __init__(self, call: Callable[[], object]) -> None:
        self.call, self.done, self.cancelled = call, False, False

    def result(self, timeout: float = 0.0) -> object:
        return self.call()

    def cancel(self) -> None:
        self.cancelled = True


class Workers:
    """Hands out nothing before it is told to."""

    lanes = 1

    def __init__(self, call: Callable[[], object] = lambda: None) -> None:
        self.call, self.tasks, self.lent = call, [], 0

    def lend(self, value: object) -> Future[object]:
        self.lent += 1
        own: Future[object] = Future()
        own.set_result(value)
        return own

    def submit(self, function: object, *arguments: object, priority: int) -> Held:
        self.tasks.append(Held(self.call))
        return self.tasks[-1]


def lost() -> object:
    raise WorkerLost("gone")


def odd() -> object:
    raise LossVizError("The texts are odd. Choose others.")


def test_it_ends_with_both_results_and_asks_for_each_once() -> None:
    look, who = CloserLook(InProcess(), DATASET), Visitor()
    look.tick()
    assert not look.busy(who) and look.near is None  # nobody looks yet
    look.start(who)
    assert look.busy(who)
    while look.busy(who):
        look.tick()
    assert look.complete
    assert look.near is not None and look.near.texts > 1000
    assert look.hardness is not None and len(look.hardness.targets) == 3
    before = look.near
    look.start(who)
    look.tick()
    assert look.near is before


def test_two_who_look_at_the_same_share_the_work_and_other_data_have_their_own() -> None:
    workers = Workers()
    looks = Looks(workers)
    one, other = Visitor(), Visitor()
    look = looks.of(DATASET)
    assert looks.of(replace(DATASET, name="renamed")) is look
    assert looks.of(replace(DATASET, rows=DATASET.rows + 1)) is not look
    for who in (one, other):
        look.start(who)
        look.tick()
    assert len(workers.tasks) == 2 and workers.lent == 1
    look.stop(one)
    assert look.declined(one) and not look.busy(one) and look.busy(other)
    assert not any(task.cancelled for task in workers.tasks)
    look.stop(other)
    assert all(task.cancelled for task in workers.tasks)
    look.start(one)
    assert not look.declined(one)
    look.tick()
    assert len(workers.tasks) == 4


def test_who_is_gone_looks_no_more() -> None:
    workers = Workers()
    look, who = CloserLook(workers, DATASET), Visitor()
    look.start(who)
    del who
    gc.collect()
    look.tick()
    assert workers.tasks == []


def test_data_that_nobody_has_any_more_are_let_go() -> None:
    workers = Workers()
    looks, who = Looks(workers), Visitor()
    dataset = replace(DATASET, digest="own")
    look, alike = looks.of(dataset), replace(dataset)
    gone = weakref.ref(dataset)
    look.start(who)
    del dataset
    gc.collect()
    assert gone() is None
    look.tick()
    assert workers.lent == 0
    assert looks.of(alike) is look
    look.tick()
    assert workers.lent == 1


def test_what_goes_wrong_is_said_and_can_be_tried_again() -> None:
    for call, words in ((lost, "was lost"), (odd, "The texts are odd.")):
        workers = Workers(call)
        look, who = CloserLook(workers, DATASET), Visitor()
        look.start(who)
        look.tick()
        workers.tasks[0].done = True
        look.tick()
        assert words in look.problem
        assert not look.busy(who)
        assert workers.tasks[1].cancelled
        look.start(who)
        assert look.problem == "" and look.busy(who)


def test_a_task_that_was_given_up_is_asked_for_again() -> None:
    workers = Workers(lambda: None)
    look, who = CloserLook(workers, DATASET), Visitor()
    look.start(who)
    look.tick()
    workers.tasks[0].done = True
    look.tick()
    look.tick()
    assert len(workers.tasks) == 3


def test_the_look_that_was_used_longest_ago_gives_way(monkeypatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 2)
    looks = Looks(Workers())
    sets = [replace(DATASET, digest=str(k)) for k in range(3)]
    first, second = looks.of(sets[0]), looks.of(sets[1])
    assert looks.of(sets[0]) is first
    looks.of(sets[2])
    assert looks.of(sets[0]) is first
    assert looks.of(sets[1]) is not second


def test_the_time_grows_with_the_data_up_to_a_bound() -> None:
    twice = replace(DATASET, texts=DATASET.texts * 2, codes=np.concatenate([DATASET.codes] * 2))
    huge = replace(DATASET, texts=DATASET.texts * 500)
    assert seconds_of(DATASET) < seconds_of(twice) < seconds_of(huge) < 15
