"""Whoever asks for much costs a neighbour little, and after they have gone nothing."""

from __future__ import annotations

import pytest

from tests.load.neighbour import OTHERS, measure

pytestmark = pytest.mark.slow
KEPT = 0.8
"""The share of its updates that a neighbour keeps, whatever others ask for."""
GROWN = 500.0
"""MB that workers may take for it."""


@pytest.mark.parametrize("name", OTHERS)
def test_a_neighbour_keeps_most_of_its_updates_and_all_once_they_are_gone(name: str) -> None:
    left = measure(OTHERS[name], 12.0)
    print(left.line(name))
    beside, after = left.kept
    assert beside > KEPT, left.line(name)
    assert after > 0.95, left.line(name)
    (_, before), (_, during), _ = left.memory
    assert during - before < GROWN, left.line(name)
