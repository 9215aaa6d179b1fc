"""Weights are recommended where they save, nowhere else; what they save holds on fresh texts."""

from __future__ import annotations

from functools import partial

import pytest

from tests.simulations.rows import ONE_UNIT, of_each
from tests.simulations.sweeps import swept

SEPARATE = {"formulation": "components"}
UNIT = {"formulation": "marginals", **ONE_UNIT}


def test_of_separate_heads_no_weights_are_recommended_and_of_one_unit_those_of_the_costs() -> None:
    separate, unit = swept(SEPARATE, 100, 500, 0), swept(UNIT, 200, 500, 0)
    assert not separate.named
    assert not separate.trade
    assert separate.saving == 0.0
    assert unit.named
    assert unit.trade
    assert unit.saving < 0.0


@pytest.mark.slow
def test_of_forty_data_sets_without_a_trade_off_two_at_most_are_told_another_story() -> None:
    sweeps = of_each(partial(swept, SEPARATE, 200, 500), 40)
    assert sum(not each.named for each in sweeps) >= 38
    assert sum(not each.trade for each in sweeps) >= 38


@pytest.mark.slow
def test_with_one_hidden_unit_cheaper_weights_are_named_and_their_saving_holds() -> None:
    sweeps = of_each(partial(swept, UNIT, 200, 2_000), 32)
    assert sum(each.named for each in sweeps[:16]) >= 12
    assert sum(each.trade for each in sweeps) >= 29
    assert sum(each.saving_holds for each in sweeps) >= 0.93 * 32 - 1
    assert sum(each.contrast for each in sweeps) >= 0.93 * 32 - 1
