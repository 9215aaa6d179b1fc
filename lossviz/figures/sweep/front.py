"""The first error against the second at every point of a grid, and what can be had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from lossviz.arrays import Doubles
from lossviz.experiments.sweep.choice import Choice
from lossviz.experiments.sweep.choice import front as chosen_front
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.words import costs_words, pair_symbols, ratio_words, texts_words
from lossviz.experiments.words import count
from lossviz.figures.base.chart import Cell, Chart, Places, by_row, escaped
from lossviz.figures.base.layout import note
from lossviz.figures.base.palette import ARM_SYMBOLS, NEUTRAL, TEXT, component_colour, ink, mixed
from lossviz.figures.sweep.error_plane import (
    Spot,
    drawn,
    mean_cells,
    mean_columns,
    mean_marks,
    means_of,
    named_marks,
    open_window,
    plane_frame,
    spreads_of,
    window_around,
)
from lossviz.figures.sweep.front_labels import CORNERS, ENDS, FIRST_SIDES, Wanted, labels
from lossviz.figures.sweep.quantities import (
    CHOSEN,
    known_points,
    over_seeds,
    pair_weights,
    point_words,
    points_words,
    ratio_of,
    wrong_on,
)

FADED, FADED_BARS = 0.55, 0.15


def front(result: SweepResult, learned: Sequence[Spot] = ()) -> Chart:
    """Every point at its mean over the seeds, with their standard deviation; and a line through
    what the cheapest point for each ratio of costs gives, on texts that did not choose it.

    :param learned: where learned weights ended, as marks with names.
    """
    grid, known, choices = result.grid, known_points(result), chosen_front(result)
    spots = _turned(learned, grid.pair)
    layout = _layout(result, bool(spots))
    marks: list[dict[str, Any]] = []
    if known:
        window = window_around(result, spots)
        guessed = None if result.guessed is None else 100 * result.guessed[list(grid.pair)]
        open_window(layout, window, guessed)
        named, names = named_marks(_named(result, spots), window)
        marks = [*_marks(result, choices), *named]
        placed = labels(_wanted(result, choices), window, [spot.mean for spot in spots])
        layout["annotations"] = [*names, *placed]
    else:
        layout["annotations"] = [note("The errors of both parts appear here")]
    parts = [result.schema.names[k] for k in grid.pair]
    columns = (*pair_symbols(grid), *mean_columns(parts), "chosen for costs of", "seeds")
    rows = [_row(result, member) for member in known]
    rows += [_chosen_row(result, choice) for choice in choices]
    return Chart(
        _title(result, bool(choices), bool(layout.get("shapes"))),
        _alt(result, choices),
        tuple(marks),
        layout,
        columns,
        by_row(rows, columns),
        _places(result, [*known, *(choice.mostly for choice in choices)]),
    )


def _turned(spots: Sequence[Spot], pair: tuple[int, int]) -> list[Spot]:
    """A spot knows the first two components only: in the grid's order, or not at all."""
    if set(pair) != {0, 1}:
        return []
    order = list(pair)
    return [
        Spot(spot.arm, spot.each[:, order], spot.mean[order], spot.spread[order]) for spot in spots
    ]


def _layout(result: SweepResult, named: bool) -> dict[str, Any]:
    grid, names = result.grid, result.schema.names
    first, second = pair_symbols(grid)
    key = "   ".join(
        [
            f"{ink('●', component_colour(grid.pair[0]))} {first} larger",
            f"{ink('●', NEUTRAL)} {first} = {second}",
            f"{ink('●', component_colour(grid.pair[1]))} {second} larger",
        ]
    )
    x, y = (f"wrong on {escaped(names[k], 24)}, % of texts" for k in grid.pair)
    return plane_frame((f"{x}<br>{key}", y), r=112 if named else 12, b=58)


def _marks(result: SweepResult, choices: Sequence[Choice]) -> list[dict[str, Any]]:
    """What was chosen lies above all points, equal weights above everything."""
    grid = result.grid
    marks = [*_faded(result, known_points(result)), *(_line(result, choices) if choices else ())]
    if grid.equal in drawn(result):
        symbol = {"symbol": "circle-open-dot", "size": 15, "line": {"color": TEXT, "width": 2}}
        equal = _points(result, [grid.equal])
        marks.append(equal | {"marker": {**symbol, "color": TEXT}, "name": "equal weights"})
    return marks


def _faded(result: SweepResult, members: Sequence[int]) -> list[dict[str, Any]]:
    """Their bars are a trace beside: two hundred of them must not hide the points."""
    both = _points(result, members)
    points = {key: part for key, part in both.items() if not key.startswith("error_")}
    bars = {key: both[key] for key in ("type", "mode", "x", "y", "error_x", "error_y")}
    unseen = {"marker": {"size": 1, "color": NEUTRAL}, "hoverinfo": "skip", "name": "spread"}
    return [
        bars | unseen | {"opacity": FADED_BARS},
        points | {"opacity": FADED, "name": "points"},
    ]


def _line(result: SweepResult, choices: Sequence[Choice]) -> list[dict[str, Any]]:
    """From the first part's best to the second's: the way that the costs go."""
    each = [_each(result, choice) for choice in choices]
    means = np.array([errors.mean(axis=0) for errors in each])
    spreads = np.array([_spread(errors) for errors in each])
    line = {"color": TEXT, "width": 1.5}
    colours = [_colour(result.grid, choice.mostly) for choice in choices]
    chosen = mean_marks(
        means,
        spreads,
        [_chosen_words(result, choice) for choice in choices],
        NEUTRAL,
        marker=CHOSEN | {"size": 11, "color": colours},
        customdata=[[choice.mostly] for choice in choices],
        name="chosen",
    )
    x, y = means.T.tolist()
    way = {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "name": "line"}
    return [way | {"hoverinfo": "skip"}, chosen]


def _each(result: SweepResult, choice: Choice) -> Doubles:
    """The errors of both parts in %, on each fold that did not choose: ``(J, 2)``."""
    pair = list(result.grid.pair)
    return 100 * np.array([result.errors[point, j, pair] for j, point in choice.points.items()])


def _spread(each: Doubles) -> Doubles:
    return each.std(axis=0, ddof=1) if len(each) > 1 else np.zeros(2)


def _wanted(result: SweepResult, choices: Sequence[Choice]) -> list[Wanted]:
    """Equal weights have a name, and both ends of the line: nothing lies to the left of the first,
    and below the last."""
    grid = result.grid
    wanted: list[Wanted] = []
    if result.finished[grid.equal].any():
        wanted.append(("1:1", means_of(result)[grid.equal], CORNERS))
    for choice, sides in zip((choices[0], choices[-1]) if choices else (), ENDS, strict=False):
        place = _each(result, choice).mean(axis=0)
        wanted.append((f"costs {ratio_words(choice.ratios[sides is FIRST_SIDES])}", place, sides))
    return wanted


def _points(result: SweepResult, members: Sequence[int]) -> dict[str, Any]:
    return mean_marks(
        means_of(result)[list(members)],
        spreads_of(result)[list(members)],
        [_words(result, member) for member in members],
        NEUTRAL,
        marker={"size": 9, "color": [_colour(result.grid, member) for member in members]},
        customdata=[[member] for member in members],
    )


def _colour(grid: Grid, member: int) -> str:
    """That of the part whose weight is larger, the purer the larger it is."""
    share = float(np.log(ratio_of(grid, member)) / np.log(grid.high / grid.low))
    end = component_colour(grid.pair[0 if share > 0 else 1])
    return mixed(NEUTRAL, end, min(abs(share), 1.0) ** 0.5)


def _named(result: SweepResult, spots: Sequence[Spot]) -> list[tuple[Spot, str, str]]:
    names = [escaped(result.schema.names[k], 30) for k in result.grid.pair]
    return [
        (spot, ARM_SYMBOLS[place % len(ARM_SYMBOLS)], _learned_words(spot, names))
        for place, spot in enumerate(spots)
    ]


def _learned_words(spot: Spot, names: Sequence[str]) -> str:
    errors = [
        f"wrong on {name}: {mean:.1f} % ± {spread:.1f}"
        for name, mean, spread in zip(names, spot.mean, spot.spread, strict=True)
    ]
    return "<br>".join([f"learned: {spot.arm.label}", *errors])


def _words(result: SweepResult, member: int) -> str:
    lines = [
        escaped(quantity.words(quantity.interval(member)), 120)
        for quantity in (wrong_on(result, target) for target in result.grid.pair)
    ]
    return "<br>".join([point_words(result.grid, member), *lines])


def _chosen_words(result: SweepResult, choice: Choice) -> str:
    counted = Counter(choice.points.values()).most_common()
    points = [f"{point_words(result.grid, point)} ({count(n, 'fold')})" for point, n in counted]
    errors = [
        escaped(f"wrong on {name}: {over_seeds(choice.errors[k], texts_words(result))}", 120)
        for k, name in ((k, result.schema.names[k]) for k in result.grid.pair)
    ]
    ratios = f"cheapest on other folds for costs of {costs_words(*choice.ratios)}:"
    return "<br>".join([ratios, *points, *errors])


def _places(result: SweepResult, rows: Sequence[int]) -> Places:
    x, y = means_of(result).T
    return Places(x[None, :], y[None, :], tuple(rows))


def _row(result: SweepResult, member: int) -> tuple[Cell, ...]:
    seeds = int(result.finished[member].sum())
    cells = mean_cells(means_of(result)[member], spreads_of(result)[member])
    return (*_weights(result, member), *cells, "", seeds)


def _chosen_row(result: SweepResult, choice: Choice) -> tuple[Cell, ...]:
    """With the weights that most folds choose."""
    each = _each(result, choice)
    cells = mean_cells(each.mean(axis=0), _spread(each))
    return (*_weights(result, choice.mostly), *cells, costs_words(*choice.ratios), len(each))


def _weights(result: SweepResult, member: int) -> Iterator[float]:
    return (float(f"{weight:.3g}") for weight in pair_weights(result.grid, member))


def _title(result: SweepResult, chosen: bool, dashed: bool) -> str:
    first, second = (result.schema.names[k] for k in result.grid.pair)
    title = f"Errors on {first} and {second}"
    if not known_points(result):
        return title
    line = "; line: chosen on other folds" if chosen else ""
    key = "; dashed: commonest label" if dashed else ""
    return f"{title}: {points_words(result)}{line}{key}"


def _alt(result: SweepResult, choices: Sequence[Choice]) -> str:
    known = known_points(result)
    if not known:
        return "Nothing has been trained yet."
    first, second = (result.schema.names[k] for k in result.grid.pair)
    if not choices:
        return f"Wrong on {first} and on {second}, {points_words(result)}. Nothing is chosen yet."
    errors = "; ".join(
        f"costs of {costs_words(*choice.ratios)}: {one:.1f} % and {other:.1f} %"
        for choice in choices
        for one, other in [_each(result, choice).mean(axis=0)]
    )
    return (
        f"Wrong on {first} and on {second} at the cheapest point, chosen on other folds: {errors}."
    )
