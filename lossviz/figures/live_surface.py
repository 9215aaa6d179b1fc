"""What the browser needs to mix a surface and to draw it."""

from __future__ import annotations

from typing import Any

import numpy as np

from lossviz.figures.chart import Chart, packed
from lossviz.surface import LinearMix, Mix, Surface


def live_chart(chart: Chart) -> dict[str, Any]:
    """What the browser needs of the chart, where the surface comes from :func:`live_surface`."""
    first, *others = chart.data
    known = ("x", "y", "z", "customdata")
    bare = {key: own for key, own in first.items() if key not in known}
    # The tracks keep their points; how high they lie follows from the weights.
    lying = [{key: each for key, each in own.items() if key != "z"} for own in others]
    return chart.to_json() | {"data": [bare, *lying], "values": []}


def live_surface(surface: Surface) -> dict[str, Any]:
    """What the browser needs to work out the loss at any weights: every number once."""
    return {
        "x": packed(surface.x),
        "y": packed(surface.y),
        "grids": packed(np.asarray(surface.grids).reshape(len(surface.names), -1)),
        "mix": _mix(surface.mix),
        "tracks": [
            {
                "name": own.name,
                "x": float(own.x[-1]),
                "y": float(own.y[-1]),
                "step": own.steps[-1],
                "moved": len(own.moved),
            }
            for own in surface.tracks
        ],
    }


def _mix(mix: Mix) -> dict[str, Any]:
    if isinstance(mix, LinearMix):
        return {"terms": [[own.weight, own.factor] for own in mix.terms]}
    return {
        "wrong": mix.wrong,
        "temperature": mix.temperature,
        "counts": mix.counts or (1.0,) * len(mix.wrong),
        "groups": mix.groups or (0,) * len(mix.wrong),
        "shares": mix.shares,
    }
