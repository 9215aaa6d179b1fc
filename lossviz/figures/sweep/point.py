"""The errors of one point of a grid, beside those of equal weights."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

from lossviz.experiments.statistics import Interval
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.words import target_name
from lossviz.experiments.words import percent, rate
from lossviz.figures.base.chart import Cell, Chart, by_row, escaped
from lossviz.figures.base.dots import Dot, guess_marks, interval_dots, rows_frame
from lossviz.figures.base.layout import axis, note
from lossviz.figures.base.palette import TEXT, target_colour
from lossviz.figures.sweep.quantities import point_words, seeds_words

COLUMNS = ("wrong on", "error, %", "low", "high", "equal weights, %", "commonest label, %", "seeds")


def point_errors(result: SweepResult, point: int) -> Chart:
    """A row for each component and the whole label: this point filled, equal weights open."""
    targets = range(len(result.schema.names) + 1)
    names = [target_name(result, target) for target in targets]
    upright = axis("wrong, % of held-out texts", ticks="outside", rangemode="tozero")
    layout = rows_frame([escaped(name, 24) for name in names], upright, 90)
    if not result.finished[point].any():
        layout["xaxis"] |= {"range": [0, 100]}
        layout["annotations"] = [note("Not trained yet")]
        return Chart(
            "Errors at this point", "Not trained yet.", (), layout, COLUMNS, by_row((), COLUMNS)
        )
    intervals = [result.error(point, target) for target in targets]
    equal: list[float] = []
    if result.finished[result.grid.equal].any():
        equal = (100.0 * result.means[result.grid.equal]).tolist()
    guessed = [] if result.guessed is None else (100.0 * result.guessed).tolist()
    highest = max([100.0 * interval.mean for interval in intervals] + equal + guessed)
    layout["xaxis"] |= {"range": [0, min(10.0 * ceil((highest + 4.0) / 10.0), 101.0)]}
    dots = [
        Dot(
            row,
            100 * interval.mean,
            100 * interval.low,
            100 * interval.high,
            f"{escaped(name)}: {rate(interval)}, {seeds_words(interval.seeds)}",
        )
        for row, (name, interval) in enumerate(zip(names, intervals, strict=True))
    ]
    colours = [target_colour(target, len(result.schema.names)) for target in targets]
    return Chart(
        f"At {point_words(result.grid, point)} · ○ equal weights · ┆ commonest label",
        _alt(names, intervals, equal),
        (*guess_marks(guessed, names), _open(equal), interval_dots(dots, colours)),
        layout,
        COLUMNS,
        by_row(_rows(names, intervals, equal, guessed), COLUMNS),
    )


def _open(equal: Sequence[float]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(equal),
        "y": [row - 0.26 for row in range(len(equal))],
        "marker": {"symbol": "circle-open", "size": 8, "color": TEXT},
        "hovertemplate": "equal weights: %{x:.1f} %<extra></extra>",
    }


def _rows(
    names: Sequence[str],
    intervals: Sequence[Interval],
    equal: Sequence[float],
    guessed: Sequence[float],
) -> list[tuple[Cell, ...]]:
    return [
        (
            name,
            *(round(100 * share, 1) for share in (interval.mean, interval.low, interval.high)),
            round(equal[row], 1) if equal else "",
            round(guessed[row], 1) if guessed else "",
            interval.seeds,
        )
        for row, (name, interval) in enumerate(zip(names, intervals, strict=True))
    ]


def _alt(names: Sequence[str], intervals: Sequence[Interval], equal: Sequence[float]) -> str:
    errors = "; ".join(
        f"{name} {percent(interval.mean)}"
        + (f", with equal weights {equal[row]:.1f} %" if equal else "")
        for row, (name, interval) in enumerate(zip(names, intervals, strict=True))
    )
    return f"Wrong on {errors}."
