"""Intervals: what a few seeds, and so many texts, let one say."""

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

    :param mean: negative where the first is wrong less often.
    :param low: of the interval, see :func:`paired_interval`.
    :param high: of the interval.
    :param p_value: exact McNemar test.
    :param n: number of rows.
    :param confidence: of the interval, and one minus the level of the test.
    """

    mean: float
    low: float
    high: float
    p_value: float
    n: int
    confidence: float = 0.95

    @property
    def leaves_out_zero(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0.0 or self.high < 0.0

    @property
    def clear(self) -> bool:
        """Whether it may be claimed: the test rejects, and the interval leaves out 0. The test is
        exact, so where few rows differ the interval may leave it out alone."""
        return self.leaves_out_zero and self.p_value <= 1.0 - self.confidence


def paired_difference(first: Bools, second: Bools, *, confidence: float = 0.95) -> PairedDifference:
    """Hold two runs against each other: a score interval, and the exact McNemar test.

    :param first: ``(N,)``, is the first run wrong here?
    :param second: ``(N,)`` likewise.

    >>> paired_difference(np.array([True] * 8 + [False] * 12), np.zeros(20, dtype=bool)).clear
    True
    """
    n = len(first)
    only_first = int((first & ~second).sum())
    only_second = int((second & ~first).sum())
    discordant = only_first + only_second
    low, high = paired_interval(
        np.array(only_first), np.array(only_second), n, confidence=confidence
    )
    p_value = float(binomtest(only_first, discordant).pvalue) if discordant else 1.0
    mean = (only_first - only_second) / n
    return PairedDifference(mean, float(low), float(high), p_value, n, confidence)


CONTINUITY = 0.125
"""Rows by which a paired difference must be off to count as off. Without it the interval of 200
rows covers 92.9 % at the worst; with the usual half a row it is too long where few rows differ."""
_HALVINGS = 40


def paired_interval(
    only_first: Integers, only_second: Integers, n: int, *, confidence: float = 0.95
) -> tuple[Doubles, Doubles]:
    """The ends of score intervals of differences of paired proportions, for arrays of one shape.

    All differences δ that ``|b - c - nδ| - 1/8 <= z sqrt(n (2q + δ (1 - δ)))`` does not reject,
    where b and c count the rows that just the first and just the second gets wrong, and q is the
    likeliest share of the latter if δ is true (Tango, Equivalence test and confidence interval for
    the difference in proportions for the paired-sample design, 1998). The eighth of a row is a
    continuity correction between none and the usual half (Laud, Equal-tailed confidence intervals
    for comparison of rates, 2017). Covers 93.7 % or more from 60 rows on, whatever the errors and
    however many rows differ: ``python -m tests.simulations``.

    >>> low, high = paired_interval(np.array(0), np.array(0), 60)
    >>> f"{low:.3f} to {high:.3f}"
    '-0.064 to 0.064'
    """
    z = float(norm.ppf(0.5 + confidence / 2.0))
    low = _lower_end(only_first, only_second, n, z)
    return low, -_lower_end(only_second, only_first, n, z)


def _lower_end(first: Integers, second: Integers, n: int, z: float) -> Doubles:
    """By halving: below it a difference is rejected."""
    rejected, kept = np.full(np.shape(first), -1.0), (first - second) / n
    for _ in range(_HALVINGS):
        middle = (rejected + kept) / 2.0
        b = (2.0 * n - first + second) * middle - first - second
        c = -second * middle * (1.0 - middle)
        q = (np.sqrt(np.maximum(b * b - 8.0 * n * c, 0.0)) - b) / (4.0 * n)
        deviation = np.sqrt(np.maximum(n * (2.0 * q + middle * (1.0 - middle)), 0.0))
        rejects = first - second - n * middle - CONTINUITY > z * deviation
        rejected = np.where(rejects, middle, rejected)
        kept = np.where(rejects, kept, middle)
    return np.asarray(kept)
