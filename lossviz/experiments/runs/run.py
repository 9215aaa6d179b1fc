"""One run, as a browser session knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from secrets import token_urlsafe

import numpy as np

from lossviz.data import Dataset
from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.reference import RunReference
from lossviz.experiments.runs.progress import Curve, Order, Progress, State, stopped_words
from lossviz.experiments.specs import SplitSpec
from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.weights import WeightChange, Weights


@dataclass
class Run:
    """A run that is set up, being trained, or over."""

    experiment: Experiment
    weights: Weights
    run_id: str = field(default_factory=lambda: token_urlsafe(12))
    state: State = "ready"
    step: int = 0
    total_steps: int = 0
    steps_per_epoch: int = 0
    curve: Curve = field(default_factory=Curve.empty)
    changes: tuple[WeightChange, ...] = ()
    evaluation: Evaluation | None = None
    surface: Surface | None = None
    """The loss around where it stood when it was last looked at."""
    message: str = ""
    behind: bool = False
    """Whether a worker is still catching up with what the session has seen."""
    name: str = ""
    """What its owner calls it."""
    when: datetime | None = None
    """In UTC, when it last took a step."""
    kept: int = 0
    """The step whose weights it has again, where it stopped before its last epoch."""
    drag: int = 0
    """In which its weights were moved to where they are; 0 where they were moved at once."""

    @classmethod
    def of(cls, experiment: Experiment) -> Run:
        """A run that has not started."""
        return cls(experiment, Weights.of(experiment))

    @property
    def over(self) -> bool:
        """Whether it is finished or gave up."""
        return self.state in ("finished", "diverged")

    @property
    def judged(self) -> bool:
        """Whether the evaluation belongs to the step."""
        return self.step == 0 or (self.evaluation is not None and self.evaluation.step == self.step)

    @property
    def settled(self) -> bool:
        """Whether the session knows all there is to know without training on."""
        if self.state == "diverged":
            return True
        known = self.total_steps > 0 and not self.behind and self.judged
        return known and (self.over or self.weights == self.applied)

    @property
    def applied(self) -> Weights:
        """The weights that the worker is known to train with."""
        return self.changes[-1].weights if self.changes else Weights.of(self.experiment)

    @property
    def stopped(self) -> str:
        """Why it ended before its last epoch, in words; empty where it did not."""
        return stopped_words(self.step, self.kept, self.steps_per_epoch)

    def order(self, *, train: bool, evaluate: bool, surface: bool = False) -> Order:
        """What the session wants of it."""
        return Order(
            self.run_id,
            self.experiment,
            self.weights,
            train=train,
            known=len(self.curve),
            resume=self.step,
            changes=self.changes,
            evaluate=evaluate,
            surface=surface,
            drag=self.drag,
        )

    def reference(self, letter: str) -> RunReference:
        """It, as it stands: with the weights that it has."""
        return RunReference(letter, self.experiment, self.changes, self.kept or self.step)

    def take(self, progress: Progress) -> None:
        """Learn what a worker reports."""
        self.behind = progress.step < self.step
        if self.behind:
            return
        if progress.step > self.step:
            self.when = datetime.now(UTC)
        self.state = progress.state
        self.step = progress.step
        self.total_steps = progress.total_steps
        self.steps_per_epoch = progress.steps_per_epoch
        self.curve = self.curve.extended(progress.curve.since(len(self.curve) - progress.known))
        self.changes = progress.changes
        self.evaluation = progress.evaluation or self.evaluation
        self.surface = progress.surface or self.surface
        self.message = progress.message
        self.kept = progress.kept


LETTERS = ("A", "B", "C", "D")


def references(runs: Mapping[str, Run]) -> tuple[RunReference, ...]:
    """Those that have gone anywhere, as they stand.

    :param runs: by letter.
    """
    return tuple(
        run.reference(letter)
        for letter, run in runs.items()
        if run.step and run.state != "diverged"
    )


def evaluations_of(runs: Mapping[str, Run]) -> dict[str, Evaluation]:
    """The evaluation of each run that has one, by letter."""
    return {letter: run.evaluation for letter, run in runs.items() if run.evaluation is not None}


def surfaces_of(runs: Mapping[str, Run]) -> dict[str, Surface]:
    """The coarse surface of each run that has one, by letter, which names its way as well."""
    return {
        letter: replace(
            run.surface, tracks=tuple(replace(t, name=letter) for t in run.surface.tracks)
        )
        for letter, run in runs.items()
        if run.surface is not None
    }


MOVED = "(unknown: an earlier version held out other texts)"
"""Stands for a text; such runs come out of files."""


def held_out_texts(
    dataset: Dataset, spec: SplitSpec, evaluation: Evaluation | None
) -> tuple[str, ...]:
    """The texts that a run is judged on, in the order of its evaluation, where it has one."""
    rows = spec.sides(dataset).test
    if evaluation is not None and not np.array_equal(dataset.codes[rows], evaluation.true):
        return (MOVED,) * len(evaluation)
    return tuple(dataset.texts[row] for row in rows.tolist())
