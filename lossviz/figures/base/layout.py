"""The layout of a chart: its axes, and the lines and words that stand in it."""

from __future__ import annotations

from typing import Any

from lossviz.figures.base.palette import PAPER, TEXT

DASHED = "4px,3px"
"""How the commonest label is drawn, wherever it is."""


def frame(**layout: Any) -> dict[str, Any]:
    """A layout that all charts share, with what is its own."""
    shared: dict[str, Any] = {
        "margin": {"l": 48, "r": 12, "t": 8, "b": 38},
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "uirevision": "kept",
        "font": {"size": 12},
    }
    return shared | layout


def axis(title: str, **settings: Any) -> dict[str, Any]:
    """An axis with its title."""
    return {
        "title": {"text": title, "standoff": 6, "font": {"size": 12}},
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
    } | settings


def label(text: str, x: float, y: float, size: int = 11, **settings: Any) -> dict[str, Any]:
    """A few words in a chart, at a place of it."""
    return {"text": text, "x": x, "y": y, "showarrow": False, "font": {"size": size}} | settings


def note(text: str) -> dict[str, Any]:
    """A sentence in the middle of an empty chart."""
    return label(text, 0.5, 0.5, 13, xref="paper", yref="paper", bgcolor=PAPER)


def above(text: str, x: float, size: int = 11, **settings: Any) -> dict[str, Any]:
    """Words over the upper edge."""
    return label(text, x, 1, size, yref="paper", yanchor="bottom", **settings)


def beside(text: str, y: float, xshift: float = 4) -> dict[str, Any]:
    """Words at the right of the chart, at this height of its axis."""
    return label(text, 1, y, 12, xref="paper", xanchor="left", xshift=xshift)


def upright(at: float, width: float = 1, **settings: Any) -> dict[str, Any]:
    """A line from the lower edge to the upper one.

    :param settings: ``dash`` and ``color`` are the line's; the others are the shape's.
    """
    return _guide({"yref": "paper", "y0": 0, "y1": 1, "x0": at, "x1": at}, width, settings)


def level(at: float, width: float = 1, **settings: Any) -> dict[str, Any]:
    """A line from the left edge to the right one; see :func:`upright`."""
    return _guide({"xref": "paper", "x0": 0, "x1": 1, "y0": at, "y1": at}, width, settings)


def _guide(ends: dict[str, Any], width: float, settings: dict[str, Any]) -> dict[str, Any]:
    line = {"color": TEXT, "width": width}
    line |= {key: settings.pop(key) for key in ("dash", "color") if key in settings}
    return {"type": "line", "layer": "below", **ends, "line": line} | settings
