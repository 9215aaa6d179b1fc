"""The interval of an error rate covers what it says, on average over errors."""

from __future__ import annotations

import pytest

from tests.conftest import ROOT
from tests.simulations.paired import SIZES
from tests.simulations.rates import coverages
from tests.simulations.rows import of_rates
from tests.simulations.table import HEAD, line


@pytest.mark.parametrize("n", SIZES)
def test_wilson_covers_95_percent_on_average_and_never_much_less(n: int) -> None:
    covers = coverages(n)
    assert 0.945 <= sum(covers) / len(covers) <= 0.965
    assert min(covers) >= 0.92


def test_the_readme_has_what_is_printed() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert HEAD in readme
    for row in of_rates(0):
        assert line(row) in readme
