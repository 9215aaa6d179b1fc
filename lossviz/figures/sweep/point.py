"""The errors of one point of a grid, beside those of equal weights."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

from lossviz.experiments.statistics import Interval
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.words import target_name
from lossviz.figures.base.chart import Cell, Chart, axis, between_rows, by_row, escaped, frame, note
from lossviz.figures.base.palette import PAPER, TEXT
from lossviz.figures.runs.errors import guess_marks
from lossviz.figures.sweep.quantities import point_words, target_colour

COLUMNS = ("wrong on", "error, %", "low", "high", "equal weights, %", "commonest label, %", "seeds")


def point_errors(result: SweepResult, point: int) -> Chart:
    """A row for each component and the whole label: this point filled, equal weights open."""
    targets = range(len(result.schema.names) + 1)
    names = [target_name(result, target) for target in targets]
    layout = frame(
        xaxis=axis("wrong, % of held-out texts", ticks="outside", rangemode="tozero"),
        yaxis=axis(
            "",
            tickvals=list(targets),
            ticktext=[escaped(name, 24) for name in names],
            range=[len(targets) - 0.5, -0.5],
            showgrid=False,
        ),
        margin={"l": 90, "r": 12, "t": 4, "b": 38},
        shapes=between_rows(len(targets)),
    )
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
    highest = max([100.0 * value.mean for value in intervals] + equal + guessed)
    layout["xaxis"] |= {"range": [0, min(10.0 * ceil((highest + 4.0) / 10.0), 101.0)]}
    seeds = intervals[0].seeds
    return Chart(
        f"At {point_words(result.grid, point)} · ○ equal weights · ┆ commonest label",
        _alt(names, intervals, equal),
        (*guess_marks(guessed, names), _open(equal), _dots(result, names, intervals)),
        layout,
        COLUMNS,
        by_row(_rows(names, intervals, equal, guessed, seeds), COLUMNS),
    )


def _dots(
    result: SweepResult, names: Sequence[str], intervals: Sequence[Interval]
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [100 * value.mean for value in intervals],
        "y": list(range(len(intervals))),
        "marker": {
            "size": 10,
            "color": [target_colour(result, target) for target in range(len(intervals))],
            "line": {"color": PAPER, "width": 1},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [100 * (min(value.high, 1.0) - value.mean) for value in intervals],
            "arrayminus": [100 * (value.mean - value.low) for value in intervals],
            "thickness": 1.3,
            "width": 3,
            "color": TEXT,
        },
        "hovertext": [
            f"{escaped(name)}: {100 * value.mean:.1f} % "
            f"[{100 * value.low:.1f}, {100 * value.high:.1f}], {value.seeds} seeds"
            for name, value in zip(names, intervals, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


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
    seeds: int,
) -> list[tuple[Cell, ...]]:
    return [
        (
            name,
            *(round(100 * each, 1) for each in (value.mean, value.low, value.high)),
            round(equal[row], 1) if equal else "",
            round(guessed[row], 1) if guessed else "",
            seeds,
        )
        for row, (name, value) in enumerate(zip(names, intervals, strict=True))
    ]


def _alt(names: Sequence[str], intervals: Sequence[Interval], equal: Sequence[float]) -> str:
    said = "; ".join(
        f"{name} {100 * value.mean:.1f} %"
        + (f", with equal weights {equal[row]:.1f} %" if equal else "")
        for row, (name, value) in enumerate(zip(names, intervals, strict=True))
    )
    return f"Wrong on {said}."
