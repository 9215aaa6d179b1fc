"""The interval of an error rate covers what it says, on average over errors."""

from __future__ import annotations

import pytest

from tests.simulations.paired import SIZES
from tests.simulations.rates import coverages


@pytest.mark.parametrize("n", SIZES)
def test_wilson_covers_95_percent_on_average_and_never_much_less(n: int) -> None:
    covers = coverages(n)
    assert 0.945 <= sum(covers) / len(covers) <= 0.965
    assert min(covers) >= 0.92
