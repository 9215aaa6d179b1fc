"""Names at the right ends of lines, instead of a legend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lossviz.figures.base.chart import escaped
from lossviz.figures.base.palette import TEXT, ink

APART = 0.075
"""Of the height: what is between two names at least."""
LONGEST = 13


def line_ends(
    lines: Sequence[tuple[str, str, float]], low: float, high: float
) -> list[dict[str, Any]]:
    """A name beside each end, in the text's colour, and the line's colour before it.

    :param lines: name, colour and height of each.
    :param low: of the axis.
    :param high: likewise.
    """
    ordered = sorted(lines, key=lambda own: own[2])
    heights = _apart([height for _, _, height in ordered], APART * (high - low), high)
    return [
        {
            "text": f"{'■' if colour == TEXT else ink('■', colour)} {escaped(name, LONGEST)}",
            "xref": "paper",
            "x": 1,
            "xanchor": "left",
            "xshift": 4,
            "y": height,
            "showarrow": False,
            "font": {"size": 12},
        }
        for height, (name, colour, _) in zip(heights, ordered, strict=True)
    ]


def _apart(heights: Sequence[float], least: float, highest: float) -> list[float]:
    """Ascending heights, moved up until they are apart, and down again where they left the axis.

    >>> _apart([1.0, 1.0, 5.0], 2.0, 6.0)
    [1.0, 3.0, 5.0]
    """
    moved = list(heights)
    for k in range(1, len(moved)):
        moved[k] = max(moved[k], moved[k - 1] + least)
    moved[-1] = min(moved[-1], highest - least / 2)
    for k in range(len(moved) - 2, -1, -1):
        moved[k] = min(moved[k], moved[k + 1] - least)
    return moved
