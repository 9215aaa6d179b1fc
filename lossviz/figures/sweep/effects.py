"""What each weight does to each error, in a small forest plot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lossviz.experiments.sweep.effects import Effect
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.words import pair_symbols, target_name, texts_words
from lossviz.experiments.words import signed
from lossviz.figures.base.chart import Cell, Chart, axis, between_rows, by_row, escaped, frame, note
from lossviz.figures.base.palette import PAPER, TEXT
from lossviz.figures.sweep.quantities import seeds_words, sure, target_colour

COLUMNS = ("weight", "wrong on", "change, points", "low", "high", "seeds")
LEAST_REACH = 2.0
"""Points to either side of 0."""
DIRECTIONS = (("◂ less often wrong", "right", -4), ("more often wrong ▸", "left", 4))


def effect_sizes(result: SweepResult, effects: Sequence[Effect]) -> Chart:
    """A row for each effect: how many points more often wrong at the highest value of a weight
    than at its lowest, with its interval from three seeds on."""
    layout = _layout(result, effects)
    marks: tuple[dict[str, Any], ...] = ()
    title = "What each weight does to each error"
    if effects:
        marks = (_dots(result, effects),)
        clear = sum(sure(effect.change) and effect.change.clear for effect in effects)
        title += f": {clear} of {len(effects)} effects clear"
    else:
        layout["annotations"] = [note("Effects appear here")]
    table = [_cells(result, effect) for effect in effects]
    said = "; ".join(_words(result, effect) for effect in effects)
    alt = f"{said}." if said else "Nothing has been trained yet."
    return Chart(title, alt, marks, layout, COLUMNS, by_row(table, COLUMNS))


def _layout(result: SweepResult, effects: Sequence[Effect]) -> dict[str, Any]:
    """The rows are those of the grid, whether there are effects yet or not."""
    rows = [
        (axis, target)
        for axis in result.grid.axes
        for target in range(len(result.schema.names) + 1)
    ]
    ends = [
        abs(100 * end)
        for effect in effects
        for end in (
            (effect.change.low, effect.change.high)
            if sure(effect.change)
            else (effect.change.mean,)
        )
    ]
    reach = max(LEAST_REACH, 1.08 * max(ends, default=0.0))
    names = [
        f"{_raised(result, axis)}: {escaped(target_name(result, target), 16)}"
        for axis, target in rows
    ]
    return frame(
        xaxis=axis(
            "change of how often wrong, points",
            range=[-reach, reach],
            zeroline=True,
            nticks=5,
            automargin=False,
        ),
        yaxis=axis(
            "",
            tickvals=list(range(len(rows))),
            ticktext=names,
            tickfont={"size": 11},
            range=[len(rows) - 0.5, -0.5],
            showgrid=False,
            automargin=False,
        ),
        margin={"l": 150, "r": 14, "t": 22, "b": 40},
        shapes=[*between_rows(len(rows)), _zero()],
        annotations=_directions(),
    )


def _directions() -> list[dict[str, Any]]:
    return [
        {
            "text": text,
            "x": 0,
            "xanchor": side,
            "xshift": shift,
            "yref": "paper",
            "y": 1,
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"size": 11},
        }
        for text, side, shift in DIRECTIONS
    ]


def _zero() -> dict[str, Any]:
    return {
        "type": "line",
        "layer": "below",
        "x0": 0,
        "x1": 0,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": TEXT, "width": 1.2},
        "opacity": 0.7,
    }


def _raised(result: SweepResult, axis: int) -> str:
    symbols = pair_symbols(result.grid)
    return f"{' : '.join(symbols) if result.grid.kind == 'ratio' else symbols[axis]} up"


def _row(result: SweepResult, effect: Effect) -> int:
    targets = len(result.schema.names) + 1
    return result.grid.axes.index(effect.axis) * targets + effect.target


def _dots(result: SweepResult, effects: Sequence[Effect]) -> dict[str, Any]:
    known = [sure(effect.change) for effect in effects]
    changes = [effect.change for effect in effects]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [100 * change.mean for change in changes],
        "y": [_row(result, effect) for effect in effects],
        "marker": {
            "size": 10,
            "color": [target_colour(result, effect.target) for effect in effects],
            "line": {"color": PAPER, "width": 1},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [
                100 * (change.high - change.mean) if shown else 0.0
                for change, shown in zip(changes, known, strict=True)
            ],
            "arrayminus": [
                100 * (change.mean - change.low) if shown else 0.0
                for change, shown in zip(changes, known, strict=True)
            ],
            "thickness": 1.3,
            "width": 3,
            "color": TEXT,
        },
        "hovertext": [escaped(_words(result, effect), 160) for effect in effects],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _words(result: SweepResult, effect: Effect) -> str:
    change = signed(effect.change) if sure(effect.change) else signed(effect.change).split(" [")[0]
    name = target_name(result, effect.target)
    seeds = seeds_words(effect.change.seeds)
    return (
        f"{_raised(result, effect.axis)}, wrong on {name}: {change}, {texts_words(result)}, {seeds}"
    )


def _cells(result: SweepResult, effect: Effect) -> tuple[Cell, ...]:
    known, change = sure(effect.change), effect.change
    low, high = (round(100 * end, 1) if known else "" for end in (change.low, change.high))
    mean = round(100 * change.mean, 1)
    name = target_name(result, effect.target)
    return (_raised(result, effect.axis), name, mean, low, high, change.seeds)
