"""Hardness: how far a quick model gets beyond guessing, for each component and the whole label.

A result without scikit-learn; :mod:`lossviz.quick_model` computes it.
"""

from __future__ import annotations

from dataclasses import dataclass

from lossviz.evaluation import ErrorRate

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
            return "no better than guessing"
        if self.low <= self.guess:
            return "about as good as guessing"
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
