"""A heat map over α and β."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import ceil, floor, log10
from typing import Any

import numpy as np
import numpy.typing as npt

from lossviz.arrays import Doubles
from lossviz.experiments.sweep.choice import cheapest
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.words import pair_symbols
from lossviz.figures.base.cells import cell_texts, heat_map, with_texts
from lossviz.figures.base.chart import Chart, Places, by_row, escaped
from lossviz.figures.base.layout import axis, frame, note
from lossviz.figures.sweep.quantities import (
    CHOSEN,
    Quantity,
    chosen_words,
    cost_of,
    known_points,
    pair_weights,
    point_words,
    wrong_on,
)

MOST_TEXTS = 9
"""Values of each weight up to which the numbers have room in the cells."""
CORNER = 0.34
"""From the middle of a cell, to the right and upwards, where nothing is written."""
MARGIN = {"l": 56, "r": 8, "t": 6, "b": 44}


def error_map(result: SweepResult, target: int) -> Chart:
    """How often the grid's points are wrong on a component, or on the whole label (K)."""
    quantity = wrong_on(result, target)
    ends = " and ".join(quantity.at(end) for end in quantity.ends or ())
    return _map(quantity, f": {ends}" if ends else "")


def cost_map(result: SweepResult, costs: Doubles) -> Chart:
    """What a text costs at the grid's points; a diamond where a fold's cheapest is, by the others.

    :param costs: ``(K + 1,)``, see :meth:`lossviz.experiments.sweep.result.SweepResult.costs`.
    """
    quantity, points = cost_of(result, costs), cheapest(result, costs)
    return _map(quantity, chosen_words(quantity, points), _diamonds(result, points))


def _diamonds(result: SweepResult, points: Mapping[int, int]) -> tuple[dict[str, Any], ...]:
    """In the corner of each cell that is chosen."""
    chosen, steps = sorted(Counter(points.values()).items()), result.grid.steps
    places = [divmod(point, steps) for point, _ in chosen if point < steps**2]
    if not places:
        return ()
    return (
        {
            "type": "scatter",
            "mode": "markers",
            "x": [column + CORNER for _, column in places],
            "y": [row + CORNER for row, _ in places],
            "marker": CHOSEN | {"size": 8},
            "hoverinfo": "skip",
            "name": "chosen",
        },
    )


def _map(quantity: Quantity, said: str, over: Sequence[dict[str, Any]] = ()) -> Chart:
    """:param said: of it, for the title.
    :param over: what is drawn over the cells.
    """
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
        marks = (_cells(quantity, words, low, high), *_texts(quantity, low, high), *over)
    else:
        layout["annotations"] = [note(quantity.promise)]
    symbols = pair_symbols(grid)
    columns = (*symbols, _column(quantity), "low", "high", "seeds")
    rows = [(*pair_weights(grid, member), *quantity.cells(intervals[member])) for member in known]
    return Chart(
        f"{quantity.title}{said}",
        _alt(quantity, known, said),
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
    weights = list(grid.values)
    if grid.steps > MOST_TEXTS:
        decades = range(floor(log10(grid.low)), ceil(log10(grid.high)) + 1)
        steps = (1, 2, 5) if len(decades) <= 4 else (1,)
        rounds = [step * 10.0**power for power in decades for step in steps]
        weights = [each for each in rounds if grid.low * 0.999 <= each <= grid.high * 1.001]
    return {
        "tickvals": _between(grid, weights).tolist(),
        "ticktext": [f"{weight:g}" for weight in weights],
        "tickangle": 0,
    }


def _between(grid: Grid, weights: npt.ArrayLike) -> Doubles:
    """Where weights stand among the cells, which are 0, 1, 2 …; NaN outside."""
    line = np.arange(grid.steps, dtype=np.float64)
    outside = {"left": np.nan, "right": np.nan}
    return np.asarray(np.interp(np.log(weights), np.log(grid.values), line, **outside))


def _cells(quantity: Quantity, words: dict[int, str], low: float, high: float) -> dict[str, Any]:
    steps = quantity.result.grid.steps
    members = [[row * steps + column for column in range(steps)] for row in range(steps)]
    return heat_map(
        _square(quantity),
        low,
        high,
        quantity.unit,
        **with_texts(steps <= MOST_TEXTS),
        hoverongaps=False,
        hovertext=[[words.get(member, "") for member in row] for row in members],
        hovertemplate="%{hovertext}<extra></extra>",
        customdata=[[[member] for member in row] for row in members],
    )


def _square(quantity: Quantity) -> Doubles:
    """The means by row and column: β upwards, α to the right."""
    steps = quantity.result.grid.steps
    return quantity.means[: steps**2].reshape(steps, steps)


def _texts(quantity: Quantity, low: float, high: float) -> Iterator[dict[str, Any]]:
    """The numbers in the cells, where they have room."""
    steps = quantity.result.grid.steps
    if steps > MOST_TEXTS:
        return iter(())
    texts = {
        divmod(member, steps): quantity.written(float(quantity.means[member]))
        for member in known_points(quantity.result)
    }
    return cell_texts(texts, (_square(quantity) - low) / (high - low), 12 if steps <= 7 else 10)


def _places(grid: Grid, rows: list[int]) -> Places:
    """Of the cells; equal weights are between four cells where they are none of the points."""
    weights = np.array([pair_weights(grid, member) for member in range(len(grid.members))])
    x, y = _between(grid, weights).T
    return Places(x[None, :], y[None, :], tuple(rows), cell=1.0)


def _alt(quantity: Quantity, known: list[int], said: str) -> str:
    if not known:
        return "Nothing has been trained yet."
    return f"{quantity.title}, mean over the seeds{said}."
