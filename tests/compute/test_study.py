"""Studies with real worker processes, and with one that answers in any order."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lossviz.compute.campaigns import Study
from lossviz.compute.cluster import Compute
from lossviz.compute.turns import MOST_AHEAD
from lossviz.data import Dataset
from lossviz.errors import LossVizError
from lossviz.experiments.study.plan import LEARNABLE, StudyPlan, grid
from lossviz.experiments.study.result import Outcome
from tests.support.clusters import warm_workers
from tests.support.factories import dataset
from tests.support.sweeps import Reordering
from tests.support.waiting import PATIENCE, wait_until

DATA = dataset(300, seed=12)
SMALL = StudyPlan(weightings=("free", "uncertainty"), seeds=3, epochs=2)
ENDLESS = replace(SMALL, epochs=1_000)
"""On thousands of texts: whatever ends it is not its last epoch."""


@pytest.fixture(scope="module")
def compute() -> Iterator[Compute]:
    with warm_workers() as compute:
        yield compute


def study_of(compute: Any, plan: StudyPlan = SMALL, data: Dataset = DATA) -> Study:
    study = Study(compute, data, StudyPlan())
    study.choose(plan)
    return study


def run_until(study: Study, done: Callable[[], bool]) -> None:
    wait_until(done, study.tick, pause=0.005, told=lambda: study.notice)


def same(first: Study, second: Study) -> None:
    mine, its = first.repeats.outcomes, second.repeats.outcomes
    assert mine.keys() == its.keys()
    for key, own in mine.items():
        identical(own, its[key])


def identical(first: Outcome, second: Outcome) -> None:
    assert first.wrong == second.wrong
    np.testing.assert_array_equal(first.curve.weights, second.curve.weights)
    for name, values in first.curve.train.items():
        np.testing.assert_array_equal(values, second.curve.train[name])


def test_numbers_do_not_depend_on_the_order_in_which_blocks_end(compute: Compute) -> None:
    studies = [study_of(Reordering(seed)) for seed in range(2)] + [study_of(compute)]
    for study in studies:
        study.start()
        run_until(study, lambda own=study: not own.busy)  # type: ignore[misc]
        assert study.complete
        assert study.done == study.total == 3 * 9
    same(studies[0], studies[1])
    same(studies[0], studies[2])


def test_stopping_keeps_what_is_there_and_going_on_trains_the_rest(compute: Compute) -> None:
    study = study_of(compute, replace(SMALL, epochs=8))
    study.start()
    run_until(study, lambda: study.done > 0)
    study.stop()
    kept = study.repeats.outcomes
    assert study.stopped
    assert not study.busy
    wait_until(lambda: not training(compute), study.tick)
    assert study.done == len(kept) < study.total
    study.start()
    assert study.repeats.outcomes == kept
    run_until(study, lambda: not study.busy)
    assert study.complete
    whole = study_of(Reordering(0), replace(SMALL, epochs=8))
    whole.start()
    run_until(whole, lambda: not whole.busy)
    same(study, whole)


def test_a_study_that_nobody_looks_at_computes_no_further(compute: Compute) -> None:
    study = study_of(compute, StudyPlan(seeds=10, epochs=2))
    study.start()
    run_until(study, lambda: study.done > 0)
    handed_out = len(study._under_way)
    assert handed_out <= MOST_AHEAD + 1
    left = len(study._waiting)
    assert left > 0
    wait_until(lambda: all(task.done for _, task in study._under_way))
    assert len(study._waiting) == left
    assert len(study._under_way) == handed_out
    study.stop()


def training(compute: Compute) -> int:
    """Blocks that workers are at, wanted or not."""

    def count(dask_worker: Any) -> int:
        return sum("train_block" in str(key) for key in dask_worker.state.tasks)

    return sum(compute.client.run(count).values())


def test_a_stopped_block_is_given_up_half_way(compute: Compute) -> None:
    study = study_of(compute, ENDLESS, dataset(6_000, seed=13))
    study.start()
    run_until(study, lambda: training(compute) > 0)
    study.stop()
    wait_until(lambda: not training(compute))
    assert study.done == 0


def test_a_long_block_lets_small_questions_pass(compute: Compute) -> None:
    from lossviz.compute.tasks import engine

    study = study_of(compute, ENDLESS, dataset(6_000, seed=13))
    study.start()
    run_until(study, lambda: training(compute) > 1)
    compute.submit(engine.part_losses, (0.0, 1.0, 2.0, 3.0), 0, priority=10).result(PATIENCE)
    assert study.done == 0
    assert training(compute) > 1
    study.stop()


def test_a_killed_worker_costs_no_number(compute: Compute) -> None:
    study = study_of(compute, replace(SMALL, epochs=20))
    study.start()
    run_until(study, lambda: study.done > 0)
    for pid in compute.worker_ids().values():
        os.kill(pid, signal.SIGKILL)
    run_until(study, lambda: not study.busy)
    assert study.complete
    assert not study.notice
    whole = study_of(Reordering(0), replace(SMALL, epochs=20))
    whole.start()
    run_until(whole, lambda: not whole.busy)
    same(study, whole)


def test_what_was_trained_stays_until_the_next_start() -> None:
    study = study_of(Reordering(0))
    study.start()
    run_until(study, lambda: not study.busy)
    study.choose(replace(SMALL, width=2))
    assert study.plan == SMALL
    assert study.complete
    study.start()
    assert study.plan.width == 2
    assert study.done == 0


class Refusing(Reordering):
    """Workers that cannot do what they are asked."""

    def submit(self, *arguments: Any, priority: int) -> Any:
        answer = super().submit(*arguments, priority=priority)

        def refuse(_: float) -> None:
            raise LossVizError("Choose a smaller width.")

        answer.result = refuse  # type: ignore[method-assign, assignment]
        return answer


def test_an_experiment_that_cannot_run_gets_a_sentence() -> None:
    study = study_of(Refusing(0))
    study.start()
    run_until(study, lambda: not study.busy)
    assert study.notice == "Choose a smaller width."
    assert not study.done


def test_time_left_comes_from_what_was_done() -> None:
    now = [0.0]
    study = Study(Reordering(0), DATA, StudyPlan(), lambda: now[0])  # type: ignore[arg-type]
    study.choose(SMALL)
    study.start()
    assert study.seconds_left is None
    while study.done < study.total / 2:
        now[0] += 1.0
        study.tick()
    left = study.seconds_left
    assert left is not None
    assert left < now[0] * 2
    now[0] += 3600.0  # on another page
    study.tick()
    assert study.seconds_left is not None
    assert study.seconds_left < left + 10


def test_the_grid_is_told_with_mean_one() -> None:
    for components in (1, 2, 3, 5):
        arms = grid(components)
        assert sum(arm.equal for arm in arms) == 1
        assert len({arm.id for arm in arms}) == len(arms)
        for arm in arms:
            assert np.mean(arm.component_weights) == pytest.approx(1.0)
    assert grid(2)[0].component_weights == pytest.approx((20 / 11, 2 / 11))


def test_every_arm_of_every_seed_is_in_one_block() -> None:
    plan = StudyPlan(weightings=LEARNABLE, seeds=4)
    blocks = plan.blocks(DATA)
    pairs = [(arm.id, block.seed) for block in blocks for arm in block.arms]
    assert len(set(pairs)) == len(pairs) == plan.trainings(2)
    assert {block.experiment.split.seed for block in blocks} == {0, 1, 2, 3}
    assert all(block.experiment.seed == block.seed for block in blocks)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"seeds": 2}, "3 to 10"),
        ({"seeds": 11}, "3 to 10"),
        ({"weightings": ("fixed",)}, "expected some of"),
        ({"formulation": "joint"}, "no part of its own"),
    ],
)
def test_what_cannot_be_chosen(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(LossVizError, match=says):
        StudyPlan(**fields)
