"""How much parts tell of each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import Dependence
from lossviz.figures.data.dependence import (
    MOST_DOTS,
    dependence_of_components,
    height_of_dependence,
)
from tests.figures.test_contract import assert_plain, check
from tests.support.figures import NAMES


@st.composite
def dependences(draw: st.DrawFn) -> list[Dependence]:
    pairs = []
    for _ in range(draw(st.integers(0, 25))):
        low, v, high = sorted(draw(st.tuples(*[st.floats(0, 1)] * 3)))
        first, second = draw(NAMES), draw(NAMES)
        kind = draw(st.sampled_from(["all", "no interval", "nothing"]))
        ends = (low, high) if kind == "all" else (None, None)
        pairs.append(Dependence(first, second, None if kind == "nothing" else v, *ends, 100))
    return pairs


@given(dependences())
def test_pairs_are_drawn_with_their_intervals_and_the_table_has_all(
    pairs: list[Dependence],
) -> None:
    chart = dependence_of_components(pairs)
    check(chart)
    assert_plain(chart)
    assert [row[:2] for row in chart.rows] == [(pair.first, pair.second) for pair in pairs]
    shown = [pair for pair in pairs if pair.v is not None][:MOST_DOTS]
    dots = chart.data[0]
    assert dots["x"] == [pair.v for pair in shown]
    for pair, right, left in zip(
        shown, dots["error_x"]["array"], dots["error_x"]["arrayminus"], strict=True
    ):
        assert right >= 0 and left >= 0
        assert (right == left == 0) or pair.low is not None
    assert (" of " in chart.title.rpartition("intervals")[2]) == (len(shown) < len(pairs))
    assert bool(chart.layout["annotations"]) == (not shown)
    assert height_of_dependence(pairs) <= 96 + 26 * MOST_DOTS
