"""Lines, the areas between them, and their names where they end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from lossviz.figures.base.chart import escaped, packed
from lossviz.figures.base.layout import beside
from lossviz.figures.base.palette import ink

APART = 0.075
"""Of the height: what is between two names at least."""
LONGEST = 13


def line(
    x: npt.NDArray[Any],
    y: npt.NDArray[Any],
    colour: str,
    width: float,
    dash: str = "solid",
    **trace: Any,
) -> dict[str, Any]:
    """A line without points; what it says under the pointer is its own."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": packed(x, "i4" if x.dtype.kind == "i" else "f4"),
        "y": packed(y),
        "line": {"color": colour, "width": width, "dash": dash},
    } | trace


def area(
    x: npt.ArrayLike, low: npt.ArrayLike, high: npt.ArrayLike, colour: str, opacity: float
) -> dict[str, Any]:
    """What lies between two lines."""
    around = np.concatenate([np.asarray(x), np.asarray(x)[::-1]])
    return {
        "type": "scatter",
        "mode": "lines",
        "x": packed(around),
        "y": packed(np.concatenate([np.asarray(high), np.asarray(low)[::-1]])),
        "fill": "toself",
        "fillcolor": colour,
        "line": {"width": 0},
        "opacity": opacity,
        "hoverinfo": "skip",
    }


def line_ends(
    lines: Sequence[tuple[str, str, float]], low: float, high: float
) -> list[dict[str, Any]]:
    """Names at the right ends of lines, instead of a legend: a name beside each end, in the text's
    colour, and the line's colour before it.

    :param lines: name, colour and height of each.
    :param low: of the axis.
    :param high: likewise.
    """
    ordered = sorted(lines, key=lambda line: line[2])
    heights = apart([height for _, _, height in ordered], APART * (high - low), high)
    return [
        beside(f"{ink('■', colour)} {escaped(name, LONGEST)}", height)
        for height, (name, colour, _) in zip(heights, ordered, strict=True)
    ]


def apart(heights: Sequence[float], least: float, highest: float) -> list[float]:
    """Ascending heights, moved up until they are apart, and down again where they left the axis.

    >>> apart([1.0, 1.0, 5.0], 2.0, 6.0)
    [1.0, 3.0, 5.0]
    """
    moved = list(heights)
    for k in range(1, len(moved)):
        moved[k] = max(moved[k], moved[k - 1] + least)
    moved[-1] = min(moved[-1], highest - least / 2)
    for k in range(len(moved) - 2, -1, -1):
        moved[k] = min(moved[k], moved[k + 1] - least)
    return moved
