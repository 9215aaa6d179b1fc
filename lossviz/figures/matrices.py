"""Confusion matrices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from lossviz.evaluation import Confusion
from lossviz.figures.chart import Chart, axis, escaped, frame, note
from lossviz.figures.palette import CIVIDIS, readable_on, shade
from lossviz.schema import LabelSchema

Normalise = Literal["true", "predicted", "all", "none"]
MOST_TEXTS, MOST_LABELS = 12, 30
WORDS = {
    "true": "% of the true label",
    "predicted": "% of the prediction",
    "all": "% of all texts",
    "none": "texts",
}


def shares(counts: npt.NDArray[np.int64], normalise: Normalise) -> npt.NDArray[np.float64]:
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
    return max((float(shares(own.counts, normalise).max()) for own in confusions), default=1.0)


def confusion(
    letter: str, matrix: Confusion | None, normalise: Normalise, name: str, top: float
) -> Chart:
    """A heat map: true labels down, predicted across, count and share in each cell.

    :param name: what is confused, such as ``whole label``.
    :param top: of the colour scale.
    """
    if matrix is None:
        layout = frame(
            xaxis=axis("predicted", showgrid=False, showticklabels=False),
            yaxis=axis("true", showgrid=False, showticklabels=False),
            annotations=[note("Which labels are taken for which")],
        )
        empty = f"Run {letter} has not been judged yet."
        return Chart(f"{letter}: {name}", empty, (), layout, ("true",), ())
    kept = _most_confused(matrix)
    counts = matrix.counts[np.ix_(kept, kept)]
    values = shares(matrix.counts, normalise)[np.ix_(kept, kept)]
    labels = [matrix.labels[place] for place in kept]
    size = len(labels)
    names = [escaped(label, 60) for label in labels]
    hover = [
        [
            f"true {names[i]}<br>predicted {names[j]}<br>{counts[i, j]:,} texts"
            + ("" if normalise == "none" else f", {values[i, j]:.1f} {WORDS[normalise]}")
            for j in range(size)
        ]
        for i in range(size)
    ]
    heat = {
        "type": "heatmap",
        "z": values.tolist(),
        "x": list(range(size)),
        "y": list(range(size)),
        "zmin": 0.0,
        "zmax": max(top, 1e-9),
        "colorscale": [list(stop) for stop in CIVIDIS],
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "hovertext": hover,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": [[[int(kept[i]), int(kept[j])] for j in range(size)] for i in range(size)],
    }
    ticks = {
        "tickvals": list(range(size)),
        "ticktext": [escaped(label, 18) for label in labels],
        "showgrid": False,
        "tickfont": {"size": 10 if size > 6 else 11},
    }
    layout = frame(
        xaxis=axis("predicted", **ticks, tickangle=-35 if size > 3 else 0),
        yaxis=axis("true", **ticks, range=[size - 0.5, -0.5]),
        annotations=_texts(counts, values, normalise, top) if size <= MOST_TEXTS else [],
        margin={"l": 60, "r": 6, "t": 4, "b": 44},
    )
    wrong = int(matrix.counts.sum() - np.trace(matrix.counts))
    title = f"{letter}: {name}, {WORDS[normalise]}"
    if len(kept) < len(matrix.labels):
        title += f" (the {len(kept)} most confused of {len(matrix.labels)})"
    alt = f"Run {letter}, {name}: {wrong:,} of {int(matrix.counts.sum()):,} held-out texts wrong."
    rows = tuple((labels[i], *(int(own) for own in counts[i])) for i in range(size))
    return Chart(title, alt + _worst(matrix), (heat,), layout, ("true \\ predicted", *labels), rows)


def matrix_name(target: int | None, schema: LabelSchema) -> str:
    """What a matrix is of."""
    return "whole label" if target is None else schema.names[target]


def _most_confused(matrix: Confusion) -> npt.NDArray[np.intp]:
    if len(matrix.labels) <= MOST_LABELS:
        return np.arange(len(matrix.labels))
    off = matrix.counts - np.diag(np.diag(matrix.counts))
    involved = off.sum(axis=0) + off.sum(axis=1)
    return np.sort(np.argsort(-involved, kind="stable")[:MOST_LABELS])


def _texts(
    counts: npt.NDArray[np.int64],
    values: npt.NDArray[np.float64],
    normalise: Normalise,
    top: float,
) -> list[dict[str, Any]]:
    size = len(counts)
    return [
        {
            "x": j,
            "y": i,
            "text": f"{counts[i, j]:,}"
            + ("" if normalise == "none" else f"<br>{values[i, j]:.0f} %"),
            "showarrow": False,
            "captureevents": False,
            "font": {
                "size": 13 if size <= 4 else 10 if size <= 8 else 8,
                "color": readable_on(shade(values[i, j] / max(top, 1e-9))),
            },
        }
        for i in range(size)
        for j in range(size)
    ]


def _worst(matrix: Confusion) -> str:
    off = matrix.counts - np.diag(np.diag(matrix.counts))
    if not off.any():
        return ""
    i, j = np.unravel_index(int(off.argmax()), off.shape)
    return f" Most often {matrix.labels[i]} is taken for {matrix.labels[j]}: {off[i, j]:,} texts."
