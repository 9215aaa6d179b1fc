"""What each answer costs on average, and which is the cheapest."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, log10
from typing import Any

import numpy as np

from lossviz.arrays import Doubles
from lossviz.figures.base.chart import Chart
from lossviz.figures.base.layout import axis, beside, frame, label, upright
from lossviz.figures.base.lines import apart
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
    layout = frame(
        xaxis=axis(
            f"α/β, while β stays<br>{ink('━━', CHEAPEST)} the cheapest answer   ● now",
            type="log",
            range=[log10(ratios[0]), log10(ratios[-1])],
            tickvals=[0.1, 0.2, 0.5, 1, 2, 5, 10],
        ),
        yaxis=axis("average cost, % of all wrong", range=[bottom, top], nticks=6),
        margin={"l": 52, "r": 36, "t": 18, "b": BOTTOM},
        shapes=[upright(flip, dash="dot", layer="above") for flip in decisions.flips],
        annotations=[
            *(label(f"{flip:.2g}", log10(flip), top, yanchor="bottom") for flip in decisions.flips),
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
                line(
                    ratios,
                    costs[:, place],
                    TEXT,
                    [*DASHES.values()][place % len(DASHES)],
                    name,
                    1.4,
                )
                for place, name in enumerate(decisions.labels)
            ),
            here([ratio], [at_now], [TEXT]),
        ),
        layout,
        ("α/β", *(f"cost of {name}, %" for name in decisions.labels)),
        tuple(column.astype(np.float32) for column in (ratios, *costs.T)),
    )


def _ends(names: Sequence[str], costs: Doubles, gap: float) -> list[dict[str, Any]]:
    """The names where the lines end, moved apart where they would cover each other."""
    order = np.argsort(costs, kind="stable")
    heights = apart([float(costs[place]) for place in order], gap, inf)
    return [beside(names[place], height) for place, height in zip(order, heights, strict=True)]
