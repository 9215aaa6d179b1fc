"""The quick model beside guessing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lossviz.experiments.closer_look import Hardness, Target
from lossviz.figures.base.chart import Cell, Chart, axis, between_rows, by_row, escaped, frame, note
from lossviz.figures.base.palette import PAPER, TEXT, component_colour
from lossviz.figures.runs.errors import guess_marks

ROW_HEIGHT = 34
COLUMNS = ("part", "right, %", "low", "high", "guessing, %", "n", "in words")


def hardness_beside_guessing(hardness: Hardness | None, parts: int) -> Chart:
    """A row for each component and one for the whole label: how often the quick model is right,
    with its interval, and a dashed tick where guessing is.

    :param parts: number of components.
    """
    targets = () if hardness is None else hardness.targets
    layout = frame(
        xaxis=axis("right, % of texts not trained on", range=[0, 101], ticks="outside", dtick=25),
        yaxis=axis(
            "" if targets else "part",
            tickvals=list(range(len(targets))),
            ticktext=[escaped(target.name, 24) for target in targets],
            range=[max(len(targets), 1) - 0.5, -0.5],
            showgrid=False,
        ),
        margin={"l": 110, "r": 12, "t": 4, "b": 38},
        shapes=between_rows(len(targets)),
        annotations=[] if targets else [note("How hard each part is appears here")],
    )
    title = "A quick model, with 95 % intervals"
    if targets:
        title += f" (n = {targets[0].error.n:,}); dashed: guessing"
    names = [target.name for target in targets]
    guesses = [100 * target.guess for target in targets]
    return Chart(
        title,
        _alt(targets),
        (*guess_marks(guesses, names), _dots(targets, parts)) if targets else (),
        layout,
        COLUMNS,
        by_row([_row(target) for target in targets], COLUMNS),
    )


def height_of_hardness(parts: int) -> int:
    """Of the chart, in pixels, before it is known what it shows."""
    return 96 + ROW_HEIGHT * (parts + (parts > 1))


def _dots(targets: Sequence[Target], parts: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [100 * target.accuracy for target in targets],
        "y": list(range(len(targets))),
        "marker": {
            "size": 10,
            "color": [
                component_colour(target.place) if target.place < parts else TEXT
                for target in targets
            ],
            "line": {"color": PAPER, "width": 1},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [100 * (target.high - target.accuracy) for target in targets],
            "arrayminus": [100 * (target.accuracy - target.low) for target in targets],
            "thickness": 1.3,
            "width": 3,
            "color": TEXT,
        },
        "hovertext": [
            f"{escaped(target.name)}: {numbers(target)}; {target.verdict}" for target in targets
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "name": "quick model",
    }


def _colour(target: Target, parts: int) -> str:
    return component_colour(target.place) if target.place < parts else TEXT


def numbers(target: Target) -> str:
    """``56.6 % [55.2, 58.0], n = 4,850``."""
    low, high = 100 * target.low, 100 * target.high
    return f"{100 * target.accuracy:.1f} % [{low:.1f}, {high:.1f}], n = {target.error.n:,}"


def _row(target: Target) -> tuple[Cell, ...]:
    found = [
        round(100 * rate, 1) for rate in (target.accuracy, target.low, target.high, target.guess)
    ]
    return (target.name, *found, target.error.n, target.verdict)


def _alt(targets: Sequence[Target]) -> str:
    if not targets:
        return "The quick model has not been trained yet."
    said = "; ".join(
        f"{target.name} {numbers(target)}, guessing {100 * target.guess:.1f} %: {target.verdict}"
        for target in targets
    )
    return f"How often a quick model is right: {said}."
