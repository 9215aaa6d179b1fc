"""Marks for spots in the plane of two errors, and the commonest label's lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lossviz.figures.palette import PAPER, TEXT
from lossviz.figures.spots import Spot, inside
from lossviz.outcome import Doubles


def spread_bars(spreads: Sequence[float], colour: str = TEXT) -> dict[str, Any]:
    """A thin bar of one standard deviation to either side of each mean."""
    return {
        "type": "data",
        "array": list(spreads),
        "thickness": 0.8,
        "width": 0,
        "color": colour,
    }


def named_marks(
    spots: Sequence[tuple[Spot, str, str]], window: Doubles
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Traces and labels of what stands under its own name, evenly spread at the right.

    :param spots: each with its symbol, and its words for the pointer.
    """
    marks, labels = [], []
    for place, (own, symbol, words) in enumerate(sorted(spots, key=lambda one: one[0].mean[1])):
        end = window[0, 1] + (place + 0.5) / len(spots) * (window[1, 1] - window[0, 1])
        marks += _mark(own, symbol, words, float(end), window)
        labels.append(_label(own, float(end), window))
    return marks, labels


def _mark(own: Spot, symbol: str, words: str, end: float, window: Doubles) -> list[dict[str, Any]]:
    """The mean large, every seed small, and a faint line to its name at the right. Of what is far
    off there is the name alone."""
    near = inside(own.mean, window)
    x = [*([float(own.mean[0])] if near else []), float(window[1, 0])]
    y = [*([float(own.mean[1])] if near else []), end]
    line = {"color": TEXT, "width": 0.8, "dash": "dot"}
    marker = {"symbol": symbol, "size": 11, "color": TEXT, "line": {"color": PAPER, "width": 1}}
    shared = {"type": "scatter", "hovertemplate": "%{hovertext}<extra></extra>"}
    leader = {"type": "scatter", "mode": "lines", "line": line, "opacity": 0.45}
    return [
        leader | {"x": x, "y": y, "hoverinfo": "skip"},
        shared
        | {
            "mode": "markers",
            "x": own.each[:, 0].tolist(),
            "y": own.each[:, 1].tolist(),
            "marker": {"symbol": f"{symbol}-open", "size": 6, "color": TEXT},
            "opacity": 0.55,
            "hovertext": [
                f"{own.arm.label}, one seed: {first:.1f} %, {second:.1f} %"
                for first, second in own.each
            ],
        },
        shared
        | {
            "mode": "markers",
            "x": x,
            "y": y,
            "cliponaxis": False,
            "marker": marker,
            "hovertext": [words] * len(x),
            "name": own.arm.label,
        },
    ]


def _label(own: Spot, end: float, window: Doubles) -> dict[str, Any]:
    text = own.arm.label
    if not inside(own.mean, window):
        text += f"<br>off: {own.mean[0]:.0f}, {own.mean[1]:.0f} %"
    return {
        "text": text,
        "xref": "paper",
        "x": 1,
        "xanchor": "left",
        "xshift": 9,
        "y": end,
        "align": "left",
        "showarrow": False,
        "font": {"size": 12},
    }


def guess_lines(guessed: Doubles, window: Doubles) -> list[dict[str, Any]]:
    """Dashed lines at the errors of the commonest label, where they are within the window."""
    lines: list[dict[str, Any]] = []
    for k, (own, other) in enumerate((("x", "y"), ("y", "x"))):
        if window[0, k] <= guessed[k] <= window[1, k]:
            lines.append(
                {
                    "type": "line",
                    "layer": "below",
                    f"{own}0": float(guessed[k]),
                    f"{own}1": float(guessed[k]),
                    f"{other}ref": "paper",
                    f"{other}0": 0,
                    f"{other}1": 1,
                    "line": {"color": TEXT, "width": 1.2, "dash": "4px,3px"},
                    "opacity": 0.6,
                }
            )
    return lines
