"""A confusion matrix of very many labels, whose rows and columns are grouped by a component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lossviz.arrays import Integers, Positions
from lossviz.experiments.evaluation import Confusion
from lossviz.figures.base.chart import Chart, escaped, packed, squeezed
from lossviz.figures.base.layout import level, upright
from lossviz.figures.runs.matrices import WORDS, Normalise, alt, before, heat, matrix_frame, shares

MOST_CELLS = 90_000
"""More would be smaller than a pixel on a card."""
MOST_BANDS = 24
"""Bands with a name of their own; of more, those with most labels are named."""
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
class _Band:
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
    bands = [] if group is None else _bands(group, order)
    ticks = _band_ticks(bands) if bands else _label_ticks(labels)
    layout = matrix_frame(size, ticks, shapes=_lines(bands))
    listed = _listed(matrix.counts)
    # What is said of a cell is put together in the browser, from what stands in ``meta``: as text
    # it would be a hundred times as much as the numbers.
    cells = heat(values, normalise, top)
    cells["meta"] = {
        "cells": order.tolist(),
        "names": [escaped(label) for label in labels],
        "counts": packed(matrix.counts[np.ix_(order, order)], "i4"),
        "rows": np.column_stack(listed).tolist(),
    }
    return Chart(
        f"{before(letter)}{name}: {WORDS[normalise]}, all {size**2:,} cells",
        alt(letter, matrix, name),
        (cells,),
        layout,
        COLUMNS,
        (
            [matrix.labels[label] for label in listed[0]],
            [matrix.labels[label] for label in listed[1]],
            matrix.counts[listed],
        ),
    )


def _listed(counts: Integers) -> tuple[Positions, Positions]:
    """The cells that are not empty, the fullest first."""
    true, predicted = np.nonzero(counts)
    order = np.argsort(-counts[true, predicted], kind="stable")[:MOST_LISTED]
    return true[order], predicted[order]


def _bands(group: Group, order: Positions) -> list[_Band]:
    codes = group.codes[order]
    starts = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist()]
    ends = [*starts[1:], len(codes)]
    return [
        _Band(group.values[codes[start]], start, end)
        for start, end in zip(starts, ends, strict=True)
    ]


def _band_ticks(bands: Sequence[_Band]) -> dict[str, Any]:
    """The names of the bands, of the larger ones first, where one does not stand on another."""
    apart = bands[-1].end / MOST_BANDS
    named: list[_Band] = []
    for band in sorted(bands, key=lambda band: band.start - band.end):
        if all(abs(band.middle - other.middle) >= apart for other in named):
            named.append(band)
    named.sort(key=lambda band: band.start)
    return {
        "tickvals": [band.middle for band in named],
        "ticktext": [escaped(band.value, 14) for band in named],
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


def _lines(bands: Sequence[_Band]) -> list[dict[str, Any]]:
    """Between the groups, across and down."""
    return [
        guide(band.start - 0.5, color=LINE, opacity=0.4, layer="above")
        for band in bands[1:]
        for guide in (upright, level)
    ]
