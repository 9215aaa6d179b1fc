"""What is most often taken for what, where labels are too many for a matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lossviz.arrays import Bools, Doubles, Integers, Positions
from lossviz.experiments.evaluation import Confusion
from lossviz.figures.base.chart import Chart, escaped, shortened
from lossviz.figures.base.layout import axis, frame, note
from lossviz.figures.base.palette import TEXT, component_colour
from lossviz.figures.runs.matrices import before, run_words
from lossviz.schema import Codes, LabelSchema

MOST_PAIRS, MOST_LISTED = 9, 200
"""Bars of a chart of 330 pixels, and rows of the table behind it."""
MOST_DIFFERING, FEW_PARTS = 2, 3
"""Parts that are named in a row, and parts of a label of which those that are right are, too."""
LONGEST_NAME, LONGEST_VALUE = 16, 18
COLUMNS = ("true", "predicted", "differs in", "texts", "% of the true label", "n of the true label")


@dataclass(frozen=True)
class Labels:
    """How the labels of a confusion matrix are put together.

    :param components: names of the components that its codes ``(L, K)`` are of, in order.
    :param values: the values of each.
    :param first: the number of the first of them in the schema, which decides the colours.
    """

    components: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    first: int

    @classmethod
    def whole(cls, schema: LabelSchema) -> Labels:
        """Of whole labels."""
        return cls(schema.names, tuple(component.values for component in schema.components), 0)

    @classmethod
    def component(cls, schema: LabelSchema, k: int) -> Labels:
        """Of the values of component ``k``."""
        component = schema.components[k]
        return cls((component.name,), (component.values,), k)

    def colour(self, k: int) -> str:
        """Of the ``k``-th of these components."""
        return component_colour(self.first + k)


@dataclass(frozen=True)
class _Pairs:
    """True and predicted labels that differ, the most frequent first: all arrays ``(P,)``."""

    true: Positions
    predicted: Positions
    texts: Integers
    rows: Integers

    @classmethod
    def of(cls, matrix: Confusion) -> _Pairs:
        true, predicted = np.nonzero(matrix.counts)
        wrong = true != predicted
        true, predicted = true[wrong], predicted[wrong]
        texts = matrix.counts[true, predicted]
        rows = matrix.counts.sum(axis=1)[true]
        # Equally frequent pairs: the larger share of its true label first.
        order = np.lexsort((-texts / np.maximum(rows, 1), -texts))
        return cls(true[order], predicted[order], texts[order], rows[order])

    @property
    def shares(self) -> Doubles:
        """Per cent of the texts with the true label."""
        return np.asarray(100.0 * self.texts / np.maximum(self.rows, 1))


def confused_pairs(letter: str, matrix: Confusion, name: str, labels: Labels) -> Chart:
    """Bars: the most confused pairs first, each with the parts in which they differ.

    :param letter: of the run; empty where there is only one.
    :param name: what is confused, such as ``whole label``.
    """
    pairs = _Pairs.of(matrix)
    size = len(pairs.texts)
    shown, listed = min(size, MOST_PAIRS), min(size, MOST_LISTED)
    run = before(letter)
    most = int(pairs.texts.max(initial=1))
    layout = frame(
        xaxis=axis("texts", range=[0, 1.6 * most], **({"dtick": 1} if most < 5 else {"nticks": 5})),
        yaxis=axis(
            "",
            tickvals=list(range(shown)),
            ticktext=[f"{place + 1}" for place in range(shown)],
            range=[max(shown, 1) - 0.4, -0.75],
            showgrid=False,
        ),
        margin={"l": 22, "r": 6, "t": 4, "b": 38},
        bargap=0.6,
        annotations=[] if size else [note("No text is taken for another")],
    )
    title = f"{run}{name}: most confused pairs"
    if size > shown:
        title = f"{run}{name}: the {shown} most confused of {size:,} pairs"
    return Chart(
        title,
        _alt(letter, matrix, name, pairs),
        (_bars(matrix, pairs, labels, shown, listed), _names(matrix, pairs, labels, shown))
        if size
        else (),
        layout,
        COLUMNS,
        _table(matrix, pairs, labels, listed),
    )


def _bars(
    matrix: Confusion, pairs: _Pairs, labels: Labels, shown: int, listed: int
) -> dict[str, Any]:
    parts = [np.flatnonzero(_differs(matrix, pairs, place)) for place in range(shown)]
    colours = [labels.colour(int(part[0])) if len(part) == 1 else TEXT for part in parts]
    cells = np.column_stack([pairs.true[:listed], pairs.predicted[:listed]]).tolist()
    return {
        "type": "bar",
        "orientation": "h",
        "x": pairs.texts[:shown].tolist(),
        "y": list(range(shown)),
        "marker": {"color": colours},
        "text": [
            f"{pairs.texts[place]:,} · {pairs.shares[place]:.0f} % of {pairs.rows[place]:,}"
            for place in range(shown)
        ],
        "textposition": "outside",
        "textfont": {"size": 10},
        "constraintext": "none",
        "cliponaxis": False,
        "hovertext": [_hover(matrix, pairs, labels, place) for place in range(shown)],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": cells[:shown],
        "meta": {"rows": cells},
    }


def _names(matrix: Confusion, pairs: _Pairs, labels: Labels, shown: int) -> dict[str, Any]:
    """What is taken for what, above each bar."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": [0] * shown,
        "y": [place - 0.42 for place in range(shown)],
        "text": [_difference(matrix, pairs, labels, place) for place in range(shown)],
        "textposition": "middle right",
        "textfont": {"size": 11, "color": TEXT},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _differs(matrix: Confusion, pairs: _Pairs, place: int) -> Bools:
    """``(K,)``: in which components do the two labels of a pair differ?"""
    true, predicted = matrix.codes[pairs.true[place]], matrix.codes[pairs.predicted[place]]
    return np.asarray(np.not_equal(true, predicted))


def _difference(matrix: Confusion, pairs: _Pairs, labels: Labels, place: int) -> str:
    """``intent: set → query``; of many parts that differ the first two."""
    true, predicted = matrix.codes[pairs.true[place]], matrix.codes[pairs.predicted[place]]
    parts = np.flatnonzero(true != predicted)
    differences = []
    for k in parts[:MOST_DIFFERING]:
        both = " → ".join(
            _isolated(labels.values[k][codes[k]], LONGEST_VALUE) for codes in (true, predicted)
        )
        named = f"{_isolated(labels.components[k], LONGEST_NAME)}: " if len(true) > 1 else ""
        differences.append(f"{named}{both}")
    more = len(parts) - MOST_DIFFERING
    if more > 0:
        differences.append(f"+ {more}")
    return ", ".join(differences) + _rest(labels, true, parts)


def _isolated(name: str, longest: int) -> str:
    """A name that keeps its direction to itself: between two that are written from the right the
    arrow would point from the prediction to the truth."""
    return f"\u2068{escaped(name, longest)}\u2069"


def _rest(labels: Labels, true: Codes, parts: Positions) -> str:
    """The parts that are right, where the label has few."""
    if not 1 < len(true) <= FEW_PARTS:
        return ""
    right = (k for k in range(len(true)) if k not in parts)
    return "".join(f" · {_isolated(labels.values[k][true[k]], LONGEST_VALUE)}" for k in right)


def _hover(matrix: Confusion, pairs: _Pairs, labels: Labels, place: int) -> str:
    lines = [
        f"true {escaped(matrix.labels[pairs.true[place]])}",
        f"predicted {escaped(matrix.labels[pairs.predicted[place]])}",
        f"{pairs.texts[place]:,} texts, {pairs.shares[place]:.1f} % of the "
        f"{pairs.rows[place]:,} with this true label",
    ]
    if len(labels.components) > 1:
        lines.insert(2, f"differs in: {escaped(_where(matrix, pairs, labels, place))}")
    return "<br>".join(lines)


def _where(matrix: Confusion, pairs: _Pairs, labels: Labels, place: int) -> str:
    parts = np.flatnonzero(_differs(matrix, pairs, place))
    return ", ".join(labels.components[k] for k in parts)


def _table(matrix: Confusion, pairs: _Pairs, labels: Labels, listed: int) -> tuple[Any, ...]:
    return (
        [matrix.labels[label] for label in pairs.true[:listed]],
        [matrix.labels[label] for label in pairs.predicted[:listed]],
        [_where(matrix, pairs, labels, place) for place in range(listed)],
        pairs.texts[:listed],
        np.round(pairs.shares[:listed], 1),
        pairs.rows[:listed],
    )


def _alt(letter: str, matrix: Confusion, name: str, pairs: _Pairs) -> str:
    wrong = (
        f"{run_words(letter)}, {name}: {int(pairs.texts.sum()):,} of "
        f"{int(matrix.counts.sum()):,} held-out texts wrong, in {len(pairs.texts):,} pairs."
    )
    if not len(pairs.texts):
        return wrong
    true, predicted = (
        shortened(matrix.labels[labels[0]], 80) for labels in (pairs.true, pairs.predicted)
    )
    return (
        f"{wrong} Most often {true} is taken for {predicted}: {pairs.texts[0]:,} times, "
        f"{pairs.shares[0]:.0f} % of {pairs.rows[0]:,}."
    )
