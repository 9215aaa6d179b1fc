"""What the ratio of two weights does, as lines."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from typing import Any

import numpy as np

from lossviz.arrays import Doubles
from lossviz.experiments.statistics import Interval
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.words import pair_symbols, ratio_words, target_name
from lossviz.figures.base.chart import Cell, Chart, Places, axis, by_row, escaped, frame, note
from lossviz.figures.base.line_ends import line_ends
from lossviz.figures.base.palette import TEXT
from lossviz.figures.sweep.quantities import (
    Quantity,
    cost_of,
    known_points,
    point_words,
    ratio_of,
    sure,
    wrong_on,
)

Line = tuple[Quantity, str]
"""A quantity, and what stands at the end of its line; not escaped."""
LEAST_HEIGHT = 4.0
"""In differences that are worth seeing, which are points where errors are drawn: what the upright
axis spans at least, so that noise does not look like an effect."""
MARGIN = {"l": 52, "r": 104, "t": 20, "b": 58}


def errors_by_ratio(result: SweepResult) -> Chart:
    """How often wrong on each component of the pair, and on the whole label."""
    targets = [*result.grid.pair, len(result.schema.names)]
    names = [target_name(result, target) for target in targets]
    lines = [(wrong_on(result, target), name) for target, name in zip(targets, names, strict=True)]
    guessed = [] if result.guessed is None else [100 * float(result.guessed[k]) for k in targets]
    title = "Errors by the ratio of the weights"
    if known_points(result):
        title = "Wrong on " + ", ".join(f"{name} {line.span()}" for line, name in lines)
    columns = [column for name in names for column in (f"{name}, %", f"{name} low", f"{name} high")]
    return _chart(lines, guessed, (title, "wrong, % of held-out texts"), columns)


def cost_by_ratio(result: SweepResult, costs: Doubles) -> Chart:
    """What a text costs.

    :param costs: ``(K + 1,)``, see :meth:`lossviz.experiments.sweep.result.SweepResult.costs`.
    """
    quantity = cost_of(result, costs)
    guessed = [] if result.guessed is None else [float(result.guessed @ costs)]
    title = "Cost per text by the ratio of the weights"
    if known_points(result):
        title = (
            f"{quantity.title}: {quantity.span()}, least at "
            f"{point_words(result.grid, quantity.least)}"
        )
    return _chart(
        [(quantity, "cost")], guessed, (title, quantity.name), (quantity.name, "low", "high")
    )


def _chart(
    lines: Sequence[Line],
    guessed: Sequence[float],
    said: tuple[str, str],
    columns: Sequence[str],
) -> Chart:
    """:param said: the title of the chart and of its upright axis."""
    result = lines[0][0].result
    grid, known = result.grid, known_points(result)
    title, upright = said
    layout = _axes(result, upright)
    marks: list[dict[str, Any]] = []
    intervals = [[line.interval(member) for member in known] for line, _ in lines]
    if known:
        low, high = _window(lines, intervals, guessed)
        layout["yaxis"]["range"] = [low, high]
        ends = [(name.removeprefix("the "), line.colour, _end(line)) for line, name in lines]
        layout["annotations"] = [_equal_weights(), *line_ends(ends, low, high)]
        within = [k for k, value in enumerate(guessed) if low <= value <= high]
        layout["shapes"] += [_guess(guessed[k], lines[k][0].colour) for k in within]
        if within:
            layout["xaxis"]["title"]["text"] += "<br>╌╌ commonest label"
        for (line, _), every in zip(lines, intervals, strict=True):
            marks += [*_band(line, known, every), _line(line, known, every)]
    else:
        layout["yaxis"]["range"] = [0, lines[0][0].factor * lines[0][0].highest or 1.0]
        layout["annotations"] = [note(lines[0][0].promise)]
    names = (" : ".join(pair_symbols(grid)), *columns, "seeds")
    rows = [
        _row(lines, member, [every[place] for every in intervals])
        for place, member in enumerate(known)
    ]
    places = _places(lines, known)
    data = tuple(marks)
    return Chart(title, _alt(lines, known), data, layout, names, by_row(rows, names), places)


def _row(lines: Sequence[Line], member: int, intervals: Sequence[Interval]) -> tuple[Cell, ...]:
    both = zip(lines, intervals, strict=True)
    cells = [cell for (quantity, _), interval in both for cell in quantity.cells(interval)[:3]]
    ratio = ratio_words(ratio_of(lines[0][0].result.grid, member))
    return (ratio, *cells, intervals[0].seeds)


def _axes(result: SweepResult, upright: str) -> dict[str, Any]:
    grid = result.grid
    first, second = pair_symbols(grid)
    low, high = (float(np.log10(grid.ratios[end])) for end in (0, -1))
    pad = 0.03 * (high - low)
    ticks = [10.0**power for power in range(ceil(low - 1e-6), floor(high + 1e-6) + 1)]
    names = [escaped(result.schema.names[k], 14) for k in grid.pair]
    x = axis(
        f"{first} : {second}, weight of {names[0]} : {names[1]}",
        type="log",
        range=[low - pad, high + pad],
        tickvals=ticks,
        ticktext=[ratio_words(tick) for tick in ticks],
        automargin=False,
    )
    equal = {
        "type": "line",
        "layer": "below",
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "x0": 1,
        "x1": 1,
        "line": {"color": TEXT, "width": 1},
        "opacity": 0.5,
    }
    y = axis(upright, nticks=6, automargin=False)
    return frame(xaxis=x, yaxis=y, margin=MARGIN, shapes=[equal], annotations=[])


def _window(
    lines: Sequence[Line], intervals: Sequence[Sequence[Interval]], guessed: Sequence[float]
) -> tuple[float, float]:
    """Everything that is drawn; a commonest label that is far off takes no room from it."""
    ends = [
        end
        for every in intervals
        for interval in every
        for end in (
            (interval.low, interval.mean, interval.high) if sure(interval) else (interval.mean,)
        )
    ]
    low, high = min(ends), max(ends)
    reach = 0.5 * (high - low)
    near = [value for value in guessed if low - reach <= value <= high + reach]
    low, high = min(low, *near, low), max(high, *near, high)
    least = LEAST_HEIGHT * lines[0][0].size
    span = 1.12 * max(high - low, least)
    low = max((low + high - span) / 2, 0.0)
    return low, low + span


def _line(quantity: Quantity, known: Sequence[int], every: Sequence[Interval]) -> dict[str, Any]:
    grid = quantity.result.grid
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [ratio_of(grid, member) for member in known],
        "y": [interval.mean for interval in every],
        "line": {"color": quantity.colour, "width": 2},
        "marker": {"size": 6, "color": quantity.colour},
        "customdata": [[member] for member in known],
        "hovertext": [
            f"{point_words(grid, member)}<br>{escaped(quantity.words(interval), 120)}"
            for member, interval in zip(known, every, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "name": escaped(quantity.name, 40),
    }


def _band(
    quantity: Quantity, known: Sequence[int], every: Sequence[Interval]
) -> list[dict[str, Any]]:
    """The intervals of the points that have enough seeds, as one area."""
    grid = quantity.result.grid
    some = [
        (member, interval) for member, interval in zip(known, every, strict=True) if sure(interval)
    ]
    if len(some) < 2:
        return []
    x = [ratio_of(grid, member) for member, _ in some]
    low, high = ([getattr(interval, end) for _, interval in some] for end in ("low", "high"))
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [*x, *reversed(x)],
            "y": [*high, *reversed(low)],
            "fill": "toself",
            "fillcolor": quantity.colour,
            "line": {"width": 0},
            "opacity": 0.16,
            "hoverinfo": "skip",
        }
    ]


def _end(quantity: Quantity) -> float:
    """Where its line ends at the right."""
    return float(quantity.points[~np.isnan(quantity.points)][-1])


def _equal_weights() -> dict[str, Any]:
    return {
        "text": "equal weights",
        "x": 0,
        "xanchor": "center",
        "yref": "paper",
        "y": 1,
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 11},
    }


def _guess(value: float, colour: str) -> dict[str, Any]:
    return {
        "type": "line",
        "layer": "below",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": value,
        "y1": value,
        "line": {"color": colour, "width": 1.2, "dash": "4px,3px"},
        "opacity": 0.7,
    }


def _places(lines: Sequence[Line], rows: Sequence[int]) -> Places:
    """A member has a place on every line."""
    grid = lines[0][0].result.grid
    x = np.array([ratio_of(grid, member) for member in range(len(grid.members))])
    y = np.stack([line.means for line, _ in lines])
    return Places(np.tile(x, (len(lines), 1)), y, tuple(rows))


def _alt(lines: Sequence[Line], known: Sequence[int]) -> str:
    if not known:
        return "Nothing has been trained yet."
    grid = lines[0][0].result.grid
    at = [known[0], known[-1]]
    said = [
        f"{line.title} {line.written(line.means[at[0]])}{line.unit} at {point_words(grid, at[0])} "
        "and "
        f"{line.written(line.means[at[1]])}{line.unit} at {point_words(grid, at[1])}."
        for line, _ in lines
    ]
    return " ".join([*said, "Means over the seeds."])
