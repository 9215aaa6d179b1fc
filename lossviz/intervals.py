"""Intervals: what a mean over a few seeds lets one say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.stats import t

from lossviz.outcome import Doubles


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
    spread = max(float(values.std(ddof=1)), grain / 12.0**0.5)
    half = _quantile(confidence, seeds) * spread * float(np.sqrt(1.0 / seeds + rows[1] / rows[0]))
    mean = float(values.mean())
    return Interval(mean, mean - half, mean + half, seeds)


@cache
def _quantile(confidence: float, seeds: int) -> float:
    """Kept: scipy takes 60 µs for it, and a grid of 225 points asks a thousand times."""
    return float(t.ppf(0.5 + confidence / 2.0, seeds - 1))
