"""The errors of every arm on one target, in a dot plot."""

from __future__ import annotations

from typing import Any

from lossviz.experiments.study.plan import Arm
from lossviz.experiments.study.result import Repeats
from lossviz.figures.base.chart import (
    Cell,
    Chart,
    axis,
    between_rows,
    by_row,
    escaped,
    frame,
    note,
    packed,
)
from lossviz.figures.base.palette import ARM_SYMBOLS, PAPER, TEXT, component_colour
from lossviz.figures.sweep.quantities import over_seeds, sure

COLUMNS = ("weights", "error, %", "low", "high", "seeds", "n")
ROW_HEIGHT = 22


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
    arms, names = repeats.arms, repeats.schema.names
    name = names[target] if target < len(names) else "the whole label"
    colour = component_colour(target) if target < len(names) else TEXT
    guessed = repeats.guessed()
    layout = frame(
        # The margins are fixed: on its way to a phone's width a chart can be narrower than what
        # plotly would reserve for its labels, and then the title has no place.
        xaxis=axis("wrong, % of held-out texts", ticks="outside", automargin=False),
        yaxis=axis(
            "",
            tickvals=list(range(len(arms))),
            ticktext=[escaped(arm.id, 20) for arm in arms],
            range=[len(arms) - 0.4, -0.6],
            showgrid=False,
            automargin=False,
        ),
        margin={"l": 100, "r": 14, "t": 8, "b": 40},
        shapes=between_rows(len(arms)),
    )
    title = f"Wrong on {name}"
    marks: list[dict[str, Any]] = []
    rows = _rows(repeats, target)
    if guessed is None:
        layout["xaxis"] |= {"range": [0, 100]}
        layout["annotations"] = [note("Errors appear here")]
    else:
        marks = [_seeds(repeats, target, colour), *_means(repeats, target, colour)]
        layout["shapes"] = [*layout["shapes"], _guess(100 * float(guessed[target]))]
        title += f"; dashed: commonest label, {100 * guessed[target]:.1f} %"
    return Chart(title, _alt(name, rows), tuple(marks), layout, COLUMNS, by_row(rows, COLUMNS))


def height(repeats: Repeats) -> int:
    """Of the dot plot, in pixels."""
    return 84 + ROW_HEIGHT * len(repeats.arms)


def _seeds(repeats: Repeats, target: int, colour: str) -> dict[str, Any]:
    found = [
        (row, outcome.errors[target])
        for row, arm in enumerate(repeats.arms)
        for outcome in repeats.of(arm)
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": packed([100 * error for _, error in found]),
        "y": packed([row + 0.26 for row, _ in found]),
        "marker": {"size": 4, "color": colour},
        "opacity": 0.45,
        "hoverinfo": "skip",
        "name": "each seed",
    }


def _means(repeats: Repeats, target: int, colour: str) -> list[dict[str, Any]]:
    marks = symbols(repeats)
    found = [
        (row, arm, repeats.error(arm, target))
        for row, arm in enumerate(repeats.arms)
        if repeats.of(arm)
    ]
    shown = [sure(interval) for _, _, interval in found]
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [100 * interval.mean for _, _, interval in found],
            "y": [row for row, _, _ in found],
            "marker": {
                "symbol": [marks[arm.id] for _, arm, _ in found],
                "size": 10,
                "color": colour,
                "line": {"color": PAPER, "width": 1},
            },
            "error_x": {
                "type": "data",
                "symmetric": False,
                "array": [
                    100 * (interval.high - interval.mean) if known else 0.0
                    for known, (_, _, interval) in zip(shown, found, strict=True)
                ],
                "arrayminus": [
                    100 * (interval.mean - interval.low) if known else 0.0
                    for known, (_, _, interval) in zip(shown, found, strict=True)
                ],
                "thickness": 1.3,
                "width": 3,
                "color": TEXT,
            },
            "hovertext": [_words(repeats, arm, target) for _, arm, _ in found],
            "hovertemplate": "%{hovertext}<extra></extra>",
            "name": "mean",
        }
    ]


def _words(repeats: Repeats, arm: Arm, target: int) -> str:
    return f"{arm.id}: {rate_words(repeats, arm, target)}"


def rate_words(repeats: Repeats, arm: Arm, target: int) -> str:
    """``23.7 % [21.0, 26.4], n = 303, 5 seeds``; the interval from three seeds on."""
    texts = f"n = {repeats.of(arm)[0].rows[1]:,}"
    return over_seeds(repeats.error(arm, target), texts)


def _guess(place: float) -> dict[str, Any]:
    return {
        "type": "line",
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "x0": place,
        "x1": place,
        "line": {"color": TEXT, "width": 1.5, "dash": "4px,3px"},
        "opacity": 0.75,
    }


def _rows(repeats: Repeats, target: int) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for arm in repeats.arms:
        outcomes = repeats.of(arm)
        if not outcomes:
            continue
        interval = repeats.error(arm, target)
        known = sure(interval)
        ends = [round(100 * end, 1) if known else "" for end in (interval.low, interval.high)]
        rows.append(
            (arm.id, round(100 * interval.mean, 1), *ends, interval.seeds, outcomes[0].rows[1])
        )
    return rows


def _alt(name: str, rows: list[tuple[Cell, ...]]) -> str:
    if not rows:
        return "Nothing has been trained yet."
    said = ", ".join(f"{row[0]} {row[1]} %" for row in rows)
    return f"Wrong on {name}, mean over the seeds: {said}."
