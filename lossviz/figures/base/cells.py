"""Cells that are coloured by a number: a heat map, the numbers in it, the scale beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lossviz.arrays import Doubles
from lossviz.figures.base.chart import packed
from lossviz.figures.base.palette import CIVIDIS, black_from

COLOURS = [list(stop) for stop in CIVIDIS]


def heat_map(values: Doubles, low: float, high: float, unit: str, **trace: Any) -> dict[str, Any]:
    """Cells coloured by these values, ``(rows, columns)``.

    :param low: of the scale.
    :param high: likewise.
    :param unit: what follows the numbers of the scale.
    """
    return {
        "type": "heatmap",
        "z": packed(values),
        "zmin": low,
        "zmax": high,
        "colorscale": COLOURS,
        "colorbar": colour_bar(ticksuffix=unit),
    } | trace


def colour_bar(**settings: Any) -> dict[str, Any]:
    """The scale of the colours."""
    bar = {"thickness": 8, "len": 1.0, "outlinewidth": 0, "tickfont": {"size": 10}, "nticks": 5}
    return bar | settings


def with_texts(shown: bool) -> dict[str, Any]:
    """Of a heat map: with numbers in the cells, no scale is needed beside them."""
    return {"showscale": not shown, "xgap": int(shown), "ygap": int(shown)}


def cell_texts(
    texts: Mapping[tuple[int, int], str], shares: Doubles, size: int
) -> Iterator[dict[str, Any]]:
    """The numbers in the cells: a trace in black and one in white, each where it is readable.

    Two traces, as annotations would be redrawn one by one: 144 of them for each matrix.

    :param texts: by row and column, from 0.
    :param shares: ``(rows, columns)``, of the scale of colours.
    """
    dark = (shares < black_from()).tolist()
    for ink, inverse in (("#000000", False), ("#FFFFFF", True)):
        inked = [(row, column) for row, column in texts if dark[row][column] is inverse]
        yield {
            "type": "scatter",
            "mode": "text",
            "x": [column for _, column in inked],
            "y": [row for row, _ in inked],
            "text": [texts[cell] for cell in inked],
            "textfont": {"size": size, "color": ink},
            "hoverinfo": "skip",
        }
