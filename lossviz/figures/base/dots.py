"""A dot plot: a row for each thing, a dot in it with its interval, and what it is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lossviz.figures.base.chart import escaped
from lossviz.figures.base.layout import DASHED, axis, frame, level
from lossviz.figures.base.palette import PAPER, TEXT


@dataclass(frozen=True, slots=True)
class Dot:
    """A value with its interval, in one of the rows 0, 1, 2 …

    :param low: in units of the axis, as the value; the value itself where it has no interval.
    :param words: for the pointer; escaped.
    """

    row: float
    value: float
    low: float
    high: float
    words: str


def rows_frame(
    names: Sequence[str],
    xaxis: dict[str, Any],
    left: int,
    *,
    title: str = "",
    **layout: Any,
) -> dict[str, Any]:
    """The layout of a dot plot, with faint lines between its rows.

    :param names: of the rows, from above; escaped.
    :param left: pixels that the names have.
    :param title: of the axis of the rows, where they do not say by themselves what they are.
    """
    size = len(names)
    yaxis = axis(
        title,
        tickvals=list(range(size)),
        ticktext=list(names),
        range=[max(size, 1) - 0.5, -0.5],
        showgrid=False,
    )
    between = [level(row + 0.5, opacity=0.15) for row in range(size - 1)]
    margin = {"l": left, "r": 12, "t": 4, "b": 38}
    return frame(**{"xaxis": xaxis, "yaxis": yaxis, "margin": margin, "shapes": between} | layout)


def interval_dots(
    dots: Sequence[Dot],
    colour: str | Sequence[str],
    *,
    size: int = 10,
    symbol: str | Sequence[str] = "circle",
    **trace: Any,
) -> dict[str, Any]:
    """The dots and their intervals, in one trace.

    :param colour: of all, or of each; ``symbol`` likewise.
    """
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [dot.value for dot in dots],
        "y": [dot.row for dot in dots],
        "marker": {
            "symbol": symbol,
            "size": size,
            "color": colour,
            "line": {"color": PAPER, "width": 1},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [dot.high - dot.value for dot in dots],
            "arrayminus": [dot.value - dot.low for dot in dots],
            "thickness": 1.3,
            "width": 3,
            "color": TEXT,
        },
        "hovertext": [dot.words for dot in dots],
        "hovertemplate": "%{hovertext}<extra></extra>",
    } | trace


def offset(place: int, count: int) -> float:
    """How far below the middle of its row one of several dots stands."""
    return 0.72 * ((place + 0.5) / count - 0.5)


def guess_marks(guesses: Sequence[float], targets: Sequence[str]) -> list[dict[str, Any]]:
    """Where the commonest label is: a dashed tick in each row; one trace, under the dots.

    :param guesses: in units of the axis, which are per cent.
    :param targets: what is guessed in each row; not escaped.
    """
    if not guesses:
        return []
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [place for guess in guesses for place in (guess, guess, None)],
            "y": [end for row in range(len(guesses)) for end in (row - 0.44, row + 0.44, None)],
            "line": {"color": TEXT, "width": 1.5, "dash": DASHED},
            "opacity": 0.75,
            "hovertext": [
                words
                for target, guess in zip(targets, guesses, strict=True)
                for words in [f"commonest label, {escaped(target)}: {guess:.1f} %"] * 2 + [""]
            ],
            "hovertemplate": "%{hovertext}<extra></extra>",
            "name": "commonest label",
        }
    ]
