"""Evaluation: predictions beside the truth, and the rates that follow from them.

Results are arrays and plain values: reading them needs no torch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lossviz.arrays import Bools, Floats, Integers
from lossviz.experiments.reliability import Reliability, Temperatures
from lossviz.experiments.statistics import ErrorRate
from lossviz.experiments.unseen import Unseen
from lossviz.schema import Codes, LabelSchema

WHOLE = -1
"""Stands for the whole label where a part's number is expected."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The errors of always guessing the commonest label."""

    components: tuple[float, ...]
    joint: float


def baseline(train: Codes, test: Codes) -> Baseline:
    """What is commonest in training, as a guess at the test rows: a value of each component, and a
    whole label.

    >>> baseline(np.array([[0, 1], [0, 1], [1, 0]]), np.array([[0, 1], [1, 0], [1, 0], [1, 1]]))
    Baseline(components=(0.75, 0.5), joint=0.75)

    :param train: codes ``(M, K)``.
    :param test: codes ``(N, K)``.
    """
    values = [int(np.bincount(column).argmax()) for column in train.T]
    labels, counts = np.unique(train, axis=0, return_counts=True)
    wrong = np.not_equal(test, labels[counts.argmax()]).any(axis=1)
    return Baseline(tuple(map(float, np.not_equal(test, values).mean(axis=0))), float(wrong.mean()))


@dataclass(frozen=True)
class Evaluation:
    """What one run says about the held-out rows.

    :param true: codes ``(N, K)``.
    :param predicted: codes ``(N, K)``.
    :param probability: ``(N,)``, of the predicted whole label.
    :param step: after how many training steps.
    :param impossible: predicted labels that no training text has.
    :param reliability: whether its probabilities come true; None where only labels are known.
    :param guess: the errors of what is commonest in training; None where that is not known.
    :param wrong_masked: whole labels that the same model gets wrong with its answers kept to labels
        that a training text has; None where all are.
    :param unseen: the rows whose whole label no training text has; None where that is not known.
    :param temperatures: what its logits were divided by; None where by nothing.
    """

    true: Codes
    predicted: Codes
    probability: Floats
    step: int
    impossible: int
    reliability: Reliability | None = None
    guess: Baseline | None = None
    wrong_masked: int | None = None
    unseen: Unseen | None = None
    temperatures: Temperatures | None = None

    def __len__(self) -> int:
        return len(self.true)

    @cached_property
    def wrong(self) -> Bools:
        """``(N, K)``: is this component of this row wrong?"""
        return np.not_equal(self.true, self.predicted)

    @cached_property
    def wrong_anywhere(self) -> Bools:
        """``(N,)``: is the whole label of this row wrong?"""
        return np.asarray(self.wrong.any(axis=1))

    def wrong_on(self, target: int) -> Bools:
        """``(N,)``: is this component of each row wrong, or behind them all the whole label?"""
        targets: tuple[Bools, ...] = (*self.wrong.T, self.wrong_anywhere)
        return targets[target]

    @cached_property
    def rates(self) -> tuple[ErrorRate, ...]:
        """The error of each component, and behind them of the whole label."""
        counts = *self.wrong.sum(axis=0).tolist(), self.wrong_anywhere.sum()
        return ErrorRate.each(np.array(counts), len(self))

    @property
    def components(self) -> tuple[ErrorRate, ...]:
        """The error of each component."""
        return self.rates[:-1]

    @property
    def joint(self) -> ErrorRate:
        """The error of the whole label."""
        return self.rates[-1]

    @property
    def masked(self) -> ErrorRate | None:
        """The error of the whole label with answers kept to labels that occur in training."""
        return None if self.wrong_masked is None else ErrorRate.of(self.wrong_masked, len(self))

    @property
    def guessing(self) -> Baseline:
        """The errors of the commonest label: in training, or where that is not known here."""
        return self.guess or baseline(self.true, self.true)

    def errors_json(self, names: Sequence[str]) -> dict[str, Any]:
        """Its errors as the command line and the downloads write them.

        :param names: of the components.
        """
        components = zip(names, self.components, strict=True)
        return {
            "joint": self.joint.to_json(),
            "components": [{"name": name, **rate.to_json()} for name, rate in components],
        }


@dataclass(frozen=True)
class Confusion:
    """How often each true label (rows) was predicted as each label (columns).

    :param labels: in the schema's order; predicted combinations that never occur come last.
    :param codes: ``(L, K)`` of the labels, or ``(L, 1)`` for a single component.
    :param counts: ``(L, L)``.
    """

    labels: tuple[str, ...]
    codes: Codes
    counts: Integers


def confusion_of(evaluation: Evaluation, schema: LabelSchema, target: int = WHOLE) -> Confusion:
    """The confusion matrix of what can be wrong.

    :param target: a component, ``0 .. K-1``; behind them the whole label, ``K`` or ``WHOLE``.
    """
    if target in (WHOLE, len(schema.names)):
        return _of_labels(evaluation, schema)
    return _of_component(evaluation, schema, target)


def _of_labels(evaluation: Evaluation, schema: LabelSchema) -> Confusion:
    both = (map(tuple, codes.tolist()) for codes in (evaluation.true, evaluation.predicted))
    pairs = Counter(zip(*both, strict=True))
    emitted = {label for pair in pairs for label in pair}
    labels = [*schema.classes, *sorted(emitted.difference(schema.classes))]
    position = {codes: place for place, codes in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), dtype=np.int64)
    for (true, predicted), count in pairs.items():
        counts[position[true], position[predicted]] = count
    beyond = labels[len(schema.classes) :]
    names = schema.class_names + tuple(schema.format(schema.decode(codes)) for codes in beyond)
    return Confusion(names, np.array(labels, dtype=np.int64), counts)


def _of_component(evaluation: Evaluation, schema: LabelSchema, k: int) -> Confusion:
    size = schema.sizes[k]
    flat = evaluation.true[:, k] * size + evaluation.predicted[:, k]
    counts = np.bincount(flat, minlength=size * size).reshape(size, size)
    codes = np.arange(size, dtype=np.int64)[:, None]
    return Confusion(schema.components[k].values, codes, counts.astype(np.int64))
