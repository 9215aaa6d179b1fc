"""The interval of a paired difference covers what it says."""

from __future__ import annotations

import pytest

from tests.simulations.paired import SIZES, Case, cases, coverage


@pytest.mark.parametrize(
    ("n", "case"),
    [
        (180, Case(0.08, 0.0)),  # 45 to 72 % where the number of discordant rows was taken as known
        (1_000, Case(0.01, 0.0)),
        (60, Case(0.12, 0.07)),
        (60, Case(0.0, 0.5)),
        (200, Case(0.0058, 0.0297)),  # where Tango's own covers 92.9 %
    ],
)
def test_it_covers_where_others_do_not(n: int, case: Case) -> None:
    assert 0.936 <= coverage(case, n) <= 0.98


@pytest.mark.slow
@pytest.mark.parametrize("n", SIZES)
def test_it_never_covers_less_than_93_percent(n: int) -> None:
    covers = [coverage(case, n) for case in cases()]
    assert min(covers) >= 0.93
    assert 0.945 <= sum(covers) / len(covers) <= 0.97
