"""The first error against the second at every point of a grid, and the points no other beats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lossviz.arrays import Doubles
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.words import pair_symbols
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
from lossviz.figures.sweep.front_labels import labels
from lossviz.figures.sweep.quantities import (
    known_points,
    pair_weights,
    point_words,
    points_words,
    ratio_of,
    wrong_on,
)

FADED, FADED_BARS = 0.4, 0.15


def front(result: SweepResult, learned: Sequence[Spot] = ()) -> Chart:
    """Every point at its mean over the seeds, with their standard deviation; those that another
    one beats are faded.

    :param learned: where learned weights ended, as marks with names.
    """
    grid, known = result.grid, known_points(result)
    spots = _turned(learned, grid.pair)
    layout = _layout(result, bool(spots))
    marks: list[dict[str, Any]] = []
    if known:
        window = window_around(result, spots)
        guessed = None if result.guessed is None else 100 * result.guessed[list(grid.pair)]
        open_window(layout, window, guessed)
        named, names = named_marks(_named(result, spots), window)
        marks = [*_marks(result, window), *named]
        layout["annotations"] = [*names, *labels(result, window, [spot.mean for spot in spots])]
    else:
        layout["annotations"] = [note("The errors of both parts appear here")]
    parts = [result.schema.names[k] for k in grid.pair]
    columns = (*pair_symbols(grid), *mean_columns(parts), "front", "seeds")
    return Chart(
        _title(result, bool(layout.get("shapes"))),
        _alt(result),
        tuple(marks),
        layout,
        columns,
        by_row([_row(result, member) for member in known], columns),
        _places(result, known),
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


def _marks(result: SweepResult, window: Doubles) -> list[dict[str, Any]]:
    """What is beaten lies below the front, equal weights above everything."""
    grid = result.grid
    beaten = sorted(set(known_points(result)) - set(result.front))
    marks = _faded(result, beaten) if beaten else []
    marks += [_staircase(result, window), _points(result, result.front) | {"name": "front"}]
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
        points | {"opacity": FADED, "name": "beaten"},
    ]


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


def _staircase(result: SweepResult, window: Doubles) -> dict[str, Any]:
    """Above it and to its right is what the front beats. From one point it goes right, at the
    same second error, until the next one does better: ``hv``."""
    x, y = means_of(result)[list(result.front)].T.tolist()
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x[0], *x, float(window[1, 0])],
        "y": [float(window[1, 1]), *y, y[-1]],
        "line": {"color": TEXT, "width": 1.5, "shape": "hv"},
        "hoverinfo": "skip",
        "name": "staircase",
    }


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


def _places(result: SweepResult, known: Sequence[int]) -> Places:
    x, y = means_of(result).T
    return Places(x[None, :], y[None, :], tuple(known))


def _row(result: SweepResult, member: int) -> tuple[Cell, ...]:
    weights = (float(f"{weight:.3g}") for weight in pair_weights(result.grid, member))
    on = "yes" if member in result.front else "no"
    seeds = int(result.finished[member].sum())
    cells = mean_cells(means_of(result)[member], spreads_of(result)[member])
    return (*weights, *cells, on, seeds)


def _title(result: SweepResult, dashed: bool) -> str:
    first, second = (result.schema.names[k] for k in result.grid.pair)
    title = f"Errors on {first} and {second}"
    if not known_points(result):
        return title
    best = len(result.front)
    key = "; dashed: commonest label" if dashed else ""
    return f"{title}: {points_words(result)}, {best} that no other beats{key}"


def _alt(result: SweepResult) -> str:
    if not known_points(result):
        return "Nothing has been trained yet."
    first, second = (result.schema.names[k] for k in result.grid.pair)
    means = means_of(result)
    errors = "; ".join(
        f"{point_words(result.grid, member)}: {means[member, 0]:.1f} % and {means[member, 1]:.1f} %"
        for member in result.front
    )
    return (
        f"Wrong on {first} and on {second}, mean over the seeds, where no other beats it: {errors}."
    )
