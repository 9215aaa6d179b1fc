"""The quick model beside guessing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lossviz.experiments.closer_look import Hardness, Target
from lossviz.experiments.statistics import ErrorRate
from lossviz.figures.data.hardness import hardness_beside_guessing
from tests.figures.test_contract import assert_plain, check
from tests.support.figures import NAMES


@st.composite
def hardnesses(draw: st.DrawFn) -> tuple[Hardness, int]:
    parts = draw(st.integers(1, 12))
    targets = []
    for place in range(parts + (parts > 1)):
        n = draw(st.integers(1, 9999))
        error = ErrorRate.of(draw(st.integers(0, n)), n)
        targets.append(Target(draw(NAMES), place, draw(st.floats(0.01, 0.99)), error, None))
    return Hardness(tuple(targets), 100, 100, 5, 1.0), parts


@given(hardnesses())
def test_the_quick_model_stands_beside_guessing(judged: tuple[Hardness, int]) -> None:
    hardness, parts = judged
    chart = hardness_beside_guessing(hardness, parts)
    check(chart)
    assert_plain(chart)
    guesses, dots = chart.data
    assert guesses["x"][::3] == [100 * target.guess for target in hardness.targets]
    assert dots["x"] == [100 * target.accuracy for target in hardness.targets]
    colours = dots["marker"]["color"]
    assert ("text" in colours) == (parts > 1)
    assert [row[-1] for row in chart.rows] == [target.verdict for target in hardness.targets]


def test_before_it_is_known_there_is_a_word() -> None:
    chart = hardness_beside_guessing(None, 2)
    check(chart)
    assert chart.rows == () and chart.data == ()
    assert len(chart.layout["annotations"]) == 1
