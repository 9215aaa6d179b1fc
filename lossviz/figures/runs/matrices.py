"""Confusion matrices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np

from lossviz.arrays import Doubles, Integers
from lossviz.experiments.evaluation import Confusion
from lossviz.figures.base.chart import Chart, axis, escaped, frame, note, packed, squeezed
from lossviz.figures.base.palette import CIVIDIS, readable_on, shade

Normalise = Literal["true", "predicted", "all", "none"]
MOST_TEXTS, MOST_LABELS = 12, 30
"""Cells with numbers in them, and a matrix that is drawn unasked: up to so many labels."""
LONGEST_TICK = 14
ROOMY = 6
"""Up to so many labels a cell is at least 40 pixels high."""
BETWEEN_PARTS = "|"
"""What stands between the parts of most labels (:attr:`lossviz.schema.LabelSchema.separator`)."""
WORDS = {
    "true": "% of the true label",
    "predicted": "% of the prediction",
    "all": "% of all texts",
    "none": "texts",
}


def shares(counts: Integers, normalise: Normalise) -> Doubles:
    """What the colours show: per cent of a row, a column or all, or the counts; 0 where nothing
    is.

    >>> shares(np.array([[3, 1], [0, 0]]), "true").tolist()
    [[75.0, 25.0], [0.0, 0.0]]
    """
    if normalise == "none":
        return counts.astype(np.float64)
    total = {
        "true": counts.sum(axis=1, keepdims=True),
        "predicted": counts.sum(axis=0, keepdims=True),
        "all": counts.sum(keepdims=True),
    }[normalise]
    return np.asarray(100.0 * counts / np.maximum(total, 1))


def confusion_top(confusions: Iterable[Confusion], normalise: Normalise) -> float:
    """The end of the colour scale that several matrices share."""
    if normalise in ("true", "predicted"):
        return 100.0
    return max(
        (float(shares(confusion.counts, normalise).max()) for confusion in confusions), default=1.0
    )


def confusion(
    letter: str, matrix: Confusion | None, normalise: Normalise, name: str, top: float
) -> Chart:
    """A heat map: true labels down, predicted across, count and share in each cell.

    :param letter: of the run; empty where there is only one.
    :param name: what is confused, such as ``whole label``.
    :param top: of the colour scale.
    """
    if matrix is None:
        return _empty(letter, name)
    counts, labels = matrix.counts, matrix.labels
    values = shares(counts, normalise)
    top = max(top, 1e-9)
    ticks = _ticks(labels)
    layout = frame(
        xaxis=axis("predicted", **ticks, autotickangles=[0, -40, -90]),
        yaxis=axis("true", **ticks, range=[len(labels) - 0.5, -0.5]),
        margin={"l": 60, "r": 6, "t": 4, "b": 44},
    )
    heat = _cells(counts, values, labels, normalise, top)
    return Chart(
        f"{_of(letter)}{name}: {WORDS[normalise]}",
        alt(letter, matrix, name),
        (heat, *(_texts(counts, values, normalise, top) if len(labels) <= MOST_TEXTS else ())),
        layout,
        ("true \\ predicted", *labels),
        (labels, *counts.T),
    )


def _of(letter: str) -> str:
    return f"{letter} " if letter else ""


def _run(letter: str) -> str:
    return f"Run {letter}" if letter else "This model"


def _empty(letter: str, name: str) -> Chart:
    layout = frame(
        xaxis=axis("predicted", showgrid=False, tickvals=[], range=[0, 1]),
        yaxis=axis("true", showgrid=False, tickvals=[], range=[0, 1]),
        margin={"l": 60, "r": 6, "t": 4, "b": 44},
        annotations=[note("What is taken for what")],
    )
    alt = f"{_run(letter)} has not been judged yet."
    return Chart(f"{_of(letter)}{name}: not judged yet", alt, (), layout, ("true",), ((),))


def _ticks(labels: Sequence[str]) -> dict[str, Any]:
    size = len(labels)
    return {
        "tickvals": list(range(size)),
        "ticktext": [_tick(label, size) for label in labels],
        "showgrid": False,
        "tickfont": {"size": 12 if size <= 6 else 10 if size <= 16 else 8},
    }


def _tick(label: str, size: int) -> str:
    """A long label of two or three parts takes a line for each, where cells are large enough."""
    parts = label.split(BETWEEN_PARTS)
    if size <= ROOMY and len(label) > LONGEST_TICK and len(parts) in (2, 3):
        return f"{BETWEEN_PARTS}<br>".join(escaped(part, LONGEST_TICK) for part in parts)
    return squeezed(label, LONGEST_TICK)


def _cells(
    counts: Integers,
    values: Doubles,
    labels: Sequence[str],
    normalise: Normalise,
    top: float,
) -> dict[str, Any]:
    size = len(labels)
    return heat(values, normalise, top) | {
        # With numbers in the cells, no scale is needed beside them.
        "showscale": size > MOST_TEXTS,
        "xgap": 1 if size <= MOST_TEXTS else 0,
        "ygap": 1 if size <= MOST_TEXTS else 0,
        "text": [[f"{value:,}" for value in row] for row in counts.tolist()],
        "hovertext": _names(labels),
        "customdata": [[[i, j] for j in range(size)] for i in range(size)],
    }


def heat(values: Doubles, normalise: Normalise, top: float) -> dict[str, Any]:
    """Cells coloured by these values ``(L, L)``, and what is said of one under the pointer."""
    share = "" if normalise == "none" else f", %{{z:.1f}} {WORDS[normalise]}"
    return {
        "type": "heatmap",
        "z": packed(values),
        "zmin": 0.0,
        "zmax": top,
        "colorscale": [list(stop) for stop in CIVIDIS],
        "colorbar": {
            "thickness": 8,
            "len": 1.0,
            "outlinewidth": 0,
            "ticksuffix": "" if normalise == "none" else " %",
            "tickfont": {"size": 10},
            "nticks": 5,
        },
        "hovertemplate": f"%{{hovertext}}<br>%{{text}} texts{share}<extra></extra>",
    }


def _names(labels: Sequence[str]) -> list[list[str]]:
    names = [escaped(label) for label in labels]
    return [[f"true {true}<br>predicted {predicted}" for predicted in names] for true in names]


def _texts(
    counts: Integers,
    values: Doubles,
    normalise: Normalise,
    top: float,
) -> Iterable[dict[str, Any]]:
    """The numbers in the cells: a trace in black and one in white, each where it is readable.

    Two traces, as annotations would be redrawn one by one: 144 of them for each matrix.
    """
    size = len(counts)
    places = [(i, j) for i in range(size) for j in range(size)]
    inks = {(i, j): readable_on(shade(values[i, j] / top)) for i, j in places}
    for ink in ("#000000", "#FFFFFF"):
        own = [place for place in places if inks[place] == ink]
        yield {
            "type": "scatter",
            "mode": "text",
            "x": [j for _, j in own],
            "y": [i for i, _ in own],
            "text": [
                f"{counts[place]:,}"
                + (f"<br>{values[place]:.0f} %" if counts[place] and normalise != "none" else "")
                for place in own
            ],
            "textfont": {"size": _text_size(size), "color": ink},
            "hoverinfo": "skip",
        }


def _text_size(size: int) -> int:
    """What fits twice into a cell, on a card of about 300 pixels."""
    return next(
        points for most, points in ((4, 13), (6, 11), (9, 9), (MOST_TEXTS, 7)) if size <= most
    )


def alt(letter: str, matrix: Confusion, name: str) -> str:
    """The matrix in words."""
    off = matrix.counts - np.diag(np.diag(matrix.counts))
    said = (
        f"{_run(letter)}, {name}: {int(off.sum()):,} of {int(matrix.counts.sum()):,} "
        "held-out texts wrong."
    )
    if not off.any():
        return said
    i, j = np.unravel_index(int(off.argmax()), off.shape)
    return (
        f"{said} Most often {matrix.labels[i]} is taken for {matrix.labels[j]}: "
        f"{off[i, j]:,} times."
    )
