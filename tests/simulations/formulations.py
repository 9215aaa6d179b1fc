"""Two formulations, and one of them twice, on many data sets: what is said of the trained models
and, after a repeat, of the formulations; and what is true on fresh texts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lossviz.arrays import Doubles
from lossviz.experiments.evaluation import Baseline, Evaluation
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.comparison import conclusions
from lossviz.experiments.runs.progress import Curve
from lossviz.experiments.statistics import interval
from lossviz.experiments.study.repeat import (
    FOLDS,
    RepeatPlan,
    RepeatResult,
    repeated_conclusions,
    reseeded,
)
from lossviz.experiments.study.result import Outcome
from lossviz.schema import LabelSchema
from tests.support.generator import Answer, answers, fresh, generate

CLAIM = re.compile(r"is wrong on (.+?) (?:(less)|more) often than")
ANOTHER_START = 1_000
"""Added to the seed of the start, not to that of the split."""


@dataclass(frozen=True)
class Setting:
    """What is trained: A, the same from another start, and B.

    :param first: fields of A's experiment.
    :param second: those of B's that are others.
    """

    first: Mapping[str, Any]
    second: Mapping[str, Any]
    rows: int = 300
    fresh: int = 2_000


@dataclass(frozen=True)
class Said:
    """How many differences were claimed, and how many of them are none, or the other way."""

    claims: int
    false: int


@dataclass(frozen=True)
class Trial:
    """One data set: by run, its answers for each fold."""

    schema: LabelSchema
    runs: tuple[tuple[str, Experiment], ...]
    answers: Mapping[str, list[Answer]]
    train: int

    def of_models(self, letter: str) -> Said:
        """What is claimed of the first fold's models, when one is held against A's."""
        pair = {name: self.answers[name][0].held_out for name in ("A", letter)}
        first, other = (_errors(self.answers[name][0].fresh) for name in ("A", letter))
        return self._said(conclusions(pair, self.schema), other - first)

    def of_formulations(self, letter: str, truth: Doubles) -> Said:
        """What is claimed after a repeat.

        :param truth: how much more often one is wrong than A, on any data set: ``(K + 1,)``.
        """
        runs = tuple(run for run in self.runs if run[0] in ("A", letter))
        outcomes = {
            (name, fold): _outcome(answer.held_out, self.train)
            for name, _ in runs
            for fold, answer in enumerate(self.answers[name])
        }
        plan = RepeatPlan(runs, seeds=len(self.answers["A"]))
        repeated = RepeatResult(self.schema, plan, outcomes)
        return self._said(repeated_conclusions(repeated), truth)

    def _said(self, sentences: Sequence[str], truth: Doubles) -> Said:
        names = [self.schema.target_name(k) for k in range(len(truth))]
        claims = [claim for sentence in sentences for claim in CLAIM.findall(sentence)]
        signs = ((truth[names.index(name)], -1.0 if less else 1.0) for name, less in claims)
        return Said(len(claims), sum(bool(true * sign <= 0.0) for true, sign in signs))

    @cached_property
    def fresh(self) -> Mapping[str, Doubles]:
        """By run, its mean true errors over the folds, ``(K + 1,)``."""
        return {
            name: np.mean([_errors(answer.fresh) for answer in folds], axis=0)
            for name, folds in self.answers.items()
        }

    def held_out(self, name: str) -> Doubles:
        """``(J, K + 1)``: errors on the held-out texts of each fold."""
        return np.array([_errors(answer.held_out) for answer in self.answers[name]])

    def holds(self, truth: Doubles) -> list[bool]:
        """Whether the interval of B minus A over the folds holds it, for each target."""
        apart = self.held_out("B") - self.held_out("A")
        rows = [(self.train, len(answer.held_out)) for answer in self.answers["A"]]
        grain = 1.0 / rows[0][1]
        ends = (interval(values, rows, grain=grain) for values in apart.T)
        return [
            between.low <= true <= between.high for between, true in zip(ends, truth, strict=True)
        ]


def trial(setting: Setting, seed: int) -> Trial:
    """The trainings on one data set."""
    dataset = generate(setting.rows, seed)
    texts = fresh(setting.fresh, seed)
    first, second = setting.first, {**setting.first, **setting.second}
    usual, other = (Experiment.for_dataset(dataset, **fields) for fields in (first, second))
    runs = {"A": usual, "C": usual, "B": other}
    judged: dict[str, list[Answer]] = {name: [] for name in runs}
    for fold in range(FOLDS):
        for name, experiment in runs.items():
            trained = reseeded(experiment, fold)
            if name == "C":
                trained = trained.changed(seed=fold + ANOTHER_START)
            ones = (experiment.component_weights,)
            judged[name] += answers(dataset, trained, ones, texts)
    train = len(dataset) - len(judged["A"][0].held_out)
    return Trial(dataset.schema, tuple(runs.items()), judged, train)


def _errors(evaluation: Evaluation) -> Doubles:
    return np.array([rate.rate for rate in (*evaluation.components, evaluation.joint)])


def _outcome(evaluation: Evaluation, train: int) -> Outcome:
    wrong = tuple(rate.wrong for rate in (*evaluation.components, evaluation.joint))
    guess = Baseline((0.5,) * (len(wrong) - 1), 0.75)
    return Outcome(Curve.empty(), wrong, guess, (train, len(evaluation)), 1)
