"""Confusion matrices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

import numpy as np

from lossviz.arrays import Doubles, Integers
from lossviz.experiments.evaluation import Confusion
from lossviz.figures.base.cells import cell_texts, heat_map, with_texts
from lossviz.figures.base.chart import Chart, escaped, squeezed
from lossviz.figures.base.layout import axis, frame, note

Normalise = Literal["true", "predicted", "all", "none"]
MOST_TEXTS, MOST_LABELS = 12, 30
"""Cells with numbers in them, and a matrix that is drawn unasked: up to so many labels."""
LONGEST_TICK = 14
LEAST_TOP = 1e-9
"""Of the colour scale: it has a length even where nothing is."""
ROOMY = 6
"""Up to so many labels a cell is at least 40 pixels high."""
BETWEEN_PARTS = "|"
"""What stands between the parts of most labels (:attr:`lossviz.schema.LabelSchema.separator`)."""
MARGIN = {"l": 60, "r": 6, "t": 4, "b": 44}
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
    layout = matrix_frame(len(labels), _ticks(labels))
    few = len(labels) <= MOST_TEXTS
    cells = heat(values, normalise, top) | {
        **with_texts(few),
        "text": [[f"{count:,}" for count in row] for row in counts.tolist()],
        "hovertext": _names(labels),
        "customdata": [[[i, j] for j in range(len(labels))] for i in range(len(labels))],
    }
    return Chart(
        f"{before(letter)}{name}: {WORDS[normalise]}",
        alt(letter, matrix, name),
        (cells, *(_texts(counts, values, normalise, top) if few else ())),
        layout,
        ("true \\ predicted", *labels),
        (labels, *counts.T),
    )


def matrix_frame(size: int, ticks: dict[str, Any], **layout: Any) -> dict[str, Any]:
    """The layout of a matrix of so many labels: true ones down, predicted ones across.

    :param ticks: of both axes.
    """
    return frame(
        xaxis=axis("predicted", **ticks, autotickangles=[0, -40, -90]),
        yaxis=axis("true", **ticks, range=[size - 0.5, -0.5]),
        margin=MARGIN,
        **layout,
    )


def before(letter: str) -> str:
    """A run's letter before a title; nothing where there is only one run."""
    return f"{letter} " if letter else ""


def run_words(letter: str) -> str:
    """Whose matrix it is, as a sentence begins."""
    return f"Run {letter}" if letter else "This model"


def _empty(letter: str, name: str) -> Chart:
    layout = frame(
        xaxis=axis("predicted", showgrid=False, tickvals=[], range=[0, 1]),
        yaxis=axis("true", showgrid=False, tickvals=[], range=[0, 1]),
        margin=MARGIN,
        annotations=[note("What is taken for what")],
    )
    alt = f"{run_words(letter)} has not been judged yet."
    return Chart(f"{before(letter)}{name}: not judged yet", alt, (), layout, ("true",), ((),))


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


def heat(values: Doubles, normalise: Normalise, top: float) -> dict[str, Any]:
    """Cells coloured by these values ``(L, L)``, and what is said of one under the pointer."""
    share = "" if normalise == "none" else f", %{{z:.1f}} {WORDS[normalise]}"
    return heat_map(
        values,
        0.0,
        max(top, LEAST_TOP),
        "" if normalise == "none" else " %",
        hovertemplate=f"%{{hovertext}}<br>%{{text}} texts{share}<extra></extra>",
    )


def _names(labels: Sequence[str]) -> list[list[str]]:
    names = [escaped(label) for label in labels]
    return [[f"true {true}<br>predicted {predicted}" for predicted in names] for true in names]


def _texts(
    counts: Integers,
    values: Doubles,
    normalise: Normalise,
    top: float,
) -> Iterator[dict[str, Any]]:
    """The count of each cell, and below it its share."""
    numbers, per_cent = counts.tolist(), values.tolist()
    texts = {
        (i, j): f"{count:,}"
        + (f"<br>{per_cent[i][j]:.0f} %" if count and normalise != "none" else "")
        for i, row in enumerate(numbers)
        for j, count in enumerate(row)
    }
    return cell_texts(texts, values / max(top, LEAST_TOP), _text_size(len(counts)))


def _text_size(size: int) -> int:
    """What fits twice into a cell, on a card of about 300 pixels."""
    return next(
        points for most, points in ((4, 13), (6, 11), (9, 9), (MOST_TEXTS, 7)) if size <= most
    )


def alt(letter: str, matrix: Confusion, name: str) -> str:
    """The matrix in words."""
    off = matrix.counts - np.diag(np.diag(matrix.counts))
    wrong = (
        f"{run_words(letter)}, {name}: {int(off.sum()):,} of {int(matrix.counts.sum()):,} "
        "held-out texts wrong."
    )
    if not off.any():
        return wrong
    i, j = np.unravel_index(int(off.argmax()), off.shape)
    return (
        f"{wrong} Most often {matrix.labels[i]} is taken for {matrix.labels[j]}: "
        f"{off[i, j]:,} times."
    )
