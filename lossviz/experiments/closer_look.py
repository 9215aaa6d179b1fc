"""Hardness: how far a quick model gets beyond guessing, for each component and the whole label.

A result without scikit-learn; :mod:`lossviz.engine.quick_model` computes it.
"""

from __future__ import annotations

from dataclasses import dataclass

from lossviz.experiments.statistics import ErrorRate

LITTLE, MUCH = 0.2, 0.6
"""Of the errors of guessing, the share that the model avoids."""


@dataclass(frozen=True, slots=True)
class HardestValue:
    """The value that is recognised least often, of those with at least 20 texts.

    :param missed: how often it was taken for something else, with the interval.
    """

    value: str
    missed: ErrorRate


@dataclass(frozen=True, slots=True)
class Target:
    """One component, or the whole label.

    :param place: among the components, from 0; their number for the whole label.
    :param guess: the share of the commonest value: how often guessing it is right.
    :param error: of the quick model, on texts that it was not trained on.
    :param hardest: None where no value has enough texts, or none of them was missed.
    """

    name: str
    place: int
    guess: float
    error: ErrorRate
    hardest: HardestValue | None

    @property
    def accuracy(self) -> float:
        """How often the quick model is right."""
        return 1.0 - self.error.rate

    @property
    def low(self) -> float:
        """Of the accuracy's 95 % Wilson interval."""
        return 1.0 - self.error.high

    @property
    def high(self) -> float:
        """Likewise."""
        return 1.0 - self.error.low

    @property
    def verdict(self) -> str:
        """What the numbers say, in words."""
        if self.high < self.guess:
            return "worse than guessing"
        if self.low <= self.guess:
            return "no better than guessing, as far as these texts tell"
        avoided = (self.accuracy - self.guess) / (1.0 - self.guess)
        if avoided < LITTLE:
            return "a little above guessing"
        return "well above guessing" if avoided < MUCH else "far above guessing"


@dataclass(frozen=True, slots=True)
class Hardness:
    """The quick model on every target that has two values at least.

    :param targets: the components in order, then the whole label where there are several.
    :param texts: that were used, a sample stratified on the whole label, of ``of`` texts.
    :param folds: each was judged by a model trained on the others; identical texts together.
    """

    targets: tuple[Target, ...]
    texts: int
    of: int
    folds: int
    seconds: float

    @property
    def sampled(self) -> bool:
        """Whether not all texts were used."""
        return self.texts < self.of


@dataclass(frozen=True, slots=True)
class NearPair:
    """Two texts that are nearly the same, as far as they were looked at, each with its data row in
    the file and its label."""

    rows: tuple[int, int]
    texts: tuple[str, str]
    labels: tuple[str, str]
    similarity: float

    @property
    def contradictory(self) -> bool:
        """Whether they have different labels."""
        return self.labels[0] != self.labels[1]


@dataclass(frozen=True, slots=True)
class Leakage:
    """Test texts that are nearly a training text, in the split that an experiment starts with.

    :param test: rows of the test side that have one, with the interval of their share.
    :param train_rows: rows on the other side.
    """

    test: ErrorRate
    train_rows: int


@dataclass(frozen=True, slots=True)
class NearDuplicates:
    """What was found among different texts; identical ones count once.

    :param compared: texts that were compared, of ``texts`` different ones: a random sample where
        there are very many.
    :param with_another: compared texts that have a near-duplicate.
    :param pair_count: verified pairs; ``pairs`` are 100 of them, those with different labels first,
        then the most similar.
    :param contradictory: verified pairs with different labels.
    :param leakage: None where there is nothing to split.
    :param exhausted: False where there were more candidates than were verified: then all numbers
        are lower bounds.
    """

    texts: int
    compared: int
    with_another: int
    pair_count: int
    contradictory: int
    pairs: tuple[NearPair, ...]
    leakage: Leakage | None
    exhausted: bool
    seconds: float

    @property
    def lower_bound(self) -> bool:
        """Whether there may be more than was found: not every text, or not every candidate, was
        looked at."""
        return self.compared < self.texts or not self.exhausted


LEAST_SIMILARITY = 0.8
