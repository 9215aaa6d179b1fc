"""What each answer costs on average, and which is the cheapest."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import Any

import numpy as np

from lossviz.arrays import Doubles
from lossviz.figures.base.chart import Chart, axis, frame
from lossviz.figures.base.palette import COMPONENTS, DASHES, TEXT, ink
from lossviz.figures.questions.demonstrations import BOTTOM, here, line
from lossviz.losses.questions import Decisions

CHEAPEST = COMPONENTS[2]


def answer_costs(decisions: Decisions) -> Chart:
    """What each answer costs on average as α/β grows; the cheapest is thick."""
    ratios, costs = decisions.ratios, 100.0 * decisions.costs
    ratio = decisions.dilemma.alpha / decisions.dilemma.beta
    lowest = costs.min(axis=1)
    at_now = float(np.interp(ratio, ratios, lowest))
    top, bottom = float(costs.max()) + 4.0, max(0.0, float(lowest.min()) - 8.0)
    names = {label: place for place, label in enumerate(decisions.labels)}
    layout = frame(
        xaxis=axis(
            f"α/β, while β stays<br>{ink('━━', CHEAPEST)} the cheapest answer   ● now",
            type="log",
            range=[log10(ratios[0]), log10(ratios[-1])],
            tickvals=[0.1, 0.2, 0.5, 1, 2, 5, 10],
        ),
        yaxis=axis("average cost, % of all wrong", range=[bottom, top], nticks=6),
        margin={"l": 52, "r": 36, "t": 18, "b": BOTTOM},
        shapes=[_flip(flip) for flip in decisions.flips],
        annotations=[
            *(_said(flip, top) for flip in decisions.flips),
            *_ends(decisions.labels, costs[-1], 0.07 * (top - bottom)),
        ],
    )
    words = [
        f"{stretch.label} from {stretch.low:.2g} to {stretch.high:.2g}"
        for stretch in decisions.stretches
    ]
    return Chart(
        f"The cheapest answer: {' → '.join(stretch.label for stretch in decisions.stretches)}"
        if decisions.flips
        else f"The cheapest answer is always {decisions.stretches[0].label}",
        f"The cheapest answer by α/β: {', '.join(words)}.",
        (
            line(ratios, lowest, CHEAPEST, "solid", "cheapest", 7.0),
            *(
                line(ratios, costs[:, place], TEXT, list(DASHES.values())[place], text, 1.4)
                for text, place in names.items()
            ),
            here([ratio], [at_now], [TEXT]),
        ),
        layout,
        ("α/β", *(f"cost of {name}, %" for name in names)),
        (ratios.astype(np.float32), *(value.astype(np.float32) for value in costs.T)),
    )


def _flip(ratio: float) -> dict[str, Any]:
    ends = {"x0": ratio, "x1": ratio, "y0": 0, "y1": 1, "yref": "paper"}
    return {"type": "line", **ends, "line": {"color": TEXT, "width": 1, "dash": "dot"}}


def _said(ratio: float, top: float) -> dict[str, Any]:
    place = {"x": log10(ratio), "y": top, "yanchor": "bottom", "showarrow": False}
    return {"text": f"{ratio:.2g}", **place, "font": {"size": 11}}


def _ends(names: Sequence[str], values: Doubles, gap: float) -> list[dict[str, Any]]:
    """The names where the lines end, moved apart where they would cover each other."""
    places: dict[str, float] = {}
    low = -np.inf
    for place in np.argsort(values, kind="stable"):
        low = max(float(values[place]), low + gap)
        places[names[place]] = low
    return [
        {
            "text": name,
            "x": 1,
            "xref": "paper",
            "xanchor": "left",
            "xshift": 4,
            "y": y,
            "showarrow": False,
            "font": {"size": 12},
        }
        for name, y in places.items()
    ]
