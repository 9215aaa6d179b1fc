"""Runs, as a page, a panel or a report shows them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lossviz.experiments.evaluation import Baseline, Confusion, Evaluation, confusion_of
from lossviz.experiments.runs.progress import Answers
from lossviz.experiments.runs.run import Run, evaluations_of
from lossviz.figures.base.palette import MARKERS
from lossviz.figures.runs.confused import AT_FIRST, Look
from lossviz.figures.runs.matrices import confusion_top
from lossviz.schema import LabelSchema


@dataclass(frozen=True)
class ShownRuns:
    """What every chart of runs is made from.

    :param runs: by letter, in order; they need not be trained.
    :param answers: what they say about a sentence.
    :param look: how their confusion is looked at.
    """

    schema: LabelSchema
    runs: Mapping[str, Run]
    answers: Answers | None = None
    look: Look = AT_FIRST

    @property
    def version(self) -> Hashable:
        """Another one once any of them is judged anew."""
        return tuple(
            (letter, run.run_id, run.evaluation.step if run.evaluation else -1)
            for letter, run in self.runs.items()
        )

    @property
    def names(self) -> dict[str, str]:
        """Of each run, by letter: ``● A marginals``."""
        return {
            letter: f"{MARKERS[letter]} {letter} {run.experiment.formulation}"
            for letter, run in self.runs.items()
        }

    @cached_property
    def evaluations(self) -> dict[str, Evaluation]:
        """Of the runs that are judged."""
        return evaluations_of(self.runs)

    @property
    def alike(self) -> bool:
        """Whether all of them are judged on the same texts."""
        first, *others = (evaluation.true for evaluation in self.evaluations.values())
        return all(np.array_equal(first, true) for true in others)

    @cached_property
    def guess(self) -> Baseline | None:
        """The errors of the commonest label, where one is the commonest for all of them."""
        if not self.evaluations or not self.alike:
            return None
        return next(iter(self.evaluations.values())).guessing

    @cached_property
    def matrices(self) -> dict[str, Confusion]:
        """Of the runs that are judged, of what is looked at."""
        return {
            letter: confusion_of(evaluation, self.schema, self.look.target)
            for letter, evaluation in self.evaluations.items()
        }

    @cached_property
    def top(self) -> float:
        """Of the colour scale that the matrices share."""
        return confusion_top(self.matrices.values(), self.look.normalise)
