"""How often the interval of a paired difference holds it: every outcome there can be, weighed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, xlogy

from lossviz.arrays import Doubles, Integers
from lossviz.experiments.runs.paired import paired_interval

ERRORS = (0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
DISCORDANT = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)
SIZES = (60, 200, 1_000, 10_000)
SPREADS, LEAST = 6.5, 12
"""How far from its mean a count is looked at, in standard deviations and in rows."""


@dataclass(frozen=True)
class Case:
    """Shares of the rows that just the first and just the second gets wrong."""

    first: float
    second: float


def cases(errors: tuple[float, ...] = ERRORS) -> Iterator[Case]:
    """Two runs with these errors, or one of them without, where so much of what could be wrong
    in both is wrong in one of them only."""
    known = set()
    for high in errors:
        for low in (0.0, *(error for error in errors if error <= high)):
            for discordant in DISCORDANT:
                shared = (1.0 - discordant) * low
                case = Case(round(high - shared, 9), round(low - shared, 9))
                if case.first + case.second > 0 and case not in known:
                    known.add(case)
                    yield case


def coverage(case: Case, n: int, *, confidence: float = 0.95) -> float:
    """The chance that the interval of ``n`` rows holds the true difference."""
    first, second, chance = _outcomes(case, n)
    low, high = paired_interval(first, second, n, confidence=confidence)
    true = case.first - case.second
    return float(chance[(low <= true) & (true <= high)].sum())


def _outcomes(case: Case, n: int) -> tuple[Integers, Integers, Doubles]:
    first, second = np.meshgrid(_window(case.first, n), _window(case.second, n), indexing="ij")
    neither = n - first - second
    possible = neither >= 0
    first, second, neither = first[possible], second[possible], neither[possible]
    rest = max(1.0 - case.first - case.second, 0.0)
    ways = gammaln(n + 1) - gammaln(first + 1) - gammaln(second + 1) - gammaln(neither + 1)
    chance = np.exp(
        ways + xlogy(first, case.first) + xlogy(second, case.second) + xlogy(neither, rest)
    )
    likely = chance > 1e-12
    return first[likely], second[likely], chance[likely]


def _window(share: float, n: int) -> Integers:
    middle, spread = n * share, SPREADS * (n * share * (1.0 - share)) ** 0.5 + LEAST
    return np.arange(max(0, int(middle - spread)), min(n, int(middle + spread)) + 1)
