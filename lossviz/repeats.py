"""Repeats: the same arms for several seeds, and what their spread lets one say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.stats import t

from lossviz.outcome import Doubles, Outcome
from lossviz.protocol import LEAST_SEEDS, Arm, Protocol
from lossviz.schema import LabelSchema


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over seeds with its interval, and the number of seeds."""

    mean: float
    low: float
    high: float
    seeds: int

    @property
    def clear(self) -> bool:
        """Whether it leaves out 0."""
        return self.low > 0.0 or self.high < 0.0


def interval(
    values: Doubles, rows: tuple[int, int], *, confidence: float = 0.95, grain: float = 0.0
) -> Interval:
    """The mean of ``(J,)`` values, one for each seed, with a t interval.

    Every seed splits the same data anew, so the training sets overlap and the values are more
    alike than independent ones would be. Nadeau & Bengio (2003) mend it: the variance of the mean
    is that of the values times (1/J + n_test/n_train) instead of 1/J.

    :param rows: number of training rows and of held-out rows, of every seed.
    :param grain: the smallest difference that two values can have. A spread below what rounding
        to it makes, grain/√12, is not believed: three seeds can be alike by chance.

    >>> own = interval(np.array([0.1, 0.2, 0.3]), (80, 20))
    >>> f"{own.mean:.2f} [{own.low:.2f}, {own.high:.2f}]"
    '0.20 [-0.13, 0.53]'
    """
    seeds = len(values)
    if seeds < 2:
        return Interval(float(values.mean()), -np.inf, np.inf, seeds)
    spread = max(float(values.std(ddof=1)), grain / np.sqrt(12.0))
    quantile = float(t.ppf(0.5 + confidence / 2.0, seeds - 1))
    half = quantile * spread * np.sqrt(1.0 / seeds + rows[1] / rows[0])
    mean = float(values.mean())
    return Interval(mean, mean - half, mean + half, seeds)


@dataclass(frozen=True)
class Repeats:
    """What there is of a study so far.

    :param outcomes: by arm and seed; arms of which nothing is finished are missing.
    """

    schema: LabelSchema
    protocol: Protocol
    outcomes: Mapping[tuple[str, int], Outcome]

    @property
    def arms(self) -> tuple[Arm, ...]:
        """All of the protocol's, in order."""
        return self.protocol.arms(len(self.schema.components))

    @property
    def equal(self) -> Arm:
        """Fixed weights, the same for all: what the others are held against."""
        return next(arm for arm in self.arms if arm.equal)

    def of(self, arm: Arm) -> list[Outcome]:
        """The outcomes of one arm, in the order of the seeds."""
        found = (self.outcomes.get((arm.id, seed)) for seed in range(self.protocol.seeds))
        return [own for own in found if own is not None]

    def paired(self, first: Arm, second: Arm) -> list[tuple[Outcome, Outcome]]:
        """The outcomes of two arms for the seeds that both have finished."""
        pairs = (
            (self.outcomes.get((first.id, seed)), self.outcomes.get((second.id, seed)))
            for seed in range(self.protocol.seeds)
        )
        return [(one, other) for one, other in pairs if one is not None and other is not None]

    def ready(self, arm: Arm) -> bool:
        """Whether there are enough seeds of it, and of equal weights, for a claim."""
        return len(self.paired(arm, self.equal)) >= LEAST_SEEDS

    def error(self, arm: Arm, target: int, *, confidence: float = 0.95) -> Interval:
        """How often it is wrong on a component, or on the whole label (K), between 0 and 1."""
        outcomes = self.of(arm)
        values = np.array([own.errors[target] for own in outcomes])
        rows = outcomes[0].rows
        found = interval(values, rows, confidence=confidence, grain=1.0 / rows[1])
        return Interval(found.mean, max(found.low, 0.0), min(found.high, 1.0), found.seeds)

    def difference(self, first: Arm, second: Arm, target: int, *, confidence: float) -> Interval:
        """How much more often the first is wrong than the second: same seeds, same rows."""
        pairs = self.paired(first, second)
        values = np.array([one.errors[target] - other.errors[target] for one, other in pairs])
        rows = pairs[0][0].rows
        return interval(values, rows, confidence=confidence, grain=1.0 / rows[1])

    def guessed(self) -> Doubles | None:
        """The errors of the commonest label, ``(K + 1,)``, as the mean over the seeds."""
        found = self.of(self.equal) or list(self.outcomes.values())
        return np.mean([own.guessed for own in found], axis=0) if found else None
