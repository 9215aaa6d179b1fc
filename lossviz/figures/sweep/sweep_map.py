"""A heat map over α and β."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor, log10
from typing import Any

import numpy as np
import numpy.typing as npt

from lossviz.arrays import Doubles
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.words import pair_symbols
from lossviz.figures.base.chart import Chart, Places, axis, by_row, escaped, frame, note, packed
from lossviz.figures.base.palette import CIVIDIS, readable_on, shade
from lossviz.figures.sweep.quantities import (
    Quantity,
    cost_of,
    known_points,
    pair_weights,
    point_words,
    wrong_on,
)

MOST_TEXTS = 9
"""Values of each weight up to which the numbers have room in the cells."""
MARGIN = {"l": 56, "r": 8, "t": 6, "b": 44}


def error_map(result: SweepResult, target: int) -> Chart:
    """How often the grid's points are wrong on a component, or on the whole label (K)."""
    quantity = wrong_on(result, target)
    title = quantity.title
    if known_points(result):
        title += f": {quantity.span()} of texts"
    return _map(quantity, title)


def cost_map(result: SweepResult, costs: Doubles) -> Chart:
    """What a text costs at the grid's points.

    :param costs: ``(K + 1,)``, see :meth:`lossviz.experiments.sweep.result.SweepResult.costs`.
    """
    quantity = cost_of(result, costs)
    title = quantity.title
    if known_points(result):
        title += f": {quantity.span()}, least at {point_words(result.grid, quantity.least)}"
    return _map(quantity, title)


def _map(quantity: Quantity, title: str) -> Chart:
    result, grid = quantity.result, quantity.result.grid
    known = known_points(result)
    intervals = {member: quantity.interval(member) for member in known}
    layout = _axes(result)
    marks: tuple[dict[str, Any], ...] = ()
    if known:
        words = {
            point: f"{point_words(grid, point)}<br>{escaped(quantity.words(intervals[point]), 120)}"
            for point in known
        }
        low, high = quantity.scale()
        marks = (_cells(quantity, words, low, high), *_texts(quantity, low, high))
    else:
        layout["annotations"] = [note(quantity.promise)]
    symbols = pair_symbols(grid)
    columns = (*symbols, _column(quantity), "low", "high", "seeds")
    rows = [(*pair_weights(grid, member), *quantity.cells(intervals[member])) for member in known]
    return Chart(
        title,
        _alt(quantity, known),
        marks,
        layout,
        columns,
        by_row(rows, columns),
        _places(grid, known) if known else None,
    )


def _column(quantity: Quantity) -> str:
    return "error, %" if quantity.unit else quantity.name


def _axes(result: SweepResult) -> dict[str, Any]:
    grid, names = result.grid, result.schema.names
    x, y = (
        axis(
            f"{symbol}, weight of {escaped(names[k], 24)}",
            range=[-0.5, grid.steps - 0.5],
            showgrid=False,
            automargin=False,
            **_ticks(grid),
        )
        for symbol, k in zip(pair_symbols(grid), grid.pair, strict=True)
    )
    return frame(xaxis=x, yaxis=y, margin=MARGIN)


def _ticks(grid: Grid) -> dict[str, Any]:
    """Every value, or round numbers where there are too many: a step is the same everywhere on a
    logarithmic scale, so they have their place between the cells."""
    values = list(grid.values)
    if grid.steps > MOST_TEXTS:
        decades = range(floor(log10(grid.low)), ceil(log10(grid.high)) + 1)
        rounds = (1, 2, 5) if len(decades) <= 4 else (1,)
        some = [number * 10.0**power for power in decades for number in rounds]
        values = [value for value in some if grid.low * 0.999 <= value <= grid.high * 1.001]
    return {
        "tickvals": _between(grid, values).tolist(),
        "ticktext": [f"{value:g}" for value in values],
        "tickangle": 0,
    }


def _between(grid: Grid, weights: npt.ArrayLike) -> Doubles:
    """Where weights stand among the cells, which are 0, 1, 2 …; NaN outside."""
    line = np.arange(grid.steps, dtype=np.float64)
    outside = {"left": np.nan, "right": np.nan}
    return np.asarray(np.interp(np.log(weights), np.log(grid.values), line, **outside))


def _square(grid: Grid, values: Any) -> Doubles:
    return np.asarray(values, dtype=np.float64)[: grid.steps**2].reshape(grid.steps, grid.steps)


def _cells(quantity: Quantity, words: dict[int, str], low: float, high: float) -> dict[str, Any]:
    grid = quantity.result.grid
    steps = grid.steps
    said = [words.get(member, "") for member in range(steps**2)]
    return {
        "type": "heatmap",
        "z": packed(_square(grid, quantity.means)),
        "zmin": low,
        "zmax": high,
        "colorscale": [list(stop) for stop in CIVIDIS],
        # With numbers in the cells, no scale is needed beside them.
        "showscale": steps > MOST_TEXTS,
        "colorbar": {
            "thickness": 8,
            "len": 1.0,
            "outlinewidth": 0,
            "ticksuffix": quantity.unit,
            "tickfont": {"size": 10},
            "nticks": 5,
        },
        "xgap": 1 if steps <= MOST_TEXTS else 0,
        "ygap": 1 if steps <= MOST_TEXTS else 0,
        "hoverongaps": False,
        "hovertext": [said[row * steps : (row + 1) * steps] for row in range(steps)],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": [[[row * steps + k] for k in range(steps)] for row in range(steps)],
    }


def _texts(quantity: Quantity, low: float, high: float) -> Iterator[dict[str, Any]]:
    """The numbers in the cells, in black and in white, each where it is readable."""
    steps = quantity.result.grid.steps
    if steps > MOST_TEXTS:
        return
    shares = (quantity.means - low) / (high - low)
    known = known_points(quantity.result)
    inks = {member: readable_on(shade(float(shares[member]))) for member in known}
    for ink in ("#000000", "#FFFFFF"):
        mine = [member for member in known if inks[member] == ink]
        yield {
            "type": "scatter",
            "mode": "text",
            "x": [member % steps for member in mine],
            "y": [member // steps for member in mine],
            "text": [quantity.written(float(quantity.means[member])) for member in mine],
            "textfont": {"size": 12 if steps <= 7 else 10, "color": ink},
            "hoverinfo": "skip",
        }


def _places(grid: Grid, rows: list[int]) -> Places:
    """Of the cells; equal weights are between four cells where they are none of the points."""
    weights = np.array([pair_weights(grid, member) for member in range(len(grid.members))])
    x, y = _between(grid, weights).T
    return Places(x[None, :], y[None, :], tuple(rows), cell=1.0)


def _alt(quantity: Quantity, known: list[int]) -> str:
    if not known:
        return "Nothing has been trained yet."
    grid, points = quantity.result.grid, quantity.points
    least, most = quantity.least, int(np.nanargmax(points))
    return (
        f"{quantity.title}, mean over the seeds: from "
        f"{quantity.written(points[least])}{quantity.unit} at "
        f"{point_words(grid, least)} to {quantity.written(points[most])}{quantity.unit} at "
        f"{point_words(grid, most)}."
    )
