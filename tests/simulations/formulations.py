"""Two formulations, and one of them twice, on many data sets: what is said of the trained models
and, after a repeat, of the formulations; and what is true on fresh texts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from lossviz.arrays import Doubles
from lossviz.data import Dataset
from lossviz.experiments.evaluation import Baseline, Evaluation
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.comparison import conclusions
from lossviz.experiments.runs.repeat import (
    FOLDS,
    RepeatPlan,
    RepeatResult,
    repeated_conclusions,
)
from lossviz.experiments.runs.run import Run
from lossviz.experiments.scores import Scores, small
from lossviz.schema import LabelSchema
from tests.support.generator import Answer, answers, fresh, generate

CLAIM = re.compile(r"is wrong on (.+?) (?:(less)|more) often than")


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
    """One data set: by run, its answers for each fold, from each start."""

    schema: LabelSchema
    plan: RepeatPlan
    answers: Mapping[str, list[list[Answer]]]
    train: int

    def of_models(self, letter: str) -> Said:
        """What is claimed of the first fold's models, when one is held against A's."""
        first, other = (self.answers[name][0][0] for name in ("A", letter))
        sentences = conclusions({"A": first.held_out, letter: other.held_out}, self.schema)
        return self._said(sentences, _errors(other.fresh) - _errors(first.fresh))

    def of_formulations(self, letter: str, truth: Doubles) -> Said:
        """What is claimed after a repeat.

        :param truth: how much more often one is wrong than A, on any data set: ``(K + 1,)``.
        """
        return self._said(repeated_conclusions(self.repeated(letter)), truth)

    def repeated(self, letter: str) -> RepeatResult:
        """One held against A."""
        runs = tuple(run for run in self.plan.runs if run[0] in ("A", letter))
        scores = {
            (name, fold, start): _scores(answer.held_out, self.train)
            for name, _ in runs
            for fold, starts in zip(self.plan.seeds, self.answers[name], strict=True)
            for start, answer in enumerate(starts)
        }
        return RepeatResult(self.schema, replace(self.plan, runs=runs), scores)

    def _said(self, sentences: Sequence[str], truth: Doubles) -> Said:
        names = [self.schema.target_name(k) for k in range(len(truth))]
        claims = [claim for sentence in sentences for claim in CLAIM.findall(sentence)]
        signs = ((truth[names.index(name)], -1.0 if less else 1.0) for name, less in claims)
        return Said(len(claims), sum(bool(true * sign <= 0.0) for true, sign in signs))

    @cached_property
    def fresh(self) -> Mapping[str, Doubles]:
        """By run, its mean true errors over folds and starts, ``(K + 1,)``."""
        return {
            name: np.mean([[_errors(a.fresh) for a in starts] for starts in folds], axis=(0, 1))
            for name, folds in self.answers.items()
        }

    def holds(self, truth: Doubles) -> list[bool]:
        """Whether the interval of B minus A holds it, for each target."""
        repeated = self.repeated("B")
        ends = (repeated.difference("B", "A", k, 0.95) for k in range(len(truth)))
        return [end.low <= true <= end.high for end, true in zip(ends, truth, strict=True)]


def trial(setting: Setting, seed: int) -> Trial:
    """The trainings on one data set."""
    dataset = generate(setting.rows, seed)
    texts = fresh(setting.fresh, seed)
    first, second = setting.first, {**setting.first, **setting.second}
    usual, other = (Experiment.for_dataset(dataset, **fields) for fields in (first, second))
    runs = {"A": Run.of(usual), "C": Run.of(usual), "B": Run.of(other)}
    plan = replace(RepeatPlan.of(runs), folds=FOLDS, apart=())
    answered = {
        name: [
            [
                _answer(dataset, run.reseeded(fold, start + plan.starts * (name == "C")), texts)
                for start in range(plan.starts)
            ]
            for fold in plan.seeds
        ]
        for name, run in plan.runs
    }
    train = len(dataset) - len(answered["A"][0][0].held_out)
    return Trial(dataset.schema, plan, answered, train)


def _answer(dataset: Dataset, experiment: Experiment, texts: Dataset) -> Answer:
    (answer,) = answers(dataset, experiment, (experiment.component_weights,), texts)
    return answer


def _errors(evaluation: Evaluation) -> Doubles:
    return np.array([rate.rate for rate in (*evaluation.components, evaluation.joint)])


def _scores(evaluation: Evaluation, train: int) -> Scores:
    wrong = np.array([[rate.wrong for rate in (*evaluation.components, evaluation.joint)]])
    return Scores(
        wrong,
        wrong,
        small(evaluation.predicted)[None],
        small(evaluation.true),
        Baseline((0.5,) * evaluation.true.shape[1], 0.75),
        (train, len(evaluation)),
        None,
        ("",),
        0.0,
    )
