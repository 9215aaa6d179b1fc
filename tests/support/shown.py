"""What exhibits are made from, with awkward names: as it is in the middle, and before anything is
trained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from lossviz.experiments.experiment import DataReference, Experiment
from lossviz.experiments.runs.run import Run
from lossviz.figures import Look, ShownRuns
from lossviz.figures.exhibits import Shown
from lossviz.schema import Component, LabelSchema
from tests.support.figures import LETTERS, SEEDS, answers, evaluation, schemas, trained

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


SHOWN: dict[type, Callable[[], st.SearchStrategy[Any]]] = {ShownRuns: runs}
UNTRAINED: dict[type, Shown] = {ShownRuns: ShownRuns(TWO, {"A": new_run(TWO)})}
