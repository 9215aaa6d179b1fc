"""Paired differences: where interval and test end, and where they agree."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import xlogy
from scipy.stats import binomtest

from lossviz.experiments.runs.paired import CONTINUITY, paired_difference, paired_interval
from lossviz.experiments.statistics import Z, family_confidence


@given(
    st.integers(0, 40),
    st.integers(0, 40),
    st.integers(1, 400),
    st.sampled_from([0.95, family_confidence(9)]),
)
def test_a_paired_difference_is_claimed_where_exact_mcnemar_rejects(
    only_first: int, only_second: int, neither: int, confidence: float
) -> None:
    first = np.array([True] * only_first + [False] * (only_second + neither))
    second = np.array([False] * only_first + [True] * only_second + [False] * neither)
    pair = paired_difference(first, second, confidence=confidence)
    assert -1.0 <= pair.low < pair.mean < pair.high <= 1.0
    assert pair.mean == pytest.approx((only_first - only_second) / len(first))
    discordant = only_first + only_second
    p = binomtest(only_first, discordant).pvalue if discordant else 1.0
    assert pair.p_value == pytest.approx(p)
    # The test is exact, so the interval leaves out 0 wherever it rejects, and at times alone.
    assert pair.clear == (p <= 1.0 - confidence)
    assert pair.leaves_out_zero or not pair.clear


@pytest.mark.parametrize(("b", "c", "n"), [(7, 2, 60), (1, 1, 44), (30, 30, 60), (0, 5, 200)])
def test_paired_intervals_end_where_the_score_test_rejects(b: int, c: int, n: int) -> None:
    def score(difference: float) -> float:
        """By the likeliest share of what just the second gets wrong, looked for."""

        def unlikely(q: float) -> float:
            rest = 1.0 - 2.0 * q - difference
            return -float(xlogy(b, q + difference) + xlogy(c, q) + xlogy(n - b - c, rest))

        bounds = max(0.0, -difference) + 1e-12, (1.0 - difference) / 2.0 - 1e-12
        q = minimize_scalar(unlikely, bounds=bounds, method="bounded", options={"xatol": 1e-12}).x
        off = abs(b - c - n * difference) - CONTINUITY
        return float(off / np.sqrt(n * (2.0 * q + difference * (1.0 - difference))))

    for end in paired_interval(np.array(b), np.array(c), n):
        assert score(float(end)) == pytest.approx(Z, rel=1e-3)


def test_paired_intervals_turn_round_and_shrink() -> None:
    b, c = np.array([0, 3, 12, 60]), np.array([0, 9, 5, 0])
    low, high = paired_interval(b, c, 60)
    turned = paired_interval(c, b, 60)
    np.testing.assert_allclose(low, -turned[1])
    np.testing.assert_allclose(high, -turned[0])
    longer = paired_interval(b, c, 60, confidence=0.99)
    assert (longer[0] < low).all()
    assert (longer[1] >= high).all()
    more = paired_interval(b, c, 6_000)
    assert (more[1] - more[0] < high - low).all()
