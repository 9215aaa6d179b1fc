"""Intervals: what a mean over a few seeds lets one say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.stats import binomtest, norm, t

from lossviz.arrays import Bools, Doubles, Integers

Z = float(norm.ppf(0.975))


def wilson(hits: Integers, n: Integers) -> tuple[Doubles, Doubles]:
    """The ends of the 95 % Wilson intervals of shares, for arrays of one shape.

    The closed form (Wilson 1927; Brown, Cai and DasGupta, Interval estimation for a binomial
    proportion, 2001). ``scipy.stats.binomtest`` has the same, a single share at a time.

    :param n: where it is 0, nothing is known: 0 and 1.
    """
    share = hits / np.maximum(n, 1)
    scale = 2.0 * (n + Z**2)
    middle = (2.0 * n * share + Z**2) / scale
    half = Z / scale * np.sqrt(4.0 * n * share * (1.0 - share) + Z**2)
    low = np.where(hits == 0, 0.0, middle - half)
    return low, np.where(hits == n, 1.0, middle + half)


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """A share of wrong answers with its 95 % Wilson interval."""

    wrong: int
    n: int
    low: float
    high: float

    @classmethod
    def of(cls, wrong: int, n: int) -> ErrorRate:
        """The rate ``wrong / n``.

        >>> rate = ErrorRate.of(5, 10)
        >>> f"{rate.low:.3f} to {rate.high:.3f}"
        '0.237 to 0.763'
        """
        low, high = wilson(np.array(wrong), np.array(n))
        return cls(wrong, n, float(low), float(high))

    @property
    def rate(self) -> float:
        """Between 0 and 1."""
        return self.wrong / self.n

    def to_json(self) -> dict[str, float]:
        """As the command line and the downloads write it."""
        return {"error": self.rate, "low": self.low, "high": self.high, "n": self.n}


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over seeds with its interval, and the number of seeds."""

    mean: float
    low: float
    high: float
    seeds: int

    def within(self, least: float, most: float) -> Interval:
        """Its ends no further out than what is possible."""
        return Interval(self.mean, max(self.low, least), min(self.high, most), self.seeds)

    @property
    def clear(self) -> bool:
        """Whether it leaves out 0."""
        return self.low > 0.0 or self.high < 0.0


LEAST_SEEDS = 3
"""Fewer say nothing about other seeds."""
FAMILY_ERROR = 0.05
"""The chance that any difference of a family is called clear and is not there."""


def family_confidence(differences: int) -> float:
    """Of each interval, for all of so many to hold together at 95 % (Bonferroni): with six chances
    to see something that is not there, one would be taken."""
    return 1.0 - FAMILY_ERROR / differences


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

    >>> errors = interval(np.array([0.1, 0.2, 0.3]), (80, 20))
    >>> f"{errors.mean:.2f} [{errors.low:.2f}, {errors.high:.2f}]"
    '0.20 [-0.13, 0.53]'
    """
    seeds = len(values)
    if seeds < 2:
        return Interval(float(values.mean()), -np.inf, np.inf, seeds)
    spread = max(float(values.std(ddof=1)), grain / 12.0**0.5)
    half = _quantile(confidence, seeds) * spread * float(np.sqrt(1.0 / seeds + rows[1] / rows[0]))
    mean = float(values.mean())
    return Interval(mean, mean - half, mean + half, seeds)


@cache
def _quantile(confidence: float, seeds: int) -> float:
    """Kept: scipy takes 60 µs for it, and a grid of 225 points asks a thousand times."""
    return float(t.ppf(0.5 + confidence / 2.0, seeds - 1))


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """The error rate of one run minus that of another, on the same rows.

    :param difference: negative where the first is wrong less often.
    :param low: of the interval.
    :param high: of the interval.
    :param p_value: exact McNemar test.
    :param n: number of rows.
    """

    difference: float
    low: float
    high: float
    p_value: float
    n: int

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0.0 or self.high < 0.0


def paired_difference(first: Bools, second: Bools, *, confidence: float = 0.95) -> PairedDifference:
    """Hold two runs against each other: exact McNemar, and the interval that goes with it.

    The interval is the exact (Clopper-Pearson) one of the share of the first among the rows that
    just one of them gets wrong, scaled to a difference of rates. So it leaves out 0 exactly when
    the test rejects at ``1 - confidence``.

    :param first: ``(N,)``, is the first run wrong here?
    :param second: ``(N,)`` likewise.

    >>> paired_difference(np.array([True] * 8 + [False] * 12), np.zeros(20, dtype=bool)).clear
    True
    """
    n = len(first)
    only_first = int((first & ~second).sum())
    only_second = int((second & ~first).sum())
    discordant = only_first + only_second
    if not discordant:
        return PairedDifference(0.0, 0.0, 0.0, 1.0, n)
    test = binomtest(only_first, discordant)
    interval = test.proportion_ci(confidence, method="exact")
    scale = discordant / n
    return PairedDifference(
        (only_first - only_second) / n,
        (2.0 * float(interval.low) - 1.0) * scale,
        (2.0 * float(interval.high) - 1.0) * scale,
        float(test.pvalue),
        n,
    )
