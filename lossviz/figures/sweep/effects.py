"""What each weight does to each error, in a small forest plot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lossviz.experiments.sweep.effects import Effect
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.words import axis_symbol, target_name, texts_words
from lossviz.experiments.words import signed
from lossviz.figures.base.chart import Cell, Chart, by_row, escaped
from lossviz.figures.base.dots import Dot, interval_dots, rows_frame
from lossviz.figures.base.layout import above, axis, note, upright
from lossviz.figures.base.palette import target_colour
from lossviz.figures.sweep.quantities import interval_cells, seeds_words, shown_ends, sure

COLUMNS = ("weight", "wrong on", "change, points", "low", "high", "seeds")
LEAST_REACH = 2.0
"""Points to either side of 0."""
DIRECTIONS = (("◂ less often wrong", "right", -4), ("more often wrong ▸", "left", 4))


def effect_sizes(result: SweepResult, effects: Sequence[Effect]) -> Chart:
    """A row for each effect: how many points more often wrong at the highest value of a weight
    than at its lowest, with its interval from three seeds on."""
    dots = [_dot(result, effect) for effect in effects]
    layout = _layout(result, dots)
    marks: tuple[dict[str, Any], ...] = ()
    title = "What each weight does to each error"
    if effects:
        parts = len(result.schema.names)
        marks = (interval_dots(dots, [target_colour(effect.target, parts) for effect in effects]),)
        largest = max(effects, key=lambda effect: abs(effect.change.mean))
        title += f"; most: {target_name(result, largest.target)}, {_change(largest)}"
    else:
        layout["annotations"] = [note("Effects appear here")]
    rows = [_row(result, effect) for effect in effects]
    every = "; ".join(_words(result, effect) for effect in effects)
    alt = f"{every}." if every else "Nothing has been trained yet."
    return Chart(title, alt, marks, layout, COLUMNS, by_row(rows, COLUMNS))


def _layout(result: SweepResult, dots: Sequence[Dot]) -> dict[str, Any]:
    """The rows are those of the grid, whether there are effects yet or not."""
    names = [
        f"{_raised(result, axis)}: {escaped(target_name(result, target), 16)}"
        for axis in result.grid.axes
        for target in range(len(result.schema.names) + 1)
    ]
    furthest = max((abs(end) for dot in dots for end in (dot.low, dot.high)), default=0.0)
    reach = max(LEAST_REACH, 1.08 * furthest)
    change = axis(
        "change of how often wrong, points",
        range=[-reach, reach],
        zeroline=True,
        nticks=5,
        automargin=False,
    )
    layout = rows_frame(names, change, 150, margin={"l": 150, "r": 14, "t": 22, "b": 40})
    layout["yaxis"] |= {"tickfont": {"size": 11}, "automargin": False}
    layout["shapes"].append(upright(0, 1.2, opacity=0.7))
    layout["annotations"] = [
        above(text, 0, xanchor=side, xshift=shift) for text, side, shift in DIRECTIONS
    ]
    return layout


def _raised(result: SweepResult, axis: int) -> str:
    return f"{axis_symbol(result.grid, axis)} up"


def _dot(result: SweepResult, effect: Effect) -> Dot:
    row = result.grid.axes.index(effect.axis) * (len(result.schema.names) + 1) + effect.target
    low, high = shown_ends(effect.change)
    words = escaped(_words(result, effect), 160)
    return Dot(row, 100 * effect.change.mean, 100 * low, 100 * high, words)


def _change(effect: Effect) -> str:
    change = signed(effect.change)
    return change if sure(effect.change) else change.split(" [")[0]


def _words(result: SweepResult, effect: Effect) -> str:
    name = target_name(result, effect.target)
    seeds = seeds_words(effect.change.seeds)
    moved = f"{_raised(result, effect.axis)}, wrong on {name}"
    return f"{moved}: {_change(effect)}, {texts_words(result)}, {seeds}"


def _row(result: SweepResult, effect: Effect) -> tuple[Cell, ...]:
    name = target_name(result, effect.target)
    cells = interval_cells(effect.change)
    return (_raised(result, effect.axis), name, *cells, effect.change.seeds)
