"""What the Data page draws of a profile."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import Dependence
from lossviz.experiments.closer_look import Hardness, Target
from lossviz.experiments.statistics import ErrorRate
from lossviz.figures import (
    Chart,
    dependence_of_components,
    hardness_beside_guessing,
    height_of_dependence,
)
from lossviz.figures.data.dependence import MOST_DOTS
from tests.figures.test_contract import check, received, strings
from tests.support.figures import NAMES


@st.composite
def dependences(draw: st.DrawFn) -> list[Dependence]:
    found = []
    for _ in range(draw(st.integers(0, 25))):
        low, v, high = sorted(draw(st.tuples(*[st.floats(0, 1)] * 3)))
        first, second = draw(NAMES), draw(NAMES)
        kind = draw(st.sampled_from(["all", "no interval", "nothing"]))
        ends = (low, high) if kind == "all" else (None, None)
        found.append(Dependence(first, second, None if kind == "nothing" else v, *ends, 100))
    return found


@st.composite
def hardnesses(draw: st.DrawFn) -> tuple[Hardness, int]:
    parts = draw(st.integers(1, 12))
    targets = []
    for place in range(parts + (parts > 1)):
        n = draw(st.integers(1, 9999))
        error = ErrorRate.of(draw(st.integers(0, n)), n)
        targets.append(Target(draw(NAMES), place, draw(st.floats(0.01, 0.99)), error, None))
    return Hardness(tuple(targets), 100, 100, 5, 1.0), parts


@given(dependences())
def test_pairs_are_drawn_with_their_intervals_and_the_table_has_all(
    pairs: list[Dependence],
) -> None:
    chart = dependence_of_components(pairs)
    check(chart)
    assert_plain(chart)
    assert [row[:2] for row in chart.rows] == [(own.first, own.second) for own in pairs]
    shown = [own for own in pairs if own.v is not None][:MOST_DOTS]
    dots = chart.data[0]
    assert dots["x"] == [own.v for own in shown]
    for own, right, left in zip(
        shown, dots["error_x"]["array"], dots["error_x"]["arrayminus"], strict=True
    ):
        assert right >= 0 and left >= 0
        assert (right == left == 0) or own.low is not None
    assert (" of " in chart.title.rpartition("intervals")[2]) == (len(shown) < len(pairs))
    assert bool(chart.layout["annotations"]) == (not shown)
    assert height_of_dependence(pairs) <= 96 + 26 * MOST_DOTS


@given(hardnesses())
def test_the_quick_model_stands_beside_guessing(given_: tuple[Hardness, int]) -> None:
    found, parts = given_
    chart = hardness_beside_guessing(found, parts)
    check(chart)
    assert_plain(chart)
    guesses, dots = chart.data
    assert guesses["x"][::3] == [100 * own.guess for own in found.targets]
    assert dots["x"] == [100 * own.accuracy for own in found.targets]
    colours = dots["marker"]["color"]
    assert ("text" in colours) == (parts > 1)
    assert [row[-1] for row in chart.rows] == [own.verdict for own in found.targets]


def test_before_it_is_known_there_is_a_word() -> None:
    chart = hardness_beside_guessing(None, 2)
    check(chart)
    assert chart.rows == () and chart.data == ()
    assert len(chart.layout["annotations"]) == 1


def assert_plain(chart: Chart) -> None:
    """The browser gets the table, and labels are text and not markup."""
    assert [len(own) for own in received(chart)] == [len(chart.rows)] * len(chart.columns)
    for own in strings([chart.data, chart.layout]):
        assert "<" not in own.replace("<extra></extra>", "")
