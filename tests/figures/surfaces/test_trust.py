"""What another picture would have shown."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from lossviz.experiments.surfaces.surface import Slice, Surface
from lossviz.figures.surfaces.trust import other_planes, other_seeds, seed_band, walk, whole
from tests.figures.surfaces.test_loss_lines import ONES, X, along, heights
from tests.support.surfaces import linear

SLICE = Slice("random", 0, ("along", "across"), (), 100, 100, ONES)


def trained(surface: Surface) -> Surface:
    """Of a run that was trained with these weights."""
    return replace(surface, slice=SLICE)


def test_other_planes_are_seen_from_above_on_one_scale() -> None:
    planes = {"0": trained(linear()), "1": trained(linear(coupling=1.5))}
    charts = other_planes("B", planes)
    assert [chart.title for chart in charts] == [f"B, random plane {seed}: loss" for seed in "01"]
    scales = {(chart.data[0]["zmin"], chart.data[0]["zmax"]) for chart in charts}
    assert len(scales) == 1
    assert all(chart.data[0]["type"] == "contour" for chart in charts)


def test_a_plane_with_a_missing_row_is_not_whole() -> None:
    surface = linear()
    grids = surface.grids.copy()
    grids[:, -1] = np.nan
    assert list(whole({"0": surface, "1": replace(surface, grids=grids)})) == ["0"]


def test_the_first_of_the_seeds_stands_before_the_others() -> None:
    seeds = [trained(along(lambda x, k=k: 1 + k + x)) for k in (1, 0, 2)]
    chart = other_seeds("B", seeds)
    assert chart.title.startswith("B and the same experiment from other seeds")
    assert heights(chart.data[-1]) == pytest.approx(2 + X)
    assert "n = 3 seeds" in chart.alt


@pytest.mark.parametrize(("names", "stops"), [("AB", [0, 1]), ("ABC", [0, 1, 2, 3])])
def test_a_walk_of_three_ends_where_it_began(names: str, stops: list[int]) -> None:
    losses = {name: trained(along(lambda x, k=k: k + x)) for k, name in enumerate(names)}
    chart = walk(losses)
    assert [shape["x0"] for shape in chart.layout["shapes"]] == stops
    assert f"; {names[-1]}'s goes up to {len(names) + 2}" in chart.title


def test_a_band_holds_the_other_seeds_and_says_how_many() -> None:
    others = [along(lambda x, k=k: 1 + k + x) for k in range(3)]
    chart = seed_band(("A", along(lambda x: 2.5 + x)), others, ONES, title="T")
    band, *thin, run = chart.data
    edge = heights(band)
    assert edge[: len(X)] == pytest.approx(3 + X)
    assert edge[len(X) :] == pytest.approx((1 + X)[::-1])
    assert len(thin) == 3
    assert run["line"]["width"] > 2 * max(other["line"]["width"] for other in thin)
    assert "n = 4 seeds" in chart.layout["xaxis"]["title"]["text"]
    assert "n = 4 seeds" in chart.alt
    assert chart.rows[0] == (0.0, 2.5, 1.0, 3.0)
    chart.figure()


def test_without_other_seeds_there_is_a_line_alone() -> None:
    chart = seed_band(("A", along(lambda x: 1 + x)), [], ONES, title="T")
    assert len(chart.data) == 1
    assert "n = 1 seed." in chart.alt
    json.dumps(chart.to_json(), allow_nan=False)
