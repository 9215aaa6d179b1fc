"""The four questions as charts."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.engine.questions import decisions, descents, part_losses
from lossviz.figures import (
    Chart,
    answer_costs,
    couplings,
    losses_along,
    part_gradients,
    two_distributions,
)
from lossviz.losses.questions import Dilemma
from lossviz.losses.questions.encodings import Coordinates
from tests.figures.test_contract import check

SHARES = st.lists(st.floats(0.01, 1.0), min_size=4, max_size=4).map(
    lambda own: tuple(share / sum(own) for share in own)
)
LOGITS = st.lists(st.floats(-50.0, 50.0), min_size=4, max_size=4)


def whole(chart: Chart) -> None:
    check(chart)
    json.dumps(chart.to_json(), allow_nan=False)


@given(SHARES, SHARES)
def test_two_distributions_stand_side_by_side(one: tuple[float], other: tuple[float]) -> None:
    chart = two_distributions("Two", ("true", one), ("product", other))
    whole(chart)
    assert [bars["y"] for bars in chart.data] == [list(one), list(other)]
    assert [row[0] for row in chart.rows] == ["AC", "AD", "BC", "BD"]


def test_what_is_not_defined_is_left_out() -> None:
    p = np.array([0.0, 0.5, 0.25, 0.25])
    chart = two_distributions("Two", ("four", p), ("two", Coordinates.of(p).probabilities()))
    whole(chart)
    assert chart.data[1]["y"] == [None] * 4
    assert "not defined" in chart.alt


@given(LOGITS, st.integers(0, 3))
def test_losses_show_both_ways_and_where_the_reader_is(logits: list[float], true: int) -> None:
    own = part_losses(logits, true)
    chart = losses_along(own)
    whole(chart)
    whole(part_gradients(own))
    assert f"{own.wrong.low:.3g}" in chart.title
    assert chart.data[-1]["y"] == [own.right.loss, own.wrong.loss]


def test_the_gradients_title_says_how_much_force_is_left() -> None:
    own = part_losses([3.0, -1.0, 1.0, 0.0], 0)
    share = np.abs(own.wrong.gradient).sum() / np.abs(own.right.gradient).sum()
    assert f"{100 * share:.2g} %" in part_gradients(own).title


def test_couplings_show_every_start() -> None:
    found = descents((0.4, 0.1, 0.2, 0.3), (-2.0, 0.0, 2.0))
    chart = couplings(found)
    whole(chart)
    names = [trace["name"] for trace in chart.data]
    assert names == ["components", *["marginals"] * 3, *["joint"] * 3]
    assert [row[0] for row in chart.rows[:2]] == [0, 1]
    assert chart.rows[-1][1:] == pytest.approx(
        [end.t for own in found.of.values() for end in own.ends], rel=1e-4
    )


@given(SHARES, st.integers(0, 4), st.floats(0.0, 3.0))
def test_costs_mark_every_change_of_the_cheapest(
    shares: tuple[float, ...], forbidden: int, gamma: float
) -> None:
    allowed = tuple(place != forbidden for place in range(4))
    found = decisions(Dilemma(shares, allowed, gamma=gamma))
    chart = answer_costs(found)
    whole(chart)
    assert len(chart.layout["shapes"]) == len(found.flips)
    assert all(own.label in chart.title for own in found.stretches)
    heights = sorted(own["y"] for own in chart.layout["annotations"] if own.get("xref") == "paper")
    assert len(heights) == len(found.labels)
    assert all(np.diff(heights) > 0)
