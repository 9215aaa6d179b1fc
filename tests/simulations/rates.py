"""How often the interval of an error rate holds it: every outcome there can be, weighed."""

from __future__ import annotations

import numpy as np
from scipy.stats import binom

from lossviz.experiments.statistics import wilson
from tests.simulations.paired import ERRORS


def coverage(error: float, n: int) -> float:
    """The chance that the Wilson interval of ``n`` rows holds the true rate."""
    wrong = np.arange(n + 1)
    low, high = wilson(wrong, np.full(n + 1, n))
    return float(binom.pmf(wrong, n, error)[(low <= error) & (error <= high)].sum())


def coverages(n: int) -> list[float]:
    """For errors from 1 to 50 %."""
    return [coverage(error, n) for error in ERRORS]
