"""The errors of every arm on one target, in a dot plot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lossviz.experiments.study.plan import Arm
from lossviz.experiments.study.result import Repeats
from lossviz.figures.base.chart import Cell, Chart, by_row, escaped, packed
from lossviz.figures.base.dots import Dot, interval_dots, rows_frame
from lossviz.figures.base.layout import DASHED, axis, note, upright
from lossviz.figures.base.palette import ARM_SYMBOLS, target_colour
from lossviz.figures.sweep.quantities import interval_cells, over_seeds, shown_ends

COLUMNS = ("weights", "error, %", "low", "high", "seeds", "n")


def symbols(repeats: Repeats) -> dict[str, str]:
    """The mark of each arm, the same in every chart of a study."""
    learned = [arm for arm in repeats.arms if not arm.told]
    marks = {arm.id: ARM_SYMBOLS[k % len(ARM_SYMBOLS)] for k, arm in enumerate(learned)}
    return {arm.id: marks.get(arm.id, "circle") for arm in repeats.arms}


def error_of_arms(repeats: Repeats, target: int) -> Chart:
    """A row for each arm: its error as the mean over the seeds, with its interval from three seeds
    on, and below it a small dot for each seed.

    :param target: a component, or K for the whole label.
    """
    names = repeats.schema.names
    name = names[target] if target < len(names) else "the whole label"
    guessed = repeats.guessed()
    layout = _layout(repeats)
    title = f"Wrong on {name}"
    marks: tuple[dict[str, Any], ...] = ()
    rows = [_row(repeats, arm, target) for arm in repeats.arms if repeats.of(arm)]
    if guessed is None:
        layout["xaxis"] |= {"range": [0, 100]}
        layout["annotations"] = [note("Errors appear here")]
    else:
        colour = target_colour(target, len(names))
        marks = (_seeds(repeats, target, colour), _means(repeats, target, colour))
        guess = 100 * float(guessed[target])
        layout["shapes"].append(upright(guess, 1.5, dash=DASHED, opacity=0.75, layer="above"))
        title += f"; dashed: commonest label, {guess:.1f} %"
    return Chart(title, _alt(name, rows), marks, layout, COLUMNS, by_row(rows, COLUMNS))


def _layout(repeats: Repeats) -> dict[str, Any]:
    """The margins are fixed: on its way to a phone's width a chart can be narrower than what
    plotly would reserve for its labels, and then the title has no place."""
    arms = repeats.arms
    layout = rows_frame(
        [escaped(arm.id, 20) for arm in arms],
        axis("wrong, % of held-out texts", ticks="outside", automargin=False),
        100,
        margin={"l": 100, "r": 14, "t": 8, "b": 40},
    )
    layout["yaxis"] |= {"range": [len(arms) - 0.4, -0.6], "automargin": False}
    return layout


def _seeds(repeats: Repeats, target: int, colour: str) -> dict[str, Any]:
    errors = [
        (row, outcome.errors[target])
        for row, arm in enumerate(repeats.arms)
        for outcome in repeats.of(arm)
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": packed([100 * error for _, error in errors]),
        "y": packed([row + 0.26 for row, _ in errors]),
        "marker": {"size": 4, "color": colour},
        "opacity": 0.45,
        "hoverinfo": "skip",
        "name": "each seed",
    }


def _means(repeats: Repeats, target: int, colour: str) -> dict[str, Any]:
    marks = symbols(repeats)
    begun = [(row, arm) for row, arm in enumerate(repeats.arms) if repeats.of(arm)]
    dots = []
    for row, arm in begun:
        interval = repeats.error(arm, target)
        low, high = shown_ends(interval)
        words = f"{arm.id}: {rate_words(repeats, arm, target)}"
        dots.append(Dot(row, 100 * interval.mean, 100 * low, 100 * high, words))
    return interval_dots(dots, colour, symbol=[marks[arm.id] for _, arm in begun], name="mean")


def rate_words(repeats: Repeats, arm: Arm, target: int) -> str:
    """``23.7 % [21.0, 26.4], n = 303, 5 seeds``; the interval from three seeds on."""
    texts = f"n = {repeats.of(arm)[0].rows[1]:,}"
    return over_seeds(repeats.error(arm, target), texts)


def _row(repeats: Repeats, arm: Arm, target: int) -> tuple[Cell, ...]:
    interval, texts = repeats.error(arm, target), repeats.of(arm)[0].rows[1]
    return (arm.id, *interval_cells(interval), interval.seeds, texts)


def _alt(name: str, rows: Sequence[tuple[Cell, ...]]) -> str:
    if not rows:
        return "Nothing has been trained yet."
    errors = ", ".join(f"{row[0]} {row[1]} %" for row in rows)
    return f"Wrong on {name}, mean over the seeds: {errors}."
