"""Colours."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lossviz.figures.base.palette import (
    CIVIDIS,
    COMPONENTS,
    DASHES,
    SYMBOLS,
    black_from,
    contrast,
    readable_on,
    shade,
)

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06X}".format)
LIGHT, DARK = "#FFFFFF", "#14181D"


@given(COLOURS)
def test_ink_is_readable_on_every_colour(colour: str) -> None:
    assert contrast(readable_on(colour), colour) >= 4.5


@given(st.floats(0, 1))
def test_ink_is_readable_on_every_shade(share: float) -> None:
    assert contrast(readable_on(shade(share)), shade(share)) >= 4.5


@given(st.floats(0, 1))
def test_black_is_the_readable_ink_from_one_share_of_the_scale_on(share: float) -> None:
    assert (readable_on(shade(share)) == "#000000") == (share >= black_from())


def test_shades_meet_the_scale_and_stay_on_it() -> None:
    assert [shade(place) for place, _ in CIVIDIS] == [colour for _, colour in CIVIDIS]
    assert shade(-1.0) == CIVIDIS[0][1]
    assert shade(2.0) == CIVIDIS[-1][1]


def test_shades_grow_brighter() -> None:
    brightness = [contrast(shade(k / 100), "#000000") for k in range(101)]
    assert brightness == sorted(brightness)


def test_the_first_components_can_be_seen_in_both_themes() -> None:
    for colour in COMPONENTS[:3]:
        assert contrast(colour, LIGHT) >= 3
        assert contrast(colour, DARK) >= 3


def test_runs_differ_in_more_than_colour() -> None:
    assert len(set(SYMBOLS.values())) == len(set(DASHES.values())) == 4
