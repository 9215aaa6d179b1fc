"""The compute tier with real worker processes."""

from __future__ import annotations

import gc
import os
import signal
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from lossviz.compute import cluster
from lossviz.compute.cluster import Compute
from lossviz.compute.connection import Connection, WorkerLost
from lossviz.compute.lab import Lab
from lossviz.compute.tasks import engine
from lossviz.engine.fit import fit
from lossviz.engine.landscape.surfaces import output_surface
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.surfaces.surface import OutputPlane
from lossviz.experiments.weights import Weights
from lossviz.schema import TEXTBOOK
from tests.support.clusters import warm_workers
from tests.support.factories import dataset
from tests.support.waiting import wait_until

DATA = dataset(600)


@pytest.fixture(scope="module")
def compute() -> Iterator[Compute]:
    with warm_workers() as compute:
        yield compute


def lab_of(compute: Compute, **fields: object) -> Lab:
    lab = Lab(compute, DATA)
    lab.put("A", Experiment.for_dataset(DATA, **fields))
    lab.put("B", Experiment.for_dataset(DATA, formulation="components", **fields))
    lab.speed = "full"
    return lab


def run_until(lab: Lab, done: Callable[[], bool]) -> None:
    wait_until(done, pause=0.005, told=lambda: (lab.notice, lab.runs))


def test_a_finished_run_has_the_numbers_of_a_fit(compute: Compute) -> None:
    lab = lab_of(compute, epochs=3)
    lab.play()
    run_until(lab, lambda: not lab.busy)
    assert lab.finished
    for run in lab.runs.values():
        assert run.evaluation is not None
        expected = fit(DATA, run.experiment).evaluation
        np.testing.assert_array_equal(run.evaluation.predicted, expected.predicted)
        np.testing.assert_array_equal(run.evaluation.probability, expected.probability)


def test_workers_need_not_look_through_what_is_loaded_at_their_start(compute: Compute) -> None:
    assert min(compute.client.run(gc.get_freeze_count).values()) > 100_000


def test_the_same_training_again_is_no_further_look_at_the_held_out_texts(compute: Compute) -> None:
    lab = lab_of(compute, epochs=2)

    def looks() -> int:
        lab.play()
        run_until(lab, lambda: not lab.busy)
        return lab.looks

    assert looks() == 2
    lab.reset()
    assert looks() == 2
    lab.put("A", lab.runs["A"].experiment.changed(epochs=3))
    assert looks() == 3
    for letter, run in lab.runs.items():
        lab.put(letter, run.experiment.where({"split.seed": 1}))
    assert looks() == 2, "other texts judge, and have not judged anything before"


def test_a_step_without_a_seal_is_a_look_at_what_is_sealed_later(compute: Compute) -> None:
    lab = lab_of(compute, epochs=50)
    assert not lab.shares_looked_at
    lab.advance(1)
    run_until(lab, lambda: not lab.busy)
    assert lab.shares_looked_at == {0.0}
    assert lab.looks == 0


def test_a_scheduler_that_is_named_is_used_and_left_running(compute: Compute) -> None:
    other = Compute(compute.client.scheduler.address)
    lab = lab_of(other, epochs=2)
    lab.play()
    run_until(lab, lambda: not lab.busy)
    assert lab.finished
    run = lab.runs["A"]
    assert run.evaluation is not None
    expected = fit(DATA, run.experiment).evaluation
    np.testing.assert_array_equal(run.evaluation.predicted, expected.predicted)
    other.close()
    assert compute.worker_ids()


def test_a_killed_worker_costs_no_number(compute: Compute) -> None:
    undisturbed, disturbed = (lab_of(compute, epochs=40) for _ in range(2))
    moves = {40: Weights((5.0, 1.0, 1.0)), 90: Weights((0.2, 3.0, 1.0))}

    def advance_to(lab: Lab, step: int) -> None:
        lab.advance(step - lab.runs["A"].step)
        run_until(lab, lambda: not lab.busy)

    for lab in (undisturbed, disturbed):
        for step, weights in moves.items():
            advance_to(lab, step)
            lab.weigh("A", weights)
    advance_to(undisturbed, 400)

    disturbed.advance(310)
    run_until(disturbed, lambda: disturbed.runs["A"].step > 150)
    for pid in compute.worker_ids().values():
        os.kill(pid, signal.SIGKILL)
    run_until(disturbed, lambda: bool(disturbed.notice))
    assert "lost" in disturbed.notice
    run_until(disturbed, lambda: not disturbed.busy)
    advance_to(disturbed, 400)
    assert "were rebuilt" in disturbed.notice
    for letter in "AB":
        lost, kept = disturbed.runs[letter], undisturbed.runs[letter]
        assert lost.step == kept.step == 400
        assert lost.changes == kept.changes
        np.testing.assert_array_equal(lost.curve.steps, kept.curve.steps)
        for part, values in kept.curve.train.items():
            np.testing.assert_array_equal(lost.curve.train[part], values)
        assert lost.evaluation is not None
        assert kept.evaluation is not None
        np.testing.assert_array_equal(lost.evaluation.probability, kept.evaluation.probability)


def test_pausing_stops_and_costs_nothing(compute: Compute) -> None:
    lab = lab_of(compute, epochs=500)
    lab.play()
    run_until(lab, lambda: lab.started)
    lab.pause()
    run_until(lab, lambda: not lab.busy)
    step = lab.runs["A"].step
    time.sleep(0.3)
    assert lab.runs["A"].step == step
    assert lab.runs["A"].state == "training"


def test_reset_gives_the_same_curve(compute: Compute) -> None:
    lab = lab_of(compute, epochs=2)
    lab.play()
    run_until(lab, lambda: not lab.busy)
    first = lab.runs["A"].curve
    lab.reset()
    assert not lab.started
    lab.play()
    run_until(lab, lambda: not lab.busy)
    np.testing.assert_array_equal(first.train["total"], lab.runs["A"].curve.train["total"])


def test_an_experiment_that_cannot_run_gets_a_sentence(compute: Compute) -> None:
    lab = Lab(compute, DATA)
    lab.put("A", Experiment.for_dataset(DATA, model={"kind": "hidden", "width": 256}))
    object.__setattr__(lab.runs["A"].experiment.model, "width", 10**6)
    lab.play()
    run_until(lab, lambda: bool(lab.notice))
    assert "smaller width" in lab.notice
    assert not lab.playing


def test_a_session_that_was_released_is_rebuilt_unseen(compute: Compute) -> None:
    lab = lab_of(compute, epochs=400)
    lab.advance(50)
    run_until(lab, lambda: not lab.busy)
    lab.leave()
    assert not lab._session.placed
    lab.advance(10)
    run_until(lab, lambda: not lab.busy)
    assert lab.runs["A"].step == 60
    assert not lab.notice


def test_the_unused_give_way_when_there_are_too_many(
    compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lossviz.compute.cluster.MOST_SESSIONS", 2)
    labs = [lab_of(compute, epochs=1) for _ in range(3)]
    for lab in labs:
        lab.advance(1)
        run_until(lab, lambda lab=lab: not lab.busy)
    assert [lab._session.placed for lab in labs] == [False, True, True]
    labs[0].advance(1)
    run_until(labs[0], lambda: labs[0].runs["A"].step == 2)
    assert not labs[0].notice


def test_a_session_that_nobody_has_any_more_is_called_no_more(compute: Compute) -> None:
    def playing() -> str:
        lab = lab_of(compute, epochs=500)
        lab.play()
        run_until(lab, lambda: lab.started)
        return lab.name

    name = playing()
    gc.collect()
    wait_until(lambda: not any(name in conductor.names for conductor in compute.conductors))


def test_a_worker_that_is_only_slow_is_waited_for(compute: Compute) -> None:
    lab = lab_of(compute, epochs=500)
    lab.play()
    run_until(lab, lambda: lab.started)
    pids = list(compute.worker_ids().values())
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(4.0)
    for pid in pids:
        os.kill(pid, signal.SIGCONT)
    step = lab.runs["A"].step
    run_until(lab, lambda: lab.runs["A"].step > step)
    assert not lab.notice
    lab.pause()


PLANE = OutputPlane("marginals", (), TEXTBOOK, (0, 0), resolution=5)


def test_a_task_is_computed_in_a_worker_and_handed_over_once(compute: Compute) -> None:
    task = compute.submit(engine.output_surfaces, (PLANE,))
    (surface,) = task.result()
    np.testing.assert_array_equal(surface.grids, output_surface(PLANE).grids)
    assert task.done
    assert task.result()[0] is surface


def test_a_task_that_cannot_be_done_gets_a_sentence(compute: Compute) -> None:
    wild = OutputPlane("focal", (("focusing", -1.0),), TEXTBOOK, (0, 0))
    with pytest.raises(LossVizError, match="focusing must be between"):
        compute.submit(engine.output_surfaces, (wild,)).result()


def test_a_task_whose_result_is_waited_for_too_shortly_is_not_lost(compute: Compute) -> None:
    large = OutputPlane("chain", (), TEXTBOOK, (0, 0), resolution=1000)
    task = compute.submit(engine.output_surfaces, (large,))
    with pytest.raises(TimeoutError):
        task.result(0.001)
    assert len(task.result()) == 1


def test_a_cancelled_task_is_lost_and_says_so(compute: Compute) -> None:
    task = compute.submit(engine.output_surfaces, (OutputPlane("chain", (), TEXTBOOK, (0, 0)),))
    task.cancel()
    with pytest.raises(WorkerLost, match="Try again"):
        task.result()


def test_data_that_nobody_takes_are_a_lost_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: Connection) -> None:
        raise TimeoutError("No valid workers found")

    monkeypatch.setattr(Connection, "_made", nobody)
    monkeypatch.setattr(cluster, "ANSWER_SECONDS", 0.1)
    compute = Compute()
    with pytest.raises(WorkerLost, match="No training process answered"):
        compute.lend(DATA).result()
    assert compute.health == "lost"
    compute.close()
