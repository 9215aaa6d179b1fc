"""A step of each of ninety live runs, thirty sessions of three, beside those of one session."""

from __future__ import annotations

import gc
import statistics
from dataclasses import replace
from time import process_time
from weakref import WeakValueDictionary

from lossviz.data import load_sample
from lossviz.engine.features import Alive
from lossviz.engine.live import LiveRuns, tick
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.progress import Order, ProgressReport, Want
from lossviz.experiments.weights import Weights

FEELINGS = load_sample("feelings")[2]
FORMULATIONS = {"A": "marginals", "B": "components", "C": "hybrid"}
STEPS, TURNS = 10, 7


def wants(sessions: int, seeds: int) -> dict[LiveRuns, Want]:
    """So many seeds of the split and the order; where they are the same, so are the batches."""
    found = {}
    alive: Alive = WeakValueDictionary()
    for seed in (session % seeds for session in range(sessions)):
        orders = {}
        for letter, formulation in FORMULATIONS.items():
            own = Experiment.for_dataset(
                FEELINGS, formulation=formulation, epochs=1000, seed=seed, split={"seed": seed}
            )
            orders[letter] = Order(letter, own, Weights.of(own))
        runs = LiveRuns(FEELINGS, alive)
        runs.prepare(orders)
        found[runs] = Want(orders, STEPS)
    tick(found, 600.0)
    return found


def milliseconds(wanted: dict[LiveRuns, Want]) -> float:
    """CPU of a run's step, its recorded point among it: here every step has one."""
    started = process_time()
    outcomes = tick(wanted, 600.0)
    spent = process_time() - started
    for session, want in wanted.items():
        report = outcomes[session]
        assert isinstance(report, ProgressReport)
        known = {letter: own.known + len(own.curve) for letter, own in report.progress.items()}
        orders = {letter: replace(own, known=known[letter]) for letter, own in want.orders.items()}
        wanted[session] = replace(want, orders=orders)
    return 1000 * spent / (STEPS * len(FORMULATIONS) * len(wanted))


def test_thirty_sessions_step_together_in_a_quarter_of_the_time_and_alike_in_a_sixth(
    report: dict[str, object],
) -> None:
    measured = {
        "90 runs, each session at batches of its own": wants(30, 30),
        "90 runs at the same batches": wants(30, 1),
        "3 runs": wants(1, 1),
    }
    gc.freeze()  # as a worker does
    turns = [{name: milliseconds(those) for name, those in measured.items()} for _ in range(TURNS)]
    gc.unfreeze()
    apart, alike, single = measured
    report["live runs: ms of CPU for a run's step"] = {
        name: round(min(turn[name] for turn in turns), 3) for name in measured
    }
    ratios = [
        statistics.median(turn[name] / turn[single] for turn in turns) for name in (apart, alike)
    ]
    assert ratios[0] < 1 / 4, turns
    assert ratios[1] < 1 / 6, turns
