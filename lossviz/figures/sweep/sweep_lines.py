"""What the ratio of two weights does, as lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil, floor
from typing import Any

import numpy as np

from lossviz.arrays import Doubles
from lossviz.experiments.statistics import Interval
from lossviz.experiments.sweep.choice import cheapest
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.words import pair_symbols, ratio_words, target_name
from lossviz.experiments.words import count
from lossviz.figures.base.chart import Cell, Chart, Places, by_row, escaped
from lossviz.figures.base.layout import DASHED, above, axis, frame, level, note, upright
from lossviz.figures.base.lines import area, line_ends
from lossviz.figures.sweep.quantities import (
    CHOSEN,
    Quantity,
    chosen_level,
    chosen_words,
    cost_of,
    known_points,
    point_words,
    ratio_of,
    shown_ends,
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
    if all(quantity.ends for quantity, _ in lines):
        low, high = (ratio_words(result.grid.ratios[end]) for end in (0, -1))
        errors = ", ".join(f"{name} {quantity.from_end_to_end()}" for quantity, name in lines)
        title = f"From {low} to {high} wrong on {errors}"
    columns = [column for name in names for column in (f"{name}, %", f"{name} low", f"{name} high")]
    return _chart(title, "wrong, % of held-out texts", lines, guessed, columns)


def cost_by_ratio(result: SweepResult, costs: Doubles) -> Chart:
    """What a text costs.

    :param costs: ``(K + 1,)``, see :meth:`lossviz.experiments.sweep.result.SweepResult.costs`.
    """
    quantity, points = cost_of(result, costs), cheapest(result, costs)
    guessed = [] if result.guessed is None else [float(result.guessed @ costs)]
    said = chosen_words(quantity, points)
    title = f"{quantity.title}{said or ' by the ratio of the weights'}"
    columns = (quantity.name, "low", "high")
    chart = _chart(title, quantity.name, [(quantity, "cost")], guessed, columns)
    return replace(chart, data=(*chart.data, *_diamond(quantity, points)))


def _diamond(quantity: Quantity, points: Mapping[int, int]) -> list[dict[str, Any]]:
    """What the cheapest costs, at the ratios that the folds choose."""
    if not points:
        return []
    grid, level = quantity.result.grid, chosen_level(quantity, points)
    chosen = Counter(points.values())
    words = "<br>".join(
        f"{point_words(grid, point)}: {count(n, 'fold')}" for point, n in chosen.items()
    )
    x = [ratio_of(grid, point) for point in chosen]
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": x,
            "y": [level.mean] * len(x),
            "marker": CHOSEN | {"size": 10},
            "hovertext": [words] * len(x),
            "hovertemplate": "%{hovertext}<extra></extra>",
            "customdata": [[point] for point in chosen],
            "name": "chosen",
        }
    ]


def _chart(
    title: str,
    errors: str,
    lines: Sequence[Line],
    guessed: Sequence[float],
    columns: Sequence[str],
) -> Chart:
    """:param errors: the title of the upright axis."""
    result = lines[0][0].result
    known = known_points(result)
    layout = _axes(result, errors)
    marks: list[dict[str, Any]] = []
    intervals = [[quantity.interval(member) for member in known] for quantity, _ in lines]
    if known:
        low, high = _window(lines, intervals, guessed)
        layout["yaxis"]["range"] = [low, high]
        ends = [
            (name.removeprefix("the "), quantity.colour, _end(quantity)) for quantity, name in lines
        ]
        layout["annotations"] = [
            above("equal weights", 0, xanchor="center"),
            *line_ends(ends, low, high),
        ]
        within = [k for k, guess in enumerate(guessed) if low <= guess <= high]
        layout["shapes"] += [
            level(guessed[k], 1.2, dash=DASHED, color=lines[k][0].colour, opacity=0.7)
            for k in within
        ]
        if within:
            layout["xaxis"]["title"]["text"] += "<br>╌╌ commonest label"
        for (quantity, _), every in zip(lines, intervals, strict=True):
            marks += [*_band(quantity, known, every), _line(quantity, known, every)]
    else:
        layout["yaxis"]["range"] = [0, lines[0][0].factor * lines[0][0].highest or 1.0]
        layout["annotations"] = [note(lines[0][0].promise)]
    names = (" : ".join(pair_symbols(result.grid)), *columns, "seeds")
    rows = [
        _row(lines, member, [every[place] for every in intervals])
        for place, member in enumerate(known)
    ]
    table = by_row(rows, names)
    return Chart(
        title, _alt(lines, known), tuple(marks), layout, names, table, _places(lines, known)
    )


def _row(lines: Sequence[Line], member: int, intervals: Sequence[Interval]) -> tuple[Cell, ...]:
    both = zip(lines, intervals, strict=True)
    cells = [cell for (quantity, _), interval in both for cell in quantity.cells(interval)[:3]]
    ratio = ratio_words(ratio_of(lines[0][0].result.grid, member))
    return (ratio, *cells, intervals[0].seeds)


def _axes(result: SweepResult, title: str) -> dict[str, Any]:
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
    y = axis(title, nticks=6, automargin=False)
    return frame(xaxis=x, yaxis=y, margin=MARGIN, shapes=[upright(1, opacity=0.5)], annotations=[])


def _window(
    lines: Sequence[Line], intervals: Sequence[Sequence[Interval]], guessed: Sequence[float]
) -> tuple[float, float]:
    """Everything that is drawn; a commonest label that is far off takes no room from it."""
    ends = [end for every in intervals for each in every for end in (*shown_ends(each), each.mean)]
    low, high = min(ends), max(ends)
    reach = 0.5 * (high - low)
    near = [guess for guess in guessed if low - reach <= guess <= high + reach]
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
    some = [
        (ratio_of(quantity.result.grid, member), interval.low, interval.high)
        for member, interval in zip(known, every, strict=True)
        if sure(interval)
    ]
    if len(some) < 2:
        return []
    ratios, low, high = zip(*some, strict=True)
    return [area(ratios, low, high, quantity.colour, 0.16)]


def _end(quantity: Quantity) -> float:
    """Where its line ends at the right."""
    return float(quantity.points[~np.isnan(quantity.points)][-1])


def _places(lines: Sequence[Line], rows: Sequence[int]) -> Places:
    """A member has a place on every line."""
    grid = lines[0][0].result.grid
    x = np.array([ratio_of(grid, member) for member in range(len(grid.members))])
    y = np.stack([quantity.means for quantity, _ in lines])
    return Places(np.tile(x, (len(lines), 1)), y, tuple(rows))


def _alt(lines: Sequence[Line], known: Sequence[int]) -> str:
    if not known:
        return "Nothing has been trained yet."
    first, last = known[0], known[-1]
    sentences = [
        f"{quantity.title} {quantity.at(first)} and {quantity.at(last)}." for quantity, _ in lines
    ]
    return " ".join([*sentences, "Means over the seeds."])
