"""A publication made by hand: no training."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np

from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.reliability import Reliability
from lossviz.experiments.runs.progress import Curve
from lossviz.experiments.runs.run import Run
from lossviz.sharing.project import Publication
from tests.support.factories import dataset

DATA = dataset(60)
HELD_OUT = 12


def publication(**fields: Any) -> Publication:
    """A judged run of sixty steps, on made data; random answers, the same each time."""
    random = np.random.default_rng(7)
    steps = np.arange(1, 61, 5, dtype=np.int64)
    losses = {name: random.random(len(steps), np.float32) for name in ("part 1", "part 2", "total")}
    weights = np.ones((len(steps), 2), np.float32)
    run = Run.of(Experiment.for_dataset(DATA))
    run.state, run.step, run.total_steps, run.steps_per_epoch = "finished", 60, 60, 6
    run.curve = Curve(steps, losses, losses, weights)
    true, predicted = random.integers(2, size=(2, HELD_OUT, 2))
    probability = random.random(HELD_OUT, np.float32)
    reliability = Reliability.of(random.random((HELD_OUT, 2), np.float32), true == predicted)
    run.evaluation = Evaluation(true, predicted, probability, 60, 0, reliability)
    known: dict[str, Any] = {
        "name": "First try",
        "data": "made",
        "sample": "",
        "digest": DATA.digest,
        "rows": (60, HELD_OUT),
        "schema": DATA.schema,
        "run": run,
        "surfaces": {},
        "texts": None,
        "trained": b"weights" * 20,
        "published": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    }
    return Publication(**(known | fields))
