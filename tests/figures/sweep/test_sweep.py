"""What the charts of a sweep show."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from typing import Any

import numpy as np
import pytest

from lossviz.experiments.study.plan import Arm
from lossviz.experiments.sweep.choice import front as chosen_front
from lossviz.experiments.sweep.effects import effects
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.words import signed
from lossviz.figures import Chart
from lossviz.figures.sweep.effects import effect_sizes
from lossviz.figures.sweep.error_plane import Spot
from lossviz.figures.sweep.front import front
from lossviz.figures.sweep.quantities import wrong_on
from lossviz.figures.sweep.sweep_lines import cost_by_ratio, errors_by_ratio
from lossviz.figures.sweep.sweep_map import cost_map, error_map
from tests.figures.test_contract import check, received, strings
from tests.support.sweep_results import flat, result, trade, until

MAP, RATIO = Grid(2, kind="map"), Grid(2, kind="ratio")
COSTS = np.array([1.0, 2.0, 0.5])
ODD = ("<b>bold</b>", '<a href="http://x.invalid">x</a>')
OURS = re.compile(r"<br>|<span style=\"color:#[0-9A-F]{6}\">|</span>|<extra>|</extra>")


def charts(own: SweepResult) -> list[Chart]:
    found = [front(own), effect_sizes(own, effects(own))]
    costs = np.ones(len(own.schema.names) + 1)
    if own.grid.kind == "ratio":
        return [errors_by_ratio(own), cost_by_ratio(own, costs), *found]
    maps = [error_map(own, target) for target in range(len(own.schema.names) + 1)]
    return [*maps, cost_map(own, costs), *found]


def three() -> SweepResult:
    return result(
        flat(Grid(3, pair=(2, 0), kind="map"), components=3),
        grid=Grid(3, pair=(2, 0), kind="map"),
        names="abc",
    )


RESULTS = {
    "map": lambda: result(trade()),
    "map, odd names": lambda: result(trade(), names=ODD),
    "map, a tenth of a seed": lambda: result(until(trade(), 5)),
    "map, two seeds and a bit": lambda: result(until(trade(), 9, 2)),
    "map, one seed": lambda: result(trade(seeds=1)),
    "map, even": lambda: result(
        trade(Grid(2, steps=4, kind="map")), grid=Grid(2, steps=4, kind="map")
    ),
    "map, fine": lambda: result(
        trade(Grid(2, steps=15, kind="map"), seeds=3), grid=Grid(2, steps=15, kind="map")
    ),
    "map, the other way round": lambda: result(flat(), grid=Grid(2, pair=(1, 0), kind="map")),
    "map, nothing is ever wrong": lambda: result(np.zeros((49, 3, 3))),
    "map, everything is": lambda: result(np.ones((49, 3, 3))),
    "ratio": lambda: result(trade(RATIO), grid=RATIO),
    "ratio, odd names": lambda: result(trade(RATIO), grid=RATIO, names=ODD),
    "ratio, one point": lambda: result(until(trade(RATIO), 1), grid=RATIO),
    "ratio, one seed": lambda: result(trade(RATIO, seeds=1), grid=RATIO),
    "three parts": three,
}


@pytest.mark.parametrize("name", RESULTS)
def test_plotly_accepts_it_and_labels_are_text(name: str) -> None:
    for chart in charts(RESULTS[name]()):
        check(chart)
        sent = json.dumps(chart.to_json(), allow_nan=False)
        assert "NaN" not in sent
        assert len(received(chart)) == len(chart.columns)
        for own in strings([chart.data, chart.layout]):
            assert "<" not in OURS.sub("", own)


@pytest.mark.parametrize("grid", [MAP, RATIO])
def test_before_the_first_result_there_is_a_frame_and_a_word(grid: Grid) -> None:
    nothing = result(np.full((len(grid.members), 5, 3), np.nan), grid=grid)
    for chart in charts(nothing):
        check(chart)
        assert chart.data == ()
        assert len(chart.layout["annotations"]) == 1
        assert chart.rows == ()


def test_axes_of_maps_and_ratios_are_where_they_will_be() -> None:
    for grid, draw in ((MAP, lambda own: error_map(own, 0)), (RATIO, errors_by_ratio)):
        nothing = result(np.full((len(grid.members), 5, 3), np.nan), grid=grid)
        before, after = draw(nothing).layout, draw(result(trade(grid), grid=grid)).layout
        assert before["margin"] == after["margin"]
        assert before["xaxis"]["range"] == after["xaxis"]["range"]
        assert before["xaxis"]["tickvals"] == after["xaxis"]["tickvals"]


def heat(chart: Chart) -> dict[str, Any]:
    return chart.data[0]


def unpacked(values: dict[str, str]) -> np.ndarray:
    own = np.frombuffer(b64decode(values["bdata"]), f"<{values['dtype']}")
    return own.reshape([int(size) for size in values["shape"].split(",")])


def test_a_map_is_row_by_row_and_says_its_numbers() -> None:
    own = result(trade())
    chart = error_map(own, 0)
    low, high = (f"{100 * own.means[place, 0]:.1f} %" for place in (42, 6))
    assert chart.title == f"Wrong on first: {low} at α 0.1, β 10 and {high} at α 10, β 0.1"
    cells = unpacked(heat(chart)["z"])
    alpha, beta = 5, 2
    place = own.grid.points.index((own.grid.values[alpha], own.grid.values[beta]))
    assert cells[beta, alpha] == pytest.approx(100 * own.means[place, 0], rel=1e-5)
    assert heat(chart)["customdata"][beta][alpha] == [place]
    said = heat(chart)["hovertext"][beta][alpha]
    assert re.fullmatch(
        r"α 4.6, β 0.46<br>wrong on first: [\d.]+ % \[[\d.]+, [\d.]+\], n = 1,000, 5 seeds", said
    )
    assert chart.layout["xaxis"]["title"]["text"] == "α, weight of first"
    assert chart.layout["yaxis"]["title"]["text"] == "β, weight of second"
    assert chart.columns == ("α", "β", "error, %", "low", "high", "seeds")
    assert chart.rows[place][:2] == (4.6, 0.46)


def test_numbers_stand_in_the_cells_that_are_trained() -> None:
    own = result(until(trade(), 20))
    texts = error_map(own, 0).data[1:]
    assert sum(len(trace["text"]) for trace in texts) == 20
    assert {trace["textfont"]["color"] for trace in texts} == {"#000000", "#FFFFFF"}
    fine = Grid(2, steps=15, kind="map")
    chart = error_map(result(trade(fine, seeds=1), grid=fine), 0)
    assert len(chart.data) == 1
    assert heat(chart)["showscale"]
    assert chart.layout["xaxis"]["ticktext"] == ["0.1", "0.2", "0.5", "1", "2", "5", "10"]
    assert chart.layout["xaxis"]["tickvals"][3] == pytest.approx(7.0)


def span(chart: Chart) -> float:
    return float(heat(chart)["zmax"] - heat(chart)["zmin"])


def test_a_map_of_noise_looks_flat() -> None:
    errors = flat(seeds=4, noise=0.02)
    chart = error_map(result(errors), 0)
    error = 100 * np.median(errors[:, :, 0].std(axis=1, ddof=1)) / 2
    means = 100 * errors[:, :, 0].mean(axis=1)
    assert span(chart) >= 4 * error
    assert np.ptp(means) <= 0.75 * span(chart)
    assert (heat(chart)["zmin"] + heat(chart)["zmax"]) / 2 == pytest.approx(
        (means.min() + means.max()) / 2
    )


def test_seeds_that_differ_from_each_other_do_not_make_an_effect() -> None:
    level = np.array([0.0, 0.03, -0.03, 0.06])[:, None]
    chart = error_map(result(flat(seeds=4, noise=0.0005) + level), 0)
    assert span(chart) >= 4 * 100 * level.std(ddof=1) / 2


def test_a_single_seed_has_a_scale_of_a_point_at_least() -> None:
    assert span(error_map(result(np.full((49, 1, 3), 0.3)), 0)) == pytest.approx(1.0)
    assert span(cost_map(result(np.full((49, 1, 3), 0.3)), COSTS)) == pytest.approx(0.02)


def test_a_cost_map_says_what_the_cheapest_point_costs_where_it_was_not_chosen() -> None:
    own = result(trade(noise=0.0))
    found = cost_map(own, COSTS)
    assert found.title == "Cost per text: ◆ 1.05, the cheapest point on other folds; 1.15 at 1:1"
    assert "cost per text: 1.05 [" in heat(found)["hovertext"][6][0]
    diamond = named(found, "chosen")
    assert (round(diamond["x"][0]), round(diamond["y"][0])) == (0, 6)


@pytest.mark.parametrize("grid", [MAP, RATIO])
def test_the_least_of_noise_is_not_said_to_be_low(grid: Grid) -> None:
    """In one fold alone a point is far the cheapest: what it has there is not what it costs."""
    errors = flat(grid, noise=0.0)
    errors[3, 0, 0] -= 0.2
    own = result(errors, grid=grid)
    found = (cost_map if grid.kind == "map" else cost_by_ratio)(own, np.array([1.0, 1.0, 0.0]))
    assert "least" not in found.title
    assert found.title.startswith("Cost per text: ◆ 0.600, the cheapest point")
    assert named(found, "chosen")["x"]


def test_before_two_folds_nothing_is_chosen() -> None:
    for grid, draw in ((MAP, cost_map), (RATIO, cost_by_ratio)):
        own = result(trade(grid, seeds=1), grid=grid)
        assert {"chosen", "line"}.isdisjoint(str(trace.get("name")) for trace in front(own).data)
        assert "chosen" not in [trace.get("name") for trace in draw(own, COSTS).data]
        assert "other folds" not in front(own).title + draw(own, COSTS).title


def named(chart: Chart, name: str) -> dict[str, Any]:
    return next(own for own in chart.data if own.get("name") == name)


def test_lines_over_the_ratio_with_their_intervals() -> None:
    own = result(trade(RATIO), grid=RATIO)
    chart = errors_by_ratio(own)
    low, high = 100 * own.means[0], 100 * own.means[-1]
    assert chart.title == (
        f"From 1:100 to 100:1 wrong on first {low[0]:.1f} to {high[0]:.1f} %, second "
        f"{low[1]:.1f} to {high[1]:.1f} %, the whole label {low[2]:.1f} to {high[2]:.1f} %"
    )
    line = named(chart, "wrong on first")
    assert line["x"] == pytest.approx(RATIO.ratios)
    assert line["customdata"] == [[place] for place in range(13)]
    assert chart.layout["xaxis"]["ticktext"] == ["1:100", "1:10", "1:1", "10:1", "100:1"]
    assert sum(trace.get("fill") == "toself" for trace in chart.data) == 3
    assert [row[0] for row in chart.rows][5:8] == ["1:2.2", "1:1", "2.2:1"]
    assert chart.rows[0][-1] == 5
    (equal, *_) = chart.layout["shapes"]
    assert equal["x0"] == equal["x1"] == 1


def test_intervals_come_with_the_third_seed() -> None:
    for seeds, bands in ((2, 0), (3, 3)):
        own = result(trade(RATIO, seeds=seeds), grid=RATIO)
        chart = errors_by_ratio(own)
        assert sum(trace.get("fill") == "toself" for trace in chart.data) == bands
        assert (chart.rows[0][2] != "") is bool(bands)


def test_noise_over_the_ratio_does_not_fill_the_height() -> None:
    chart = errors_by_ratio(result(flat(RATIO, noise=0.0001) * [1.0, 1.0, 0.6], grid=RATIO))
    low, high = chart.layout["yaxis"]["range"]
    assert high - low >= 4


def test_names_at_the_ends_of_lines_do_not_cover_each_other() -> None:
    chart = errors_by_ratio(result(flat(RATIO) * [1.0, 1.0, 0.6], grid=RATIO))
    low, high = chart.layout["yaxis"]["range"]
    heights = sorted(own["y"] for own in chart.layout["annotations"] if own["text"][-1] != "s")
    assert len(heights) == 3
    assert np.diff(heights).min() >= 0.07 * (high - low)


def test_the_line_goes_through_what_was_chosen_on_other_folds() -> None:
    own = result(trade(noise=0.02))
    chart, choices = front(own), chosen_front(own)
    assert chart.title == "Errors on first and second: 49 points; line: chosen on other folds"
    line, chosen = named(chart, "line"), named(chart, "chosen")
    each = [[own.errors[choice.points[j], j, :2] for j in range(5)] for choice in choices]
    means = 100 * np.array(each).mean(axis=1)
    assert line["x"] == chosen["x"] == pytest.approx(means[:, 0])
    assert line["y"] == chosen["y"] == pytest.approx(means[:, 1])
    assert chosen["customdata"] == [[choice.mostly] for choice in choices]
    rows = [row for row in chart.rows if row[6]]
    assert str(rows[0][6]).startswith("100:1")
    assert [row[2] for row in rows] == pytest.approx(means[:, 0], abs=0.05)


def test_of_noise_the_line_does_not_lie_below_the_points() -> None:
    """The least of 49 points with the same errors looks 2.2 standard errors lower than it is; what
    choosing gives does not: 0.3 is what all have."""
    levels = []
    for seed in range(20):
        errors = 0.3 + 0.02 * np.random.default_rng(seed).standard_normal((49, 5, 3))
        errors[..., 2] += 0.2
        own = result(errors)
        levels += [error.mean for choice in chosen_front(own) for error in choice.errors[:2]]
        assert own.means[:, 0].min() < 0.29
    assert np.mean(levels) == pytest.approx(0.3, abs=0.003)


def test_every_point_is_drawn_and_none_is_picked_out() -> None:
    points, bars = (named(front(result(trade(noise=0.02))), name) for name in ("points", "spread"))
    assert [place for (place,) in points["customdata"]] == list(range(49))
    assert bars["opacity"] < points["opacity"]


def test_equal_weights_and_the_ends_have_names() -> None:
    chart = front(result(trade(noise=0.0)))
    texts = [own["text"] for own in chart.layout["annotations"]]
    assert texts == ["1:1", "costs 100:1", "costs 1:100"]
    even = Grid(2, steps=4, kind="map")
    chart = front(result(trade(even), grid=even))
    assert named(chart, "equal weights")["customdata"] == [[16]]
    assert chart.places is not None
    assert chart.places.x.shape == (1, 17)


def test_noise_does_not_look_like_a_trade_off() -> None:
    for errors in (flat(noise=0.0005), flat(noise=0.0005) - [0.299, 0.299, 0.4]):
        layout = front(result(np.abs(errors))).layout
        for axis in ("xaxis", "yaxis"):
            low, high = layout[axis]["range"]
            assert high - low >= 4
            assert low >= 0


def test_the_colour_is_that_of_the_part_whose_weight_is_larger() -> None:
    chart = front(result(trade(noise=0.0)))
    points = named(chart, "points")
    colours = {
        place: own
        for (place,), own in zip(points["customdata"], points["marker"]["color"], strict=True)
    }
    assert colours[6] == "#0072B2"
    assert colours[42] == "#D55E00"


def learned(name: str, *mean: float) -> Spot:
    each = np.array([mean, mean], dtype=np.float64)
    return Spot(Arm(name, name, (1.0, 1.0)), each, each.mean(axis=0), np.zeros(2))


def test_learned_weights_stand_beside_it_under_their_names() -> None:
    spots = [learned("free", 22.0, 38.0), learned("simplex", 95.0, 38.0)]
    chart = front(result(trade()), spots)
    mark = named(chart, "free")
    assert (mark["x"][0], mark["y"][0]) == (22.0, 38.0)
    texts = [own["text"] for own in chart.layout["annotations"]]
    assert "free" in texts
    assert "simplex<br>off: 95, 38 %" in texts
    turned = Grid(2, pair=(1, 0), kind="map")
    mark = named(front(result(trade(turned), grid=turned), spots), "free")
    assert (mark["x"][0], mark["y"][0]) == (38.0, 22.0)
    names = [own.get("name") for own in front(three(), spots).data]
    assert "free" not in names


def test_an_effect_has_a_row_and_its_part_s_colour() -> None:
    own = result(trade(noise=0.001))
    changes = effects(own)
    chart = effect_sizes(own, changes)
    largest = max(changes, key=lambda effect: abs(effect.change.mean))
    assert chart.title.endswith(signed(largest.change))
    (dots,) = chart.data
    assert dots["y"] == [0, 1, 2, 3, 4, 5]
    assert dots["x"][0] < -5 < 5 < dots["x"][1]
    assert dots["marker"]["color"][:3] == ["#0072B2", "#D55E00", "text"]
    low, high = chart.layout["xaxis"]["range"]
    assert low == -high
    assert chart.rows[0][:2] == ("α up", "first")
    texts = " ".join(own["text"] for own in chart.layout["annotations"])
    assert "less often wrong" in texts
    assert "more often wrong" in texts


def test_small_effects_stay_small() -> None:
    own = result(flat(noise=0.0001))
    assert effect_sizes(own, effects(own)).layout["xaxis"]["range"] == [-2.0, 2.0]


def test_every_member_has_its_place_in_every_chart() -> None:
    own = result(trade())
    place = own.grid.points.index((4.6, 0.46))
    cells, spots = error_map(own, 0).places, front(own).places
    assert cells is not None
    assert spots is not None
    assert (cells.x[0, place], cells.y[0, place]) == (5, 2)
    assert (spots.x[0, place], spots.y[0, place]) == pytest.approx(100 * own.means[place, :2])
    assert cells.rows == spots.rows[:49] == tuple(range(49))
    some = front(result(until(trade(), 3))).places
    assert some is not None
    assert np.isnan(some.x[0, 3:]).all()
    assert some.rows == (0, 1, 2)
    ratios = result(trade(RATIO), grid=RATIO)
    lines = errors_by_ratio(ratios).places
    assert lines is not None
    assert lines.y.shape == (3, 13)
    assert lines.y[2] == pytest.approx(wrong_on(ratios, 2).means)


def test_places_travel_only_with_charts_that_have_them() -> None:
    own = result(trade())
    assert {"places", "marked"}.isdisjoint(effect_sizes(own, effects(own)).to_json())
    sent = error_map(own, 0).to_json()
    assert "marked" not in sent
    assert sent["places"]["members"] == 49
