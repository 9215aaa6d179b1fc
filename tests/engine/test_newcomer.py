"""A new run whose texts have to be encoded: nobody else waits for it."""

from __future__ import annotations

import gc
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
import pytest
import torch

from lossviz.data import Dataset
from lossviz.engine import features
from lossviz.engine.features import Alive
from lossviz.engine.live import LiveRuns, tick
from lossviz.engine.tempo import EVEN
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.progress import Order, ProgressReport, Want
from lossviz.experiments.weights import Weights
from tests.support.factories import dataset

LONG = 60.0
"""Seconds that no call here needs."""
SMALL, LARGE = dataset(61, seed=9), dataset(97)


class Slow:
    """Encoding takes its time where it is the large data set's."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.calls: Counter[str] = Counter()
        encode = features.encode_split

        def encoded(data: Dataset, *rest: Any) -> features.EncodedSplit:
            self.calls[data.digest] += 1
            if data is LARGE:
                self.begun.set()
                assert self.go_on.wait(LONG)
            return encode(data, *rest)

        monkeypatch.setattr(features, "encode_split", encoded)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    slow = Slow(monkeypatch)
    yield slow
    slow.go_on.set()


def want(data: Dataset, steps: int = 3, run_id: str = "", **fields: Any) -> Want:
    orders = {}
    for letter, formulation in zip("AB", ("marginals", "joint"), strict=True):
        own = Experiment.for_dataset(data, formulation=formulation, **fields)
        orders[letter] = Order(run_id + letter, own, Weights.of(own))
    return Want(orders, steps)


def steps_of(outcome: object) -> list[int]:
    assert isinstance(outcome, ProgressReport)
    return [progress.step for progress in outcome.progress.values()]


def test_nobody_waits_for_a_run_whose_texts_are_encoded_and_it_joins_later(slow: Slow) -> None:
    waiting, going, alone = LiveRuns(LARGE), LiveRuns(SMALL), LiveRuns(LARGE)
    going.prepare(want(SMALL).orders)
    asked = replace(want(LARGE), sentence="wept joy heart")
    wants = {waiting: asked, going: want(SMALL)}
    for turn in range(1, 4):
        outcomes = tick(wants, LONG, EVEN)
        assert steps_of(outcomes[going]) == [3 * turn] * 2
        report = outcomes[waiting]
        assert steps_of(report) == [0, 0]
        assert isinstance(report, ProgressReport)
        assert report.answers is None
        for progress in report.progress.values():
            assert (progress.state, progress.total_steps, len(progress.curve)) == ("ready", 0, 0)
    slow.go_on.set()
    waiting.prepare(wants[waiting].orders)
    found = tick(wants, LONG, EVEN)[waiting]
    expected = alone.advance(asked.orders, LONG, 3, asked.sentence)
    assert steps_of(found) == steps_of(expected) == [3, 3]
    assert isinstance(found, ProgressReport)
    assert found.answers is not None
    for letter, progress in expected.progress.items():
        one, other = (runs._runs[letter].trainer.model.table for runs in (waiting, alone))
        assert torch.equal(one, other)
        np.testing.assert_array_equal(
            found.progress[letter].curve.validation["total"], progress.curve.validation["total"]
        )


def test_weights_that_move_meanwhile_act_from_the_first_step(slow: Slow) -> None:
    waiting, alone = LiveRuns(LARGE), LiveRuns(LARGE)
    first = want(LARGE)
    tick({waiting: first}, LONG, EVEN)
    weights = Weights((5.0, 0.5, 1.0))
    orders = {letter: replace(order, weights=weights) for letter, order in first.orders.items()}
    slow.go_on.set()
    waiting.prepare(orders)
    found, expected = waiting.advance(orders, LONG, 2), alone.advance(orders, LONG, 2)
    for letter, progress in expected.progress.items():
        assert found.progress[letter].changes == progress.changes
        one, other = (runs._runs[letter].trainer.model.table for runs in (waiting, alone))
        assert torch.equal(one, other)


def test_what_cannot_be_encoded_is_said_to_that_session_alone_and_not_tried_again(
    slow: Slow,
) -> None:
    short = tuple(f"{row // 10} {row % 10}" for row in range(len(SMALL)))
    empty = replace(SMALL, texts=short, digest="nothing")
    wrong, going = LiveRuns(empty), LiveRuns(SMALL)
    going.prepare(want(SMALL).orders)
    wants = {wrong: want(empty), going: want(SMALL)}
    with pytest.raises(LossVizError, match="no words"):
        wrong.prepare(wants[wrong].orders)
    assert slow.calls["nothing"] == len(wants[wrong].orders)
    for turn in range(1, 3):
        outcomes = tick(wants, LONG, EVEN)
        assert isinstance(outcomes[wrong], LossVizError)
        assert steps_of(outcomes[going]) == [3 * turn] * 2
    assert slow.calls["nothing"] == len(wants[wrong].orders)


def test_a_session_that_leaves_leaves_nothing_behind(slow: Slow) -> None:
    alive: Alive = WeakValueDictionary()
    leaving, queued, staying = (LiveRuns(data, alive) for data in (LARGE, SMALL, SMALL))
    wants = {leaving: want(LARGE), queued: want(SMALL, seed=5, split={"seed": 5})}
    tick(wants, LONG, EVEN)
    assert slow.begun.wait(LONG)
    wants.clear()
    del leaving, queued  # one while its texts are encoded, one before
    slow.go_on.set()
    staying.prepare(want(SMALL).orders)  # behind them in the queue
    gc.collect()
    assert slow.calls[SMALL.digest] == 1
    assert len(alive) == 1


def test_other_settings_meanwhile_are_those_that_come(slow: Slow) -> None:
    alive: Alive = WeakValueDictionary()
    runs = LiveRuns(LARGE, alive)
    tick({runs: want(LARGE)}, LONG, EVEN)
    assert slow.begun.wait(LONG)
    other = want(LARGE, run_id="other", split={"seed": 3})
    tick({runs: other}, LONG, EVEN)
    slow.go_on.set()
    runs.prepare(other.orders)
    assert steps_of(tick({runs: other}, LONG, EVEN)[runs]) == [3, 3]
    gc.collect()
    (data,) = alive.values()
    assert all(run.trainer.data is data for run in runs._runs.values())


def test_settings_that_cannot_be_had_are_not_tried_again_in_the_place_of_others_either() -> None:
    short = replace(SMALL, texts=tuple(text[-9:] for text in SMALL.texts), digest="short")
    runs = LiveRuns(short)
    runs.prepare(want(short).orders)
    wrong = want(short, run_id="wrong", features={"shortest": 6, "longest": 6})
    with pytest.raises(LossVizError, match="no words"):
        runs.prepare(wrong.orders)
    before = dict(runs._ordered)
    assert isinstance(tick({runs: wrong}, LONG, EVEN)[runs], LossVizError)
    assert runs._ordered == before
    assert steps_of(runs.advance(want(short, run_id="right").orders, LONG, 2)) == [2, 2]
