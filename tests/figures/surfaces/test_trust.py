"""What another picture would have shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lossviz.experiments.surfaces.surface import Slice, Surface
from lossviz.figures.surfaces.trust import other_plane, other_seeds, walk
from tests.figures.surfaces.test_loss_lines import ONES, X, along, heights
from tests.support.shown import shown_surfaces
from tests.support.surfaces import linear

SLICE = Slice("random", 0, ("along", "across"), (), 100, 100, ONES)


def trained(surface: Surface) -> Surface:
    """Of a run that was trained with these weights."""
    return replace(surface, slice=SLICE)


def test_other_planes_are_seen_from_above_on_one_scale() -> None:
    shown = shown_surfaces("B", {"1": trained(linear()), "2": trained(linear(coupling=1.5))})
    charts = [other_plane(shown, view) for view in ("1", "2")]
    assert [chart.title for chart in charts] == [f"B, random plane {seed}: loss" for seed in "12"]
    scales = {(chart.data[0]["zmin"], chart.data[0]["zmax"]) for chart in charts}
    assert len(scales) == 1
    assert all(chart.data[0]["type"] == "contour" for chart in charts)


def test_a_plane_with_a_missing_row_is_not_drawn_yet() -> None:
    surface = trained(linear())
    grids = surface.grids.copy()
    grids[:, -1] = np.nan
    shown = shown_surfaces("B", {"1": surface, "2": replace(surface, grids=grids)})
    assert [bool(other_plane(shown, view).rows) for view in shown.other_planes] == [
        True,
        *2 * [False],
    ]


def test_the_first_of_the_seeds_stands_before_the_others_and_all_ends_are_said() -> None:
    seeds = [along(lambda x, k=k: 1 + k + x) for k in (1, 0, 2)]
    chart = other_seeds(shown_surfaces("B", seeds=seeds), "")
    # The middle of the line is where a training ended.
    assert chart.title == (
        "B and the same experiment from other seeds: training losses from 2.5 to 4.5"
    )
    assert heights(chart.data[-1]) == pytest.approx(2 + X)
    assert "n = 3 seeds" in chart.alt


@pytest.mark.parametrize(("names", "stops"), [("AB", [0, 1]), ("ABC", [0, 1, 2, 3])])
def test_a_walk_of_three_ends_where_it_began(names: str, stops: list[int]) -> None:
    losses = {name: along(lambda x, k=k: k + x) for k, name in enumerate(names)}
    chart = walk(shown_surfaces(names, walk=losses), "")
    assert [shape["x0"] for shape in chart.layout["shapes"]] == stops
    assert f"; {names[-1]}'s goes up to {len(names) + 2}" in chart.title


def test_a_band_holds_the_other_seeds_and_says_how_many() -> None:
    lines = [lambda x: 2.5 + x, *(lambda x, k=k: 1 + k + x for k in range(3))]
    chart = other_seeds(shown_surfaces("A", seeds=[along(line) for line in lines]), "")
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


def test_without_other_seeds_there_is_nothing_to_hold_a_run_against() -> None:
    assert not other_seeds(shown_surfaces("A", seeds=[along(lambda x: 1 + x)]), "").rows
