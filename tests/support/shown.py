"""What exhibits are made from, with awkward names: as it is in the middle, and before anything is
trained."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from lossviz.experiments.experiment import DataReference, Experiment
from lossviz.experiments.runs.run import Run
from lossviz.experiments.study.plan import StudyPlan
from lossviz.experiments.study.result import Repeats
from lossviz.experiments.sweep.grid import Grid
from lossviz.figures import Look, ShownRuns
from lossviz.figures.base.exhibit import Shown
from lossviz.figures.sweep.shown import ShownSweep
from lossviz.schema import Component, LabelSchema
from tests.support.figures import LETTERS, NAMES, SEEDS, answers, evaluation, schemas, trained
from tests.support.outcomes import noise, outcome, repeats
from tests.support.sweep_results import result, until

TWO = LabelSchema.full([Component("first", ("A", "B")), Component("second", ("C", "D"))], "")
NORMALISE = st.sampled_from(["true", "predicted", "all", "none"])


def new_run(schema: LabelSchema) -> Run:
    """One that is set up, and not trained."""
    data = DataReference(name="made", digest="0", components=schema.names)
    return Run.of(Experiment.of(data=data))


@st.composite
def runs(draw: st.DrawFn) -> ShownRuns:
    """Up to four that are trained and judged."""
    schema = draw(schemas())
    letters = LETTERS[: draw(st.integers(1, 4))]
    seed = draw(SEEDS)
    curves = draw(trained(schema))
    made = {letter: new_run(schema) for letter in letters}
    for letter, run in made.items():
        run.curve, run.changes = curves.curve, curves.changes
        run.steps_per_epoch, run.total_steps = curves.steps
        run.evaluation = evaluation(seed + ord(letter), schema)
    target = draw(st.integers(-1, len(schema.names) - 1))
    look = Look(target, draw(NORMALISE), draw(st.booleans()), draw(st.integers(0, 3)))
    return ShownRuns(schema, made, answers(seed, schema, letters), look)


@st.composite
def sweeps(draw: st.DrawFn) -> ShownSweep:
    """One of which a part is trained, with the study of the same parts or without."""
    names = draw(st.lists(NAMES, min_size=2, max_size=3, unique=True))
    kind = draw(st.sampled_from(["map", "ratio"])) if len(names) == 2 else "map"
    grid = Grid(len(names), steps=draw(st.integers(2, 11)), kind=kind)
    seeds, seed = draw(st.integers(1, 4)), draw(SEEDS)
    errors = np.random.default_rng(seed).random((len(grid.members), seeds, len(names) + 1))
    members, last = draw(st.integers(0, len(grid.members))), draw(st.integers(0, seeds - 1))
    costs = st.lists(st.floats(0, 100), min_size=len(names) + 1, max_size=len(names) + 1)
    return ShownSweep(
        result(until(errors, members, last), grid=grid, names=names),
        tuple(draw(costs)),
        draw(st.integers(0, len(grid.points) - 1)),
        draw(st.one_of(st.none(), studies(names))),
    )


@st.composite
def studies(draw: st.DrawFn, names: Sequence[str] | None = None) -> Repeats:
    """One of which so many seeds are trained."""
    parts = names or draw(st.lists(NAMES, min_size=2, max_size=4, unique=True))
    seeds = draw(st.integers(0, 3))
    learned = {
        name: [
            outcome([0.2] * len(parts) + [0.4 + noise(seed)], [weight] * len(parts))
            for seed in range(3)
        ]
        for name, weight in (("simplex", 0.3), ("free", -2.0))
    }
    whole = repeats(learned, names=parts)
    return replace(whole, outcomes={k: v for k, v in whole.outcomes.items() if k[1] < seeds})


UNSWEPT = result(np.full((9, 2, 3), np.nan), grid=Grid(2, steps=3))
SHOWN: dict[type, Callable[[], st.SearchStrategy[Any]]] = {
    ShownRuns: runs,
    ShownSweep: sweeps,
    Repeats: studies,
}
UNTRAINED: dict[type, Shown] = {
    ShownRuns: ShownRuns(TWO, {"A": new_run(TWO)}),
    ShownSweep: ShownSweep(UNSWEPT, (1.0, 1.0, 0.0), 4),
    Repeats: Repeats(TWO, StudyPlan(weightings=("simplex",), seeds=3), {}),
}
"""Of each kind of which there can be nothing."""
