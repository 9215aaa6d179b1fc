"""Workers of this machine for one test, and what a session trains in them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from lossviz.compute.cluster import Compute
from lossviz.compute.lab import Lab
from lossviz.compute.processes import Processes
from lossviz.engine.fit import fit
from lossviz.experiments.experiment import Experiment
from tests.support.clusters import warm_workers
from tests.support.factories import dataset
from tests.support.waiting import wait_until

DATA = dataset(600)


@pytest.fixture
def compute() -> Iterator[Compute]:
    with warm_workers(1) as compute:
        yield compute


def lab_of(compute: Compute, **fields: object) -> Lab:
    lab = Lab(compute, DATA)
    lab.put("A", Experiment.for_dataset(DATA, **fields))
    return lab


def playing(compute: Compute) -> Lab:
    """Far from its end, however long the test takes."""
    lab = lab_of(compute, epochs=100)
    lab.speed = "slow"
    lab.play()
    goes_on(lab)
    return lab


def goes_on(lab: Lab) -> None:
    step = lab.runs["A"].step
    wait_until(lambda: lab.runs["A"].step > step, told=lambda: (lab.words, lab.runs))


def said(lab: Lab, what: str) -> None:
    """Wait until it is."""
    wait_until(lambda: what in lab.words, told=lambda: lab.words)


def whole(lab: Lab) -> None:
    """Train it to its end: it has the numbers of one that nothing has happened to."""
    lab.speed = "full"
    wait_until(lambda: lab.finished, told=lambda: (lab.words, lab.runs))
    run = lab.runs["A"]
    assert run.evaluation is not None
    expected = fit(DATA, run.experiment).evaluation
    np.testing.assert_array_equal(run.evaluation.probability, expected.probability)


def processes(compute: Compute) -> Processes:
    link = compute._connection._link
    assert link is not None
    assert link.processes is not None
    return link.processes
