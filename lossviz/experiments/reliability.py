"""Reliability: whether what a run is sure of comes true as often as it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from lossviz.arrays import Bools, Doubles, Floats, Integers
from lossviz.experiments.statistics import wilson
from lossviz.experiments.words import count, two_digits

BINS = 10
"""Of equal width, from 0 to 1; a probability on an edge belongs to the upper one."""
SURE = 0.8
"""From where on a run is called sure of an answer: the last bins."""


@dataclass(frozen=True, slots=True)
class Sure:
    """Of the texts that a run is sure of, the share that it is right about, with its 95 % Wilson
    interval: 0 to 1 where there are none.

    :param said: the share that its probabilities promise.
    """

    said: float
    right: float
    low: float
    high: float
    n: int

    @property
    def too_sure(self) -> bool:
        """Whether it is right clearly less often than it says."""
        return self.n > 0 and self.high < self.said


COOLEST, HOTTEST = 0.05, 20.0
"""Of a temperature. Where every validation text is right its log loss falls for ever towards 0, and
where answers are no better than guessing towards infinity."""


@dataclass(frozen=True)
class Temperatures:
    """What a run's logits are divided by where its probabilities are shown or decided by.

    :param parts: what each temperature is of: parts of the label, or the whole label.
    :param values: the temperatures; above 1 they make a run less sure, below 1 surer.
    :param texts: how many validation texts they were set on.
    """

    parts: tuple[str, ...]
    values: tuple[float, ...]
    texts: int

    @property
    def words(self) -> str:
        """As a clause.

        >>> Temperatures(("tone", "topic"), (1.6931, 2.14), 36).words
        'set on 36 validation texts: tone 1.7, topic 2.1'
        >>> Temperatures(("tone",), (0.05,), 4).words
        'set on 4 validation texts: tone 0.050 (the limits are 0.05 and 20: too few texts)'
        """
        each = zip(self.parts, self.values, strict=True)
        listed = ", ".join(f"{part} {two_digits(value)}" for part, value in each)
        ends = not all(1.01 * COOLEST < value < 0.99 * HOTTEST for value in self.values)
        limits = f" (the limits are {COOLEST:g} and {HOTTEST:g}: too few texts)" if ends else ""
        return f"set on {count(self.texts, 'validation text')}: {listed}{limits}"


@dataclass(frozen=True)
class Reliability:
    """How sure a run was of each part of its predictions, and how often it was right, on held-out
    texts that are counted by how sure it was.

    Of each text and part one probability counts: that of the value which is predicted (the
    confidence, or top label, of Guo et al., On calibration of modern neural networks, ICML 2017);
    what the other values get is not looked at, as it is in classwise reliability (Kull et al.,
    Beyond temperature scaling, NeurIPS 2019). So the right ones add up to those of the error rate.

    :param texts: ``(K, 10)``, in each bin of the probability.
    :param right: ``(K, 10)``, of them those that are predicted rightly.
    :param expected: ``(K, 10)``, how many of them would be right if the probabilities were: their
        sum.
    """

    texts: Integers
    right: Integers
    expected: Doubles

    @classmethod
    def of(cls, probability: Floats, right: Bools) -> Self:
        """Counted from the probability of each predicted value, and whether it is right.

        :param probability: ``(N, K)``.
        :param right: ``(N, K)``.

        >>> sure, right = np.float32([[0.92], [0.98], [0.61]]), np.array([[1], [0], [1]]) > 0
        >>> counted = Reliability.of(sure, right)
        >>> counted.texts[0, [6, 9]].tolist(), counted.right[0, [6, 9]].tolist()
        ([1, 2], [1, 1])
        >>> counted.expected[0, [6, 9]].round(2).tolist()
        [0.61, 1.9]
        """
        counts = np.zeros((3, probability.shape[1], BINS))
        for k, (sure, hit) in enumerate(zip(probability.T.astype(float), right.T, strict=True)):
            # What is no number is in no bin.
            known = np.isfinite(sure)
            bins = np.minimum((BINS * sure[known]).astype(int), BINS - 1)
            for row, weights in zip(counts, (None, hit[known], sure[known]), strict=True):
                row[k] = np.bincount(bins, weights, BINS)
        texts, hits, expected = counts
        return cls(texts.astype(np.int64), hits.astype(np.int64), expected)

    def __add__(self, other: Reliability) -> Reliability:
        """Of the texts of both."""
        return Reliability(
            self.texts + other.texts, self.right + other.right, self.expected + other.expected
        )

    @property
    def surest(self) -> tuple[Sure, ...]:
        """Of each part, the texts whose answer was given :data:`SURE` or more.

        >>> probability, right = np.float32([[0.9], [0.8], [0.7]]), np.array([[1], [0], [1]]) > 0
        >>> Reliability.of(probability, right).surest[0].n
        2
        """
        first = round(SURE * BINS)
        right, n = self.right[:, first:].sum(axis=1), self.texts[:, first:].sum(axis=1)
        low, high = wilson(right, n)
        said = self.expected[:, first:].sum(axis=1)
        columns = said / np.maximum(n, 1), right / np.maximum(n, 1), low, high, n
        return tuple(Sure(*row) for row in zip(*(each.tolist() for each in columns), strict=True))

    @property
    def errors(self) -> Doubles:
        """``(K,)``, the expected calibration error: by how much the predicted share of right ones
        misses the observed one, as the mean over the texts, between 0 and 1."""
        missed = np.abs(self.right - self.expected).sum(axis=1)
        return np.asarray(missed / np.maximum(self.texts.sum(axis=1), 1))
