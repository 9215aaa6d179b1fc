"""Grids: which weights are trained, and where each of them stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.errors import LossVizError
from lossviz.experiments.sweep.grid import LEAST_STEPS, MOST_STEPS, Grid


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    components = draw(st.integers(2, 4))
    pair = draw(st.permutations(range(components)))[:2]
    low = draw(st.floats(0.001, 100.0))
    return Grid(
        components,
        (pair[0], pair[1]),
        draw(st.integers(LEAST_STEPS, MOST_STEPS)),
        draw(st.sampled_from(["ratio", "map"])),
        draw(st.floats(0.0, 1000.0)),
        low,
        draw(st.floats(low * 1.1, 1000.0)),
    )


# What is in it


def test_values_are_evenly_spaced_and_written_in_two_digits() -> None:
    assert Grid(2).values == (0.1, 0.22, 0.46, 1.0, 2.2, 4.6, 10.0)
    assert Grid(2, steps=2).values == (0.1, 10.0)
    assert Grid(2, steps=4, low=1.0, high=8.0).values == (1.0, 2.0, 4.0, 8.0)
    assert len(set(Grid(2, steps=MOST_STEPS).values)) == MOST_STEPS


def test_values_that_lie_close_get_as_many_digits_as_keep_them_apart() -> None:
    assert Grid(2, steps=3, low=1.0, high=1.02).values == (1.0, 1.01, 1.02)


@given(grids())
def test_values_ascend_between_the_ends(grid: Grid) -> None:
    values = np.array(grid.values)
    assert len(values) == grid.steps
    assert (np.diff(values) > 0).all()
    assert values[[0, -1]] == pytest.approx([grid.low, grid.high], rel=0.05)


@given(grids())
def test_every_point_has_its_place_and_holds_the_others(grid: Grid) -> None:
    points = np.array(grid.points)
    assert points.shape[1] == grid.components
    assert len(np.unique(points, axis=0)) == len(points)
    first, second = grid.pair
    others = [k for k in range(grid.components) if k not in grid.pair]
    assert (points[:, others] == grid.held).all()
    if grid.kind == "map":
        square = points.reshape(grid.steps, grid.steps, -1)
        assert (square[..., first] == np.array(grid.values)[None, :]).all()
        assert (square[..., second] == np.array(grid.values)[:, None]).all()
    else:
        assert points[:, first] / points[:, second] == pytest.approx(np.array(grid.ratios))
        assert points[:, [first, second]].sum(axis=1) == pytest.approx(2.0)


@given(grids())
def test_equal_weights_are_a_member_once(grid: Grid) -> None:
    ones = (1.0,) * grid.components
    assert grid.members[: len(grid.points)] == grid.points
    assert grid.members.count(ones) == 1
    assert grid.members[grid.equal] == ones
    assert len(grid.members) - len(grid.points) == (ones not in grid.points)


@pytest.mark.parametrize(("steps", "inside"), [(2, False), (3, True), (6, False), (7, True)])
def test_an_odd_map_holds_equal_weights_in_its_middle(steps: int, inside: bool) -> None:
    grid = Grid(2, steps=steps, kind="map")
    assert len(grid.points) == steps**2
    assert (grid.equal == steps**2 // 2) is inside
    assert (grid.equal < len(grid.points)) is inside


@pytest.mark.parametrize("steps", [2, 3, 6, 7])
def test_ratios_always_hold_equal_weights_in_their_middle(steps: int) -> None:
    grid = Grid(2, steps=steps, kind="ratio")
    assert len(grid.points) == 2 * steps - 1
    assert grid.equal == steps - 1
    assert grid.members == grid.points


@given(grids())
def test_all_ratios_have_one_mean_weight_and_only_equal_weights_are_equal(grid: Grid) -> None:
    points = np.array(replace(grid, kind="ratio", held=1.0).points)
    assert points.mean(axis=1) == pytest.approx(1.0)
    alike = np.ptp(points[:, list(grid.pair)], axis=1) < 1e-9
    assert np.flatnonzero(alike).tolist() == [grid.steps - 1]
    assert points[grid.steps - 1] == pytest.approx(1.0)


def test_ratios_are_those_of_the_map() -> None:
    own = Grid(2, steps=3, kind="map")
    shares = {round(alpha / beta, 9) for alpha, beta in own.points}
    assert sorted(shares) == pytest.approx(Grid(2, steps=3, kind="ratio").ratios)


@given(grids())
def test_a_ratio_and_its_inverse_are_both_there(grid: Grid) -> None:
    ratios = np.array(grid.ratios)
    assert (np.diff(ratios) > 0).all()
    assert ratios * ratios[::-1] == pytest.approx(np.ones(len(ratios)))


def test_the_first_of_the_pair_is_alpha_whatever_their_order() -> None:
    given_order, reversed_order = (
        Grid(3, (0, 2), 3, held=0.5, kind="map"),
        Grid(3, (2, 0), 3, held=0.5, kind="map"),
    )
    assert given_order.points[1] == (1.0, 0.5, 0.1)
    assert reversed_order.points[1] == (0.1, 0.5, 1.0)
    assert set(given_order.points) == set(reversed_order.points)
    # Equal weights are 1 for each, so a grid that holds 0.5 has them behind its points.
    assert given_order.equal == len(given_order.points) == 9


# Where it is


@given(grids(), st.sampled_from([0, 1]))
def test_a_line_moves_one_weight_up_and_holds_the_other(grid: Grid, axis: int) -> None:
    lines = grid.lines(axis)
    assert sorted(lines.ravel().tolist()) == list(range(len(grid.points)))
    moved = np.array(grid.points)[lines][..., grid.pair[axis]]
    still = np.array(grid.points)[lines][..., grid.pair[1 - axis]]
    assert (np.diff(moved, axis=1) > 0).all()
    if grid.kind == "map":
        assert (still == still[:, :1]).all()
        assert len(lines) == grid.steps
    else:
        assert (np.diff(still, axis=1) < 0).all()
        assert len(lines) == 1


def test_of_ratios_one_effect_can_be_told() -> None:
    assert Grid(2, kind="map").axes == (0, 1)
    assert Grid(2, kind="ratio").axes == (0,)


@given(grids(), st.data())
def test_the_nearest_to_a_point_is_the_point(grid: Grid, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(grid.points) - 1))
    alpha, beta = (grid.points[place][k] for k in grid.pair)
    assert grid.nearest(alpha, beta) == place


def test_near_is_meant_in_orders_of_magnitude() -> None:
    own = Grid(2, steps=3, kind="map")  # 0.1, 1, 10
    assert own.points[own.nearest(4.0, 1.0)] == (10.0, 1.0)
    assert own.points[own.nearest(3.0, 0.3)] == (1.0, 0.1)
    assert own.points[own.nearest(1e6, 1e-6)] == (10.0, 0.1)
    ratio = Grid(2, steps=3, kind="ratio")
    assert ratio.ratios[ratio.nearest(40.0, 1.0)] == 100.0
    assert ratio.ratios[ratio.nearest(7.0, 8.0)] == 1.0


def test_a_weight_of_zero_is_nearest_to_the_lowest() -> None:
    own = Grid(2, steps=3, kind="map")
    assert own.points[own.nearest(0.0, 1.0)] == (0.1, 1.0)
    assert own.points[own.nearest(10.0, 0.0)] == (10.0, 0.1)
    ratio = Grid(2, steps=3, kind="ratio")
    assert ratio.nearest(0.0, 1.0) == 0
    assert ratio.nearest(1.0, 0.0) == len(ratio.points) - 1


# What cannot be


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"components": 1}, r"single part.*Choose labels with two parts or more\."),
        ({"pair": (1, 1)}, r"pair: expected two different parts among 3, found 2 and 2\."),
        ({"pair": (0, 3)}, r"pair: expected two different parts among 3, found 1 and 4\."),
        ({"pair": (-1, 0)}, r"pair: expected two different parts among 3, found 0 and 1\."),
        ({"steps": 1}, r"grid: expected 2 to 41 values of each weight, found 1\."),
        ({"steps": 42}, r"grid: expected 2 to 41 values of each weight, found 42\."),
        ({"low": 0.0}, r"weights: expected a range between 0 and 1000, found 0 to 10\."),
        ({"low": 10.0}, r"weights: expected a range between 0 and 1000, found 10 to 10\."),
        ({"high": 1001.0}, r"weights: expected a range .*, found 0\.1 to 1001\."),
        ({"high": float("nan")}, r"weights: expected a range .*, found 0\.1 to nan\."),
        ({"held": -0.5}, r"hold: expected a weight from 0 to 1000, found -0\.5\."),
        ({"held": float("nan")}, r"hold: expected a weight from 0 to 1000, found nan\."),
    ],
)
def test_what_cannot_be_a_grid_gets_a_sentence(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(LossVizError, match=says):
        replace(Grid(3, kind="map"), **fields)
