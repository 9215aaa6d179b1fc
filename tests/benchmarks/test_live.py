"""A step of each of ninety live runs, thirty sessions of three, beside those of one session."""

from __future__ import annotations

import gc
import statistics
from dataclasses import replace
from time import process_time

from lossviz.data import load_sample
from lossviz.engine.live import LiveRuns, tick
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.progress import Order, ProgressReport, Want
from lossviz.experiments.weights import Weights

FEELINGS = load_sample("feelings")[2]
FORMULATIONS = {"A": "marginals", "B": "components", "C": "hybrid"}
STEPS, TURNS = 10, 7


def wants(sessions: int) -> dict[LiveRuns, Want]:
    """Each with a split of its own, so that nobody shares a batch."""
    found = {}
    for seed in range(sessions):
        orders = {}
        for letter, formulation in FORMULATIONS.items():
            own = Experiment.for_dataset(
                FEELINGS, formulation=formulation, epochs=1000, seed=seed, split={"seed": seed}
            )
            orders[letter] = Order(letter, own, Weights.of(own))
        runs = LiveRuns(FEELINGS)
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


def test_thirty_sessions_step_together_in_a_third_of_the_time(report: dict[str, object]) -> None:
    crowd, single = wants(30), wants(1)
    gc.freeze()  # as a worker does
    pairs = [(milliseconds(crowd), milliseconds(single)) for _ in range(TURNS)]
    gc.unfreeze()
    ratio = statistics.median(ours / alone for ours, alone in pairs)
    report["live runs"] = {
        "ms of CPU for a run's step, 90 runs": round(min(own for own, _ in pairs), 3),
        "ms of CPU for a run's step, 3 runs": round(min(own for _, own in pairs), 3),
        "ratio": round(ratio, 3),
    }
    assert ratio < 1 / 3, report["live runs"]
