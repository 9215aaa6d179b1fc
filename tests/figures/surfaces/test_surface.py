"""The pictures of a loss surface."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.experiments.surfaces.surface import Surface
from lossviz.figures import Chart, View, loss_surface, surface_top
from lossviz.figures.base.heights import ENDS, NOTHING, Heights, round_up, surface_bottom
from lossviz.figures.surfaces.explorer import live_chart, live_surface
from lossviz.ui.parts.weights import released
from tests.support.surfaces import CORNERS, LINE, grouped, holed, linear, tempered, tracked

AXES = ("u: log odds of A against B", "v: log odds of C against D")
VIEWS: tuple[View, ...] = ("3d", "contour")
WEIGHTS = st.lists(st.floats(0.0, 1000.0), min_size=3, max_size=3)
SURFACES = st.sampled_from([linear(), linear(1.0, joint=1.0), tempered(), grouped()])


def drawn(
    surface: Surface, weights: list[float], view: View, axes: tuple[str, str] = AXES
) -> Chart:
    top = surface_top([surface], weights)
    return loss_surface(
        surface, weights, title="A marginals", axes=axes, corners=CORNERS, view=view, top=top
    )


def logarithmic(surface: Surface, weights: list[float], view: View) -> Chart:
    top, bottom = surface_top([surface], weights), surface_bottom([surface], weights)
    return loss_surface(
        surface,
        weights,
        title="A marginals",
        axes=AXES,
        corners=CORNERS,
        view=view,
        top=top,
        scale="log",
        bottom=bottom,
    )


def numbers(own: dict[str, Any]) -> np.ndarray:
    flat = np.frombuffer(b64decode(own["bdata"]), "<f4")
    return flat.reshape([int(size) for size in own.get("shape", str(len(flat))).split(",")])


@pytest.mark.parametrize("view", VIEWS)
@given(SURFACES, WEIGHTS)
def test_heights_and_table_are_the_loss(view: View, surface: Surface, weights: list[float]) -> None:
    chart = drawn(surface, weights, view)
    loss = surface.at(weights)
    np.testing.assert_allclose(numbers(chart.data[0]["z"]), loss, 1e-5, 1e-12, equal_nan=False)
    assert chart.columns == (*AXES, *surface.names, "loss")
    x, y, *grids, last = chart.values
    np.testing.assert_allclose(last, loss.ravel(), 1e-5, 1e-12, equal_nan=False)
    expected = surface.grids.reshape(len(grids), -1)
    np.testing.assert_allclose(np.stack(grids), expected, 1e-6, 1e-12, equal_nan=False)
    row = 7 * len(LINE) + 30
    assert (x[row], y[row]) == (surface.x[30], surface.y[7])


@given(st.lists(SURFACES, min_size=1, max_size=4), WEIGHTS)
def test_surfaces_side_by_side_share_a_round_scale_that_holds_them_all(
    surfaces: list[Surface], weights: list[float]
) -> None:
    top = surface_top(surfaces, weights)
    most = max(float(own.at(weights).max()) for own in surfaces)
    assert most <= top
    assert float(f"{top:.9e}".partition("e")[0]) in ENDS
    assert top <= 1.5 * most * (1 + 1e-9) or most <= NOTHING
    for own in surfaces:
        solid, flat = (
            loss_surface(own, weights, title="A", axes=AXES, view=view, top=top) for view in VIEWS
        )
        assert (solid.data[0]["cmin"], solid.data[0]["cmax"]) == (0.0, top)
        assert solid.layout["scene"]["zaxis"]["range"][1] == top
        assert (flat.data[0]["zmin"], flat.data[0]["zmax"]) == (0.0, top)
        assert solid.data[0]["colorscale"] == flat.data[0]["colorscale"]


@given(st.lists(SURFACES, min_size=1, max_size=4), WEIGHTS)
def test_a_logarithmic_scale_begins_at_a_round_number_or_far_below_its_top(
    surfaces: list[Surface], weights: list[float]
) -> None:
    top, bottom = surface_top(surfaces, weights), surface_bottom(surfaces, weights)
    losses = np.concatenate([own.at(weights).ravel() for own in surfaces])
    least = losses[losses > 0].min(initial=np.inf)
    assert top / 1e4 <= bottom < top
    assert bottom <= least or bottom == pytest.approx(top / 1e4)
    round_one = any(f"{bottom:.9e}".startswith(f"{end:.9e}".partition("e")[0]) for end in ENDS)
    assert round_one or bottom in (pytest.approx(top / 1e4), pytest.approx(top / 2))


@pytest.mark.parametrize("view", VIEWS)
def test_a_logarithmic_scale_draws_logarithms_and_says_losses(view: View) -> None:
    surface, weights = linear(), [2.0, 0.5, 1.0]
    chart, loss = logarithmic(surface, weights, view), surface.at(weights)
    assert numbers(chart.data[0]["z"]) == pytest.approx(np.log10(loss), abs=1e-5)
    assert chart.values[-1] == pytest.approx(loss.ravel(), rel=1e-5)
    said = np.array(chart.data[0]["customdata"])
    assert (said.T if view == "3d" else said) == pytest.approx(loss, rel=1e-5)
    scale = chart.layout["scene"]["zaxis"] if view == "3d" else chart.data[0]["colorbar"]
    assert [float(own) for own in scale["ticktext"]] == pytest.approx(
        10.0 ** np.array(scale["tickvals"])
    )
    assert 2 <= len(scale["ticktext"]) <= 8
    assert chart.alt == drawn(surface, weights, view).alt


@given(st.floats(1e-6, 1e6), st.floats(1.5, 1e4))
def test_a_logarithmic_scale_has_a_few_numbers_within_its_ends(bottom: float, times: float) -> None:
    own = Heights("log", bottom, bottom * times)
    ticks = own.ticks()
    low, high = own.ends
    assert len(ticks["tickvals"]) <= 8
    assert all(low - 1e-6 <= tick <= high + 1e-6 for tick in ticks["tickvals"])
    assert len(ticks["tickvals"]) >= 1 or times < 2


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("draw", [drawn, logarithmic])
def test_what_is_not_finite_is_a_hole(view: View, draw: Any) -> None:
    surface, weights = holed(tracked(linear())), [1.0, 1.0, 1.0]
    chart = draw(surface, weights, view)
    json.dumps(chart.to_json(), allow_nan=False)
    assert surface_top([surface], weights) < 20
    z = numbers(chart.data[0]["z"])
    assert np.isnan(z[:8, :8]).all()
    assert np.isfinite(z[8:]).all()
    assert "nan" not in chart.alt
    assert "inf" not in chart.alt
    nowhere = replace(linear(), grids=np.full_like(linear().grids, np.nan))
    assert "finite nowhere" in draw(nowhere, weights, view).alt


@given(st.floats(1e-6, 1e6))
def test_rounding_up_keeps_round_numbers(value: float) -> None:
    once = round_up(value)
    assert once >= value
    assert round_up(once) == pytest.approx(once)


@pytest.mark.parametrize(("view", "axis"), [("3d", "zaxis"), ("contour", None)])
def test_the_scale_has_its_unit(view: View, axis: str | None) -> None:
    chart = drawn(linear(), [1.0, 1.0, 1.0], view)
    scale = chart.layout["scene"][axis] if axis else chart.data[0]["colorbar"]
    assert scale["title"]["text"] == "loss, nats"


@pytest.mark.parametrize("view", VIEWS)
def test_each_corner_has_its_name_where_it_is(view: View) -> None:
    chart = drawn(linear(), [3.0, 1.0, 1.0], view)
    layout = chart.layout["scene"] if view == "3d" else chart.layout
    places = {own["text"]: (own["x"], own["y"]) for own in layout["annotations"]}
    assert places == {"AC": (6, 6), "AD": (6, -6), "BC": (-6, 6), "BD": (-6, -6)}
    if view == "3d":
        heights = {own["text"]: own["z"] for own in layout["annotations"]}
        assert sorted(heights, key=heights.__getitem__) == ["AC", "AD", "BC", "BD"]


def test_the_alt_says_how_high_it_is_and_where_it_is_lowest() -> None:
    assert drawn(linear(), [2.0, 0.5, 1.0], "3d").alt == (
        "A marginals. The loss goes from 0.00619 to 15; it is smallest at 6 of “u: log odds "
        "of A against B” and 6 of “v: log odds of C against D”."
    )


@pytest.mark.parametrize("view", VIEWS)
@given(SURFACES)
def test_what_goes_to_the_browser_is_whole_and_has_every_number_once(
    view: View, surface: Surface
) -> None:
    chart = drawn(surface, [1.0, 2.0, 3.0], view)
    bare, sent = live_chart(chart), live_surface(surface)
    assert bare["values"] == []
    assert "bdata" not in json.dumps(bare)
    assert numbers(sent["x"]) == pytest.approx(surface.x)
    assert numbers(sent["y"]) == pytest.approx(surface.y)
    grids = numbers(sent["grids"]).reshape(surface.grids.shape)
    assert grids == pytest.approx(surface.grids)
    assert json.loads(json.dumps(sent, allow_nan=False))["mix"]


@given(st.floats(0.1, 5.0), st.floats(-3.0, 3.0))
def test_ticks_of_a_scene_keep_away_from_its_edges(half: float, middle: float) -> None:
    line = np.linspace(middle - half, middle + half, 11, dtype=np.float32)
    own = linear()
    surface = Surface("joint", line, line, own.names, own.grids[:, :11, :11], own.mix)
    edge = drawn(surface, [1.0, 1.0, 1.0], "3d").layout["scene"]["xaxis"]
    low, high = edge["range"]
    assert 2 <= len(edge["tickvals"]) <= 7
    assert all(low < tick < high for tick in edge["tickvals"])


def test_what_was_let_go_of_is_kept_within_its_limits() -> None:
    state = {"released": {"serial": 3, "weights": [2, 5e9, -1.0]}}
    assert released(state, 3) == (3, (2.0, 1000.0, 0.0))


@pytest.mark.parametrize(
    "weights",
    [[1.0], [1.0, 2.0, 3.0, 4.0], [1.0, None, 2.0], [True, 1.0, 1.0], ["1", 1.0, 1.0], "123", None]
    + [[1.0, odd, 1.0] for odd in (float("nan"), float("inf"), float("-inf"))],
)
def test_what_does_not_look_like_weights_is_not_listened_to(weights: object) -> None:
    assert released({"released": {"serial": 1, "weights": weights}}, 3) is None


@pytest.mark.parametrize("state", [None, {}, {"released": None}, {"released": [1]}, "x"])
def test_before_anything_was_let_go_of_there_are_no_weights(state: object) -> None:
    assert released(state, 3) is None
