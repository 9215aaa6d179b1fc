"""A heat map over α and β."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor, log10
from typing import Any

import numpy as np
import numpy.typing as npt

from lossviz.experiments.statistics import Doubles
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
    own = wrong_on(result, target)
    title = own.title
    if known_points(result):
        title += f": {own.span()} of texts"
    return _map(own, title)


def cost_map(result: SweepResult, costs: Doubles) -> Chart:
    """What a text costs at the grid's points.

    :param costs: ``(K + 1,)``, see :meth:`lossviz.experiments.sweep.result.SweepResult.costs`.
    """
    own = cost_of(result, costs)
    title = own.title
    if known_points(result):
        title += f": {own.span()}, least at {point_words(result.grid, own.least)}"
    return _map(own, title)


def _map(own: Quantity, title: str) -> Chart:
    result, grid = own.result, own.result.grid
    known = known_points(result)
    intervals = {member: own.interval(member) for member in known}
    layout = _axes(result)
    marks: tuple[dict[str, Any], ...] = ()
    if known:
        words = {
            member: f"{point_words(grid, member)}<br>{escaped(own.words(intervals[member]), 120)}"
            for member in known
        }
        low, high = own.scale()
        marks = (_cells(own, words, low, high), *_texts(own, low, high))
    else:
        layout["annotations"] = [note(own.promise)]
    symbols = pair_symbols(grid)
    columns = (*symbols, _column(own), "low", "high", "seeds")
    rows = [(*pair_weights(grid, member), *own.cells(intervals[member])) for member in known]
    return Chart(
        title,
        _alt(own, known),
        marks,
        layout,
        columns,
        by_row(rows, columns),
        _places(grid, known) if known else None,
    )


def _column(own: Quantity) -> str:
    return "error, %" if own.unit else own.name


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
        some = [own * 10.0**power for power in decades for own in rounds]
        values = [own for own in some if grid.low * 0.999 <= own <= grid.high * 1.001]
    return {
        "tickvals": _between(grid, values).tolist(),
        "ticktext": [f"{own:g}" for own in values],
        "tickangle": 0,
    }


def _between(grid: Grid, weights: npt.ArrayLike) -> Doubles:
    """Where weights stand among the cells, which are 0, 1, 2 …; NaN outside."""
    line = np.arange(grid.steps, dtype=np.float64)
    outside = {"left": np.nan, "right": np.nan}
    return np.asarray(np.interp(np.log(weights), np.log(grid.values), line, **outside))


def _square(grid: Grid, values: Any) -> Doubles:
    return np.asarray(values, dtype=np.float64)[: grid.steps**2].reshape(grid.steps, grid.steps)


def _cells(own: Quantity, words: dict[int, str], low: float, high: float) -> dict[str, Any]:
    grid = own.result.grid
    steps = grid.steps
    said = [words.get(member, "") for member in range(steps**2)]
    return {
        "type": "heatmap",
        "z": packed(_square(grid, own.means)),
        "zmin": low,
        "zmax": high,
        "colorscale": [list(stop) for stop in CIVIDIS],
        # With numbers in the cells, no scale is needed beside them.
        "showscale": steps > MOST_TEXTS,
        "colorbar": {
            "thickness": 8,
            "len": 1.0,
            "outlinewidth": 0,
            "ticksuffix": own.unit,
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


def _texts(own: Quantity, low: float, high: float) -> Iterator[dict[str, Any]]:
    """The numbers in the cells, in black and in white, each where it is readable."""
    steps = own.result.grid.steps
    if steps > MOST_TEXTS:
        return
    shares = (own.means - low) / (high - low)
    known = known_points(own.result)
    inks = {member: readable_on(shade(float(shares[member]))) for member in known}
    for ink in ("#000000", "#FFFFFF"):
        mine = [member for member in known if inks[member] == ink]
        yield {
            "type": "scatter",
            "mode": "text",
            "x": [member % steps for member in mine],
            "y": [member // steps for member in mine],
            "text": [own.written(float(own.means[member])) for member in mine],
            "textfont": {"size": 12 if steps <= 7 else 10, "color": ink},
            "hoverinfo": "skip",
        }


def _places(grid: Grid, rows: list[int]) -> Places:
    """Of the cells; equal weights are between four cells where they are none of the points."""
    weights = np.array([pair_weights(grid, member) for member in range(len(grid.members))])
    x, y = _between(grid, weights).T
    return Places(x[None, :], y[None, :], tuple(rows), cell=1.0)


def _alt(own: Quantity, known: list[int]) -> str:
    if not known:
        return "Nothing has been trained yet."
    grid, points = own.result.grid, own.points
    least, most = own.least, int(np.nanargmax(points))
    return (
        f"{own.title}, mean over the seeds: from {own.written(points[least])}{own.unit} at "
        f"{point_words(grid, least)} to {own.written(points[most])}{own.unit} at "
        f"{point_words(grid, most)}."
    )
