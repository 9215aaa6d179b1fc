"""The engine's functions as the web process knows them: by name, and without what they need."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from lossviz.compute.campaigns import Surfaces
from lossviz.compute.cluster import Compute
from lossviz.compute.tasks import SEATS, engine
from lossviz.engine import tasks
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.run import Run
from lossviz.experiments.surfaces.plan import SurfacePlan
from tests.conftest import ROOT
from tests.support.clusters import warm_workers
from tests.support.factories import dataset
from tests.support.waiting import PATIENCE, wait_until

WITHOUT_TORCH = """
import sys
from lossviz.compute.tasks import engine
from lossviz.compute.campaigns import Study, Surfaces, Sweep
engine.part_losses, Sweep.function
print([name for name in ("torch", "sklearn") if name in sys.modules])
"""


def test_what_the_engine_does_not_have_is_an_error_where_it_is_called() -> None:
    with pytest.raises(AttributeError, match="no attribute 'sinister'"):
        engine.sinister()
    assert not hasattr(engine, "__path__")


@pytest.mark.parametrize("name", tasks.__all__)
def test_every_function_is_known_and_travels(name: str) -> None:
    function = getattr(engine, name)
    assert function.__name__ == name
    assert pickle.loads(pickle.dumps(function)) == function


def test_it_does_what_the_engine_does() -> None:
    target, starts = (0.5, 0.2, 0.2, 0.1), (0.0, 1.0, -1.0)
    here, there = (module.descents(target, starts) for module in (engine, tasks))
    assert pickle.dumps(here) == pickle.dumps(there)


def test_knowing_them_loads_no_torch() -> None:
    command = [sys.executable, "-c", WITHOUT_TORCH]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture
def compute() -> Iterator[Compute]:
    with warm_workers(1) as compute:
        yield compute


def seated() -> tuple[int, int]:
    """How many long tasks compute in this process, and how many wait."""
    return len(SEATS._taken), len(SEATS._queue)


def test_of_long_tasks_as_many_compute_as_there_are_threads_one_after_the_other(
    compute: Compute,
) -> None:
    data = dataset(6_000, seed=13)
    lent = compute.lend(data).result()
    experiment = Experiment.for_dataset(data, epochs=1_000)
    endless = [
        compute.submit(engine.score_block, lent, experiment.reseeded(seed, 0), ((1.0, 1.0),))
        for seed in range(3)
    ]

    def now() -> tuple[int, int]:
        (counts,) = compute.client.run(seated).values()
        assert counts[0] <= 1
        return counts

    wait_until(lambda: now() == (1, 2))
    compute.submit(engine.part_losses, (0.0, 1.0, 2.0, 3.0), 0, priority=10).result(PATIENCE)
    short = compute.submit(engine.score_block, lent, experiment.changed(epochs=1), ((1.0, 1.0),))
    wait_until(lambda: now() == (1, 3))
    assert not short.done
    for task in endless:
        task.cancel()
    short.result(PATIENCE)
    wait_until(lambda: now() == (0, 0))


def test_what_waits_for_a_model_that_another_one_trains_keeps_it_from_nothing(
    compute: Compute,
) -> None:
    """Two blocks of the surfaces of one run, whose training takes longer than a seat is short."""
    data = dataset(6_000, seed=13)
    run = Run.of(Experiment.for_dataset(data, epochs=20))
    step = 15 * 150
    reference = replace(run, step=step).reference("A")
    plan = SurfacePlan((reference,), "pca")
    surfaces = Surfaces(compute, data, plan)
    surfaces.start()
    wait_until(lambda: surfaces.complete, surfaces.tick)
    assert not surfaces.notice
