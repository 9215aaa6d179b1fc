"""The edges of a scene."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import numpy as np
import numpy.typing as npt

from lossviz.figures.chart import shortened
from lossviz.figures.heights import round_up


def edge(title: str, **own: Any) -> dict[str, Any]:
    """One of the three, with its title."""
    return {
        "title": {"text": title, "font": {"size": 11}},
        "tickfont": {"size": 12},
        "showspikes": False,
        "zeroline": False,
    } | own


def edge_of(name: str, values: npt.NDArray[np.float32]) -> dict[str, Any]:
    """One at the floor: its name in lines as short as the edge of a small scene, and ticks that
    keep away from its ends, where three edges meet.
    """
    low, high = ends(values)
    step = round_up((high - low) / 8)
    ticks = step * np.arange(np.ceil(low / step), np.floor(high / step) + 1)
    margin = (high - low) / 10
    inner = ticks[(ticks > low + margin) & (ticks < high - margin)]
    title = "<br>".join(wrap(_drawn(name, 40), 18))
    return edge(title, range=[low, high], tickvals=inner.tolist())


def ends(values: npt.NDArray[np.float32]) -> list[float]:
    """Of an axis that is as long as the surface."""
    return [float(values[0]), float(values[-1])]


def _drawn(text: str, longest: int) -> str:
    """A name in a scene. It is drawn letter by letter, not as HTML: what escaping makes of a sign
    would be seen, but a few tags are obeyed.
    """
    return shortened(text, longest).translate({ord("<"): "‹", ord(">"): "›"})
