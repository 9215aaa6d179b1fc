"""Where trainings went, on a surface."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.experiments.surfaces.surface import Surface
from lossviz.figures import Chart, View, loss_surface
from lossviz.figures.base.heights import Heights
from lossviz.figures.surfaces.explorer import live_chart, live_surface
from lossviz.figures.surfaces.tracks import interpolated, solid_tracks
from tests.support.surfaces import LINE, holed, linear, single, tracked

WEIGHTS = [2.0, 0.5, 1.0]
VIEWS: tuple[View, ...] = ("3d", "contour")
PLACES = st.floats(-6.0, 6.0)


def drawn(surface: Surface, view: View) -> Chart:
    return loss_surface(surface, WEIGHTS, title="T", axes=("u", "v"), view=view, top=15.0)


def numbers(own: dict[str, Any]) -> np.ndarray:
    return np.frombuffer(b64decode(own["bdata"]), "<f4")


@given(PLACES, PLACES, st.tuples(*[st.floats(-3.0, 3.0)] * 4))
def test_between_the_points_of_a_grid_a_bilinear_function_is_met_exactly(
    x: float, y: float, of: tuple[float, float, float, float]
) -> None:
    def plane(u: Any, v: Any) -> Any:
        return of[0] + of[1] * u + of[2] * v + of[3] * u * v

    values = plane(*np.meshgrid(LINE.astype(float), LINE.astype(float)))
    assert interpolated(linear(), values, [x], [y])[0] == pytest.approx(plane(x, y), abs=1e-4)


def test_outside_the_plane_its_border_counts_and_around_a_hole_what_is_finite() -> None:
    surface = linear()
    loss = surface.at(WEIGHTS)
    assert interpolated(surface, loss, [-99.0, 99.0], [-99.0, 99.0]) == pytest.approx(
        [loss[0, 0], loss[-1, -1]]
    )
    loss[0, 0] = np.inf
    near = interpolated(surface, loss, [LINE[0] + 0.1], [LINE[0] + 0.1])[0]
    assert loss[:2, :2].min() <= near <= max(loss[0, 1], loss[1, 0])
    loss[:2, :2] = np.nan
    assert np.isnan(interpolated(surface, loss, [LINE[0] + 0.1], [LINE[0] + 0.1]))[0]


def test_on_a_solid_a_track_lies_just_above_the_loss() -> None:
    surface = tracked(linear())
    loss, heights = surface.at(WEIGHTS), Heights("linear", 0.0, 15.0)
    halo, way = solid_tracks(surface, loss, heights)
    x, y, z = (numbers(way[key]) for key in ("x", "y", "z"))
    above = z - interpolated(surface, loss, x, y)
    assert above == pytest.approx(np.full(len(x), 0.25), abs=1e-4)
    assert (numbers(halo["z"]) < z).all()
    steps = np.hypot(np.diff(x), np.diff(y))
    assert steps.max() < LINE[1] - LINE[0]
    assert (x[0], y[-1]) == pytest.approx((surface.tracks[0].x[0], surface.tracks[0].y[-1]))


@pytest.mark.parametrize("view", VIEWS)
def test_every_point_of_a_track_says_run_step_and_loss(view: View) -> None:
    surface = tracked(linear())
    way = drawn(surface, view).data[2]
    assert way["hovertemplate"].startswith("A, step %{customdata[0]:,} · loss %{customdata[1]}")
    own, loss = surface.tracks[0], surface.at(WEIGHTS)
    for step, said, k in way["customdata"]:
        assert step == own.steps[k]
        expected = interpolated(surface, loss, own.x[k : k + 1], own.y[k : k + 1])[0]
        assert float(said) == pytest.approx(expected, rel=5e-3)


def test_marks_are_the_start_the_moves_and_the_end() -> None:
    surface = tracked(linear(), "AB")
    flat = drawn(surface, "contour")
    first = flat.data[3]["marker"]["symbol"]
    assert first == ["circle", "triangle-down", "triangle-down", "circle"]
    assert flat.data[6]["marker"]["symbol"] == ["circle", "square"]
    assert [own["text"] for own in flat.layout["annotations"]] == ["A", "B"]
    solid = drawn(surface, "3d").layout["scene"]["annotations"]
    assert [own["text"] for own in solid] == ["○", "▾", "▾", "● A", "○", "■ B"]


@pytest.mark.parametrize("view", VIEWS)
def test_a_run_that_has_not_moved_is_its_marker_alone(view: View) -> None:
    chart = drawn(single(linear()), view)
    assert [own["mode"] for own in chart.data[1:]] == ["markers"]
    if view == "3d":
        assert [own["text"] for own in chart.layout["scene"]["annotations"]] == ["▲ D"]
    else:
        assert chart.data[1]["marker"]["symbol"] == ["triangle-up"]


def test_a_letter_at_the_right_edge_stands_at_the_left_of_its_mark() -> None:
    surface = single(linear())
    surface.tracks[0].x[0] = 5.9
    assert drawn(surface, "contour").layout["annotations"][0]["xanchor"] == "right"


def test_the_alt_says_where_each_track_ends() -> None:
    alt = drawn(single(tracked(linear())), "3d").alt
    assert " Run A is at loss 0.0996 after step 1,200; weights were moved 2×." in alt
    assert alt.endswith("after step 300.")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("surface", [tracked(linear(), "ABC"), holed(tracked(linear()))])
def test_tracks_are_whole_in_what_goes_to_the_browser(view: View, surface: Surface) -> None:
    chart = drawn(surface, view)
    sent = live_chart(chart)
    json.dumps(sent, allow_nan=False)
    for own, whole in zip(sent["data"][1:], chart.data[1:], strict=True):
        assert "z" not in own
        assert numbers(own["x"]) == pytest.approx(numbers(whole["x"]))
        assert numbers(own["y"]) == pytest.approx(numbers(whole["y"]))
    assert [own["name"] for own in live_surface(surface)["tracks"]] == [
        own.name for own in surface.tracks
    ]
    chart.figure()
