"""The quick model beside guessing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lossviz.figures.data.hardness import hardness_beside_guessing
from tests.support.shown import hardnesses


@given(st.data())
def test_the_quick_model_stands_beside_guessing(data: st.DataObject) -> None:
    parts = data.draw(st.integers(1, 12))
    hardness = data.draw(hardnesses(parts))
    chart = hardness_beside_guessing(hardness, parts)
    guesses, dots = chart.data
    assert guesses["x"][::3] == [100 * target.guess for target in hardness.targets]
    assert dots["x"] == [100 * target.accuracy for target in hardness.targets]
    colours = dots["marker"]["color"]
    assert ("text" in colours) == (parts > 1)
    assert [row[-1] for row in chart.rows] == [target.verdict for target in hardness.targets]
