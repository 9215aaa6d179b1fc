"""A small grid on a small data set, and workers that answer in any order."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import Future as PoolFuture
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from lossviz.compute.campaigns import Sweep
from lossviz.compute.turns import Claim, Turns, Visitor
from lossviz.data import Dataset
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.sweep import plan as sweep_plan
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.plan import SweepPlan
from lossviz.experiments.sweep.result import SweepResult
from tests.support.factories import dataset
from tests.support.waiting import wait_until

DATA = dataset(300, seed=21)
GRID = Grid(2, steps=3, kind="map")
SEEDS = (0, 4)
HIDDEN = {"kind": "hidden", "width": 4}
"""Seconds until a test gives up waiting."""


def made(data: Dataset = DATA, **fields: Any) -> Experiment:
    return Experiment.for_dataset(data, **{"epochs": 3, **fields})


def plan_of(experiment: Experiment | None = None, **fields: Any) -> SweepPlan:
    return replace(SweepPlan(experiment or made(), GRID, SEEDS), **fields)


def in_small_blocks(patch: pytest.MonkeyPatch) -> None:
    """Two points in each: five blocks for a seed."""
    patch.setattr(sweep_plan, "BLOCK_SECONDS", 0.0)
    patch.setattr(sweep_plan, "LEAST_COLUMNS", 8)


def identical(first: SweepResult, second: SweepResult) -> None:
    for name in ("errors", "learnt", "rows"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name), err_msg=name)
    for name in ("predicted", "true"):
        mine, its = getattr(first, name), getattr(second, name)
        assert mine.keys() == its.keys()
        for key, labels in mine.items():
            np.testing.assert_array_equal(labels, its[key])
    assert first.guesses == second.guesses
    assert first.messages == second.messages
    assert first.answers.keys() == second.answers.keys()
    for j, logits in first.answers.items():
        np.testing.assert_allclose(logits, second.answers[j], atol=1e-5)


class Reordering:
    """Stands for the workers: every task is done at once, but they are ready in any order.

    :attr:`asked` are the members and the seed of each task that was handed out.
    """

    lanes = 3

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.asked: list[tuple[int, tuple[Any, ...]]] = []

    def claim(self, rest: Callable[[], None]) -> Claim:
        return Turns().claim(Visitor(), rest)

    def lend(self, value: object) -> PoolFuture[object]:
        own: PoolFuture[object] = PoolFuture()
        own.set_result(value)
        return own

    def submit(self, function: Callable[..., Any], *arguments: Any, priority: int) -> Any:
        assert priority < 0, "before the small questions of other pages"
        _, experiment, members = arguments
        self.asked.append((experiment.seed, members))
        return Answer(lambda: function(*arguments), self._random)


@dataclass
class Answer:
    call: Callable[[], Any]
    order: random.Random
    cancelled: bool = False

    @property
    def done(self) -> bool:
        return self.order.random() < 0.3

    def result(self, timeout: float = 0.0) -> Any:
        assert not self.cancelled
        return self.call()

    def cancel(self) -> None:
        self.cancelled = True


def run_until(own: Sweep, done: Callable[[], bool]) -> None:
    wait_until(done, own.tick, pause=0.002, told=lambda: own.notice)
