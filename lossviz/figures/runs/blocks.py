"""A confusion matrix of very many labels, whose rows and columns are grouped by a component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lossviz.arrays import Integers, Positions
from lossviz.experiments.evaluation import Confusion
from lossviz.figures.base.chart import Chart, axis, escaped, frame, packed, squeezed
from lossviz.figures.runs.matrices import WORDS, Normalise, alt, heat, shares

MOST_CELLS = 90_000
"""More would be smaller than a pixel on a card."""
MOST_BLOCKS = 24
"""Blocks with a name of their own; of more, those with most labels are named."""
FEW_LABELS = 64
"""Without groups, so many labels have a tick of their own."""
MOST_LISTED = 1000
"""Rows of the table: the cells that are not empty, the fullest first."""
LINE = "#FFFFFF"
COLUMNS = ("true", "predicted", "texts")


@dataclass(frozen=True)
class Group:
    """What rows and columns are grouped by.

    :param values: of the component.
    :param codes: ``(L,)``, the value of each label.
    """

    values: tuple[str, ...]
    codes: Integers


@dataclass(frozen=True)
class _Block:
    """Neighbouring labels with the same value: from ``start`` up to, without, ``end``."""

    value: str
    start: int
    end: int

    @property
    def middle(self) -> float:
        return (self.start + self.end - 1) / 2


def block_matrix(
    letter: str,
    matrix: Confusion,
    normalise: Normalise,
    name: str,
    top: float,
    group: Group | None,
) -> Chart:
    """A heat map of all cells, with lines between the groups.

    :param top: of the colour scale.
    :param group: what the labels are ordered by; without it they stay in their order.
    """
    size = len(matrix.labels)
    order = np.arange(size) if group is None else np.argsort(group.codes, kind="stable")
    values = shares(matrix.counts, normalise)[np.ix_(order, order)]
    labels = [matrix.labels[place] for place in order]
    blocks = [] if group is None else _blocks(group, order)
    ticks = _block_ticks(blocks) if blocks else _label_ticks(labels)
    layout = frame(
        xaxis=axis("predicted", **ticks, autotickangles=[0, -40, -90]),
        yaxis=axis("true", **ticks, range=[size - 0.5, -0.5]),
        margin={"l": 60, "r": 6, "t": 4, "b": 44},
        shapes=_lines(blocks),
    )
    run = f"{letter} " if letter else ""
    listed = _listed(matrix.counts)
    # What is said of a cell is put together in the browser, from what stands in ``meta``: as text
    # it would be a hundred times as much as the numbers.
    cells = heat(values, normalise, max(top, 1e-9))
    cells["meta"] = {
        "cells": order.tolist(),
        "names": [escaped(label) for label in labels],
        "counts": packed(matrix.counts[np.ix_(order, order)], "i4"),
        "rows": np.column_stack(listed).tolist(),
    }
    return Chart(
        f"{run}{name}: {WORDS[normalise]}, all {size**2:,} cells",
        alt(letter, matrix, name),
        (cells,),
        layout,
        COLUMNS,
        (
            [matrix.labels[value] for value in listed[0]],
            [matrix.labels[value] for value in listed[1]],
            matrix.counts[listed],
        ),
    )


def _listed(counts: Integers) -> tuple[Positions, Positions]:
    """The cells that are not empty, the fullest first."""
    true, predicted = np.nonzero(counts)
    order = np.argsort(-counts[true, predicted], kind="stable")[:MOST_LISTED]
    return true[order], predicted[order]


def _blocks(group: Group, order: Positions) -> list[_Block]:
    codes = group.codes[order]
    starts = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist()]
    ends = [*starts[1:], len(codes)]
    return [
        _Block(group.values[codes[start]], start, end)
        for start, end in zip(starts, ends, strict=True)
    ]


def _block_ticks(blocks: Sequence[_Block]) -> dict[str, Any]:
    """The names of the blocks, of the larger ones first, where one does not stand on another."""
    apart = blocks[-1].end / MOST_BLOCKS
    named: list[_Block] = []
    for block in sorted(blocks, key=lambda block: block.start - block.end):
        if all(abs(block.middle - other.middle) >= apart for other in named):
            named.append(block)
    named.sort(key=lambda block: block.start)
    return {
        "tickvals": [block.middle for block in named],
        "ticktext": [escaped(block.value, 14) for block in named],
        "showgrid": False,
        "tickfont": {"size": 10 if len(named) <= 12 else 8},
    }


def _label_ticks(labels: Sequence[str]) -> dict[str, Any]:
    stride = -(-len(labels) // FEW_LABELS)
    shown = range(0, len(labels), stride)
    return {
        "tickvals": list(shown),
        "ticktext": [squeezed(labels[place], 14) for place in shown],
        "showgrid": False,
        "tickfont": {"size": 7},
    }


def _lines(blocks: Sequence[_Block]) -> list[dict[str, Any]]:
    """Between the groups, across and down."""
    line = {"type": "line", "line": {"color": LINE, "width": 1}, "opacity": 0.4}
    return [
        line
        | ({"yref": "paper", "y0": 0, "y1": 1, "x0": at, "x1": at} if down else
           {"xref": "paper", "x0": 0, "x1": 1, "y0": at, "y1": at})
        for block in blocks[1:]
        for at in (block.start - 0.5,)
        for down in (True, False)
    ]  # fmt: skip
