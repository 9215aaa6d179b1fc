"""Live runs of many sessions in one worker: each has the numbers that it has alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.utils._python_dispatch import TorchDispatchMode

from lossviz.engine.features import Alive
from lossviz.engine.live import LiveRuns, Outcome, tick
from lossviz.engine.tempo import EVEN
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.progress import Order, Progress, ProgressReport, Want
from lossviz.experiments.weights import Weights
from tests.support.examples import examples
from tests.support.factories import dataset

LONG = 60.0
"""Seconds that no call here needs."""
DATA = (dataset(97), dataset(61, seed=9), dataset(75, seed=2))
SESSIONS: tuple[tuple[int, dict[str, Any]], ...] = (
    (0, {"seed": 0}),
    (0, {"seed": 0, "component_weights": (4.0, 1.0)}),  # the very batches of the first
    (1, {"seed": 1, "split": {"seed": 3, "validation": 0.2}, "patience": 1}),
    (2, {"seed": 2, "weighting": "uncertainty"}),
    (0, {"seed": 3, "model": {"kind": "hidden", "width": 4, "dropout": 0.4}}),
    (2, {"seed": 4, "optimiser": {"name": "adam", "learning_rate": 0.01, "batch_size": 7}}),
    (
        1,
        {
            "optimiser": {"name": "sgd", "learning_rate": 1000.0},
            "model": {"kind": "hidden", "width": 4},
            "component_weights": (1000.0, 1000.0),
        },
    ),
)
WILD = len(SESSIONS) - 1
"""It diverges at its second step; to what losses nobody can say."""
LETTERS = ("A", "B")
FORMULATIONS = ("marginals", "hybrid")


@dataclass
class Session:
    """What a browser would want, and two workers that do it: one with all others, one for it."""

    place: int
    together: LiveRuns
    alone: LiveRuns
    orders: dict[str, Order]

    @classmethod
    def of(cls, place: int) -> Session:
        which, fields = SESSIONS[place]
        data = DATA[which]
        orders = {}
        for letter, formulation in zip(LETTERS, FORMULATIONS, strict=True):
            own = Experiment.for_dataset(
                data, **{"epochs": 3, "formulation": formulation, **fields}
            )
            orders[letter] = Order(f"{letter}0", own, Weights.of(own))
        return cls(place, LiveRuns(data), LiveRuns(data), orders)

    def act(self, event: str, letter: str, weight: float) -> None:
        order = self.orders[letter]
        if event == "pause":
            order = replace(order, train=not order.train)
        elif event == "reset":
            order = replace(order, run_id=order.run_id + "'")
        elif event == "move":
            order = replace(order, weights=order.weights.moved(0, weight))
        self.orders[letter] = order


MOMENTS = st.tuples(
    st.sets(st.integers(0, len(SESSIONS) - 1), min_size=1),
    st.lists(
        st.tuples(
            st.integers(0, len(SESSIONS) - 1),
            st.sampled_from(["pause", "reset", "move"]),
            st.sampled_from(LETTERS),
            st.floats(0.1, 10.0),
        ),
        max_size=3,
    ),
    st.lists(st.integers(0, 4), min_size=len(SESSIONS), max_size=len(SESSIONS)),
)
"""Who asks, what is done before, and for how many steps each asks."""


@given(st.lists(MOMENTS, min_size=3, max_size=8))
@examples(8)
def test_whoever_else_is_there_and_whatever_they_do_a_run_has_the_numbers_it_has_alone(
    moments: Sequence[tuple[set[int], list[tuple[int, str, str, float]], list[int]]],
) -> None:
    sessions = [Session.of(place) for place in range(len(SESSIONS))]
    everybody = set(range(len(SESSIONS)))
    last = (everybody, [], [9] * len(SESSIONS))
    for present, events, steps in (*moments, last):
        for place, *event in events:
            sessions[place].act(*event)
        wants = {
            sessions[place].together: Want(dict(sessions[place].orders), steps[place])
            for place in present
        }
        outcomes = together(wants)
        for place in present:
            own = sessions[place]
            expected = own.alone.advance(dict(own.orders), LONG, steps[place])
            found = outcomes[own.together]
            assert isinstance(found, ProgressReport)
            for letter, progress in found.progress.items():
                if place != WILD:
                    the_same(progress, expected.progress[letter])
                assert progress.state == expected.progress[letter].state
    for own in sessions[:WILD]:
        for letter in LETTERS:
            one, other = (weights_of(runs, letter) for runs in (own.together, own.alone))
            for name, weight in other.items():
                torch.testing.assert_close(one[name], weight, rtol=1e-5, atol=1e-5)


def the_same(one: Progress, other: Progress) -> None:
    assert (one.state, one.step, one.kept, one.changes) == (
        other.state,
        other.step,
        other.kept,
        other.changes,
    )
    np.testing.assert_array_equal(one.curve.steps, other.curve.steps)
    np.testing.assert_allclose(one.curve.weights, other.curve.weights, rtol=1e-5, atol=1e-5)
    for side in ("train", "validation"):
        mine, its = getattr(one.curve, side), getattr(other.curve, side)
        assert mine.keys() == its.keys()
        for part, losses in its.items():
            np.testing.assert_allclose(mine[part], losses, rtol=1e-5, atol=1e-5)


def weights_of(runs: LiveRuns, letter: str) -> dict[str, torch.Tensor]:
    return runs._runs[letter].trainer.model.weights()


def orders(data: int = 0, **fields: Any) -> dict[str, Order]:
    """Three runs, as most sessions have them."""
    found = {}
    for letter, formulation in zip("ABC", ("marginals", "components", "joint"), strict=True):
        own = Experiment.for_dataset(DATA[data], formulation=formulation, epochs=50, **fields)
        found[letter] = Order(letter, own, Weights.of(own))
    return found


def reports(outcomes: Mapping[LiveRuns, object]) -> list[ProgressReport]:
    found = [*outcomes.values()]
    assert all(isinstance(report, ProgressReport) for report in found)
    return found  # type: ignore[return-value]


def together(wants: Mapping[LiveRuns, Want], seconds: float = LONG) -> dict[LiveRuns, Outcome]:
    """A tick, once all texts are encoded."""
    for runs, want in wants.items():
        with suppress(LossVizError):  # the tick says it
            runs.prepare(want.orders)
    return tick(wants, seconds, EVEN)


def test_each_session_takes_as_many_steps_as_it_asks_for() -> None:
    wants = {LiveRuns(DATA[0]): Want(orders(), steps) for steps in (0, 2, 7)}
    found = reports(together(wants))
    assert [[own.step for own in report.progress.values()] for report in found] == [
        [steps] * 3 for steps in (0, 2, 7)
    ]


def test_time_that_is_over_ends_it_evenly_and_nobody_is_left_out() -> None:
    wants = {LiveRuns(DATA[place % 3]): Want(orders(place % 3), 100) for place in range(5)}
    for turn in range(1, 4):
        found = reports(together(wants, 0.0))
        assert {own.step for report in found for own in report.progress.values()} == {turn}


def test_what_one_session_cannot_have_is_said_to_it_alone() -> None:
    data = replace(DATA[0], texts=("",) * len(DATA[0]), digest="nothing")
    empty, fine = LiveRuns(data), LiveRuns(DATA[0])
    outcomes = together({empty: Want(orders(), 3), fine: Want(orders(), 3)})
    assert isinstance(outcomes[empty], LossVizError)
    (report,) = reports({fine: outcomes[fine]})
    assert report.progress["A"].step == 3


def test_lost_runs_of_several_sessions_catch_up_and_then_go_on() -> None:
    late = {letter: replace(order, resume=5) for letter, order in orders().items()}
    wants = {LiveRuns(DATA[0]): Want(late, 2), LiveRuns(DATA[1]): Want(orders(1), 2)}
    lost, other = reports(together(wants))
    assert [own.step for own in lost.progress.values()] == [7, 7, 7]
    assert [own.step for own in other.progress.values()] == [2, 2, 2]


def test_sessions_on_the_same_data_share_them_and_their_batches() -> None:
    alive: Alive = WeakValueDictionary()
    pair = [LiveRuns(DATA[0], alive) for _ in range(2)]
    together({runs: Want(orders(), 2) for runs in pair})
    first, second = (runs._runs["A"].trainer for runs in pair)
    assert first.data is second.data
    assert first.draw() is second.draw()


class Counting(TorchDispatchMode):
    """How often torch is asked to do something."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: Counter[str] = Counter()

    def __torch_dispatch__(
        self, function: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        self.calls[str(function)] += 1
        return function(*args, **(kwargs or {}))


def calls_for_a_run_s_step(sessions: int, **fields: Any) -> float:
    """With three runs in each session, all at another batch, where every step records a point."""
    wants = {
        LiveRuns(DATA[place % 3]): Want(orders(place % 3, seed=place, **fields), 4)
        for place in range(sessions)
    }
    together(wants)
    with Counting() as counting:
        together(wants)
    return sum(counting.calls.values()) / (4 * 3 * sessions)


def test_thirty_sessions_ask_torch_for_a_sixth_of_what_they_ask_one_by_one() -> None:
    alone, crowd = calls_for_a_run_s_step(1), calls_for_a_run_s_step(30)
    assert crowd < min(alone / 6, 20)
    hidden = {"model": {"kind": "hidden", "width": 4}}
    assert calls_for_a_run_s_step(30, **hidden) < calls_for_a_run_s_step(1, **hidden) / 6
