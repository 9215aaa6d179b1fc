"""What a study shows: weights and losses over time, and the errors of every arm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lossviz.arrays import Doubles, Floats, Integers
from lossviz.experiments.study.plan import Arm
from lossviz.experiments.study.result import Outcome, Repeats
from lossviz.experiments.words import two_digits, weight_symbol
from lossviz.figures.base.chart import Chart, Column, escaped
from lossviz.figures.base.layout import axis, frame, label, note
from lossviz.figures.base.lines import line
from lossviz.figures.base.palette import DASH_MARKS, DASHES, TEXT, component_colour, ink
from lossviz.losses.objectives import part_name
from lossviz.schema import LabelSchema

MOST_PARTS = 4
"""Components whose names fit into the key; the others are in the table."""
LOGARITHMIC = 10.0
"""Weights above this, all of them positive, are drawn on a logarithmic scale."""


def weights_over_time(repeats: Repeats, arm: Arm) -> Chart:
    """The weights of one arm above, the training losses of its parts below; a thin line for each
    seed, a thick one for their median."""
    schema = repeats.schema
    outcomes = [outcome for outcome in repeats.of(arm) if len(outcome.curve)]
    parts = range(len(schema.names))
    steps = max(
        (outcome.curve.steps for outcome in outcomes), key=len, default=np.empty(0, np.int64)
    )
    weights = [
        _padded([outcome.curve.weights[:, k] for outcome in outcomes], len(steps)) for k in parts
    ]
    losses = [
        _padded([outcome.curve.train[part_name(k)] for outcome in outcomes], len(steps))
        for k in parts
    ]
    layout = _two_panels(schema, *_reach(weights))
    if not len(steps):
        # A second axis without lines would not be drawn, and leave a hole.
        del layout["yaxis2"]
        layout["yaxis"] |= {"range": [0, 2], "tickvals": [], "domain": [0, 1]}
        layout["xaxis"] |= {"range": [0, 1], "tickvals": [], "anchor": "y"}
        layout["annotations"] = [note("Not trained yet")]
    lines = [
        trace
        for k in parts
        for seeds, axis_name in ((weights[k], "y"), (losses[k], "y2"))
        for trace in _lines(steps, seeds, k, schema.names[k], axis_name)
    ]
    return Chart(
        _title(arm, outcomes),
        _alt(arm, outcomes, schema),
        tuple(lines),
        layout,
        (
            "step",
            *(f"weight {weight_symbol(k)} · {schema.names[k]}" for k in parts),
            *(f"training loss · {schema.names[k]}" for k in parts),
        ),
        (steps, *_medians([*weights, *losses], len(steps))),
    )


def _padded(rows: Sequence[Floats], points: int) -> Doubles:
    """``(J, P)``: where a run gave up, nothing follows."""
    grid = np.full((len(rows), points), np.nan)
    for padded, row in zip(grid, rows, strict=True):
        padded[: len(row)] = row
    return grid


def _medians(grids: Sequence[Doubles], points: int) -> list[Column]:
    return [
        np.nanmedian(grid, axis=0).astype(np.float32) if points else np.empty(0, np.float32)
        for grid in grids
    ]


def _reach(weights: Sequence[Doubles]) -> tuple[float, float]:
    """The smallest and the largest weight."""
    every = np.concatenate([grid.ravel() for grid in weights])
    return (float(np.nanmin(every)), float(np.nanmax(every))) if every.size else (0.0, 2.0)


def _scale(low: float, high: float) -> dict[str, Any]:
    """The range is said, not left to plotly: from a linear scale with 0 in it to a logarithmic one
    it would look for the logarithm of 0."""
    if low > 0 and high > LOGARITHMIC:
        ends = np.log10([low, high])
        pad = 0.06 * float(ends[1] - ends[0])
        return {"type": "log", "dtick": 1, "range": [float(ends[0]) - pad, float(ends[1]) + pad]}
    low, high = min(low, 0.0), max(high, 1.0)
    pad = 0.06 * (high - low)
    return {
        "type": "linear",
        "nticks": 5,
        "range": [low - pad, high + pad],
        "zeroline": True,
        "zerolinecolor": TEXT,
        "zerolinewidth": 1.5,
    }


def _lines(
    steps: Integers, seeds: Doubles, k: int, name: str, axis_name: str
) -> list[dict[str, Any]]:
    """All seeds in one trace, and their median in another."""
    if not len(steps):
        return []
    colour, dash = component_colour(k), [*DASHES.values()][k % len(DASHES)]
    shared = {"yaxis": axis_name, "name": escaped(name, 24)}
    gap = np.full((len(seeds), 1), np.nan)
    median = np.nanmedian(seeds, axis=0)
    words = "step %{x:,}: %{y:.3g}<extra>%{fullData.name}, median</extra>"
    return [
        line(
            np.tile(np.append(steps, steps[-1:]), len(seeds)),
            np.hstack([seeds, gap]).ravel(),
            colour,
            1,
            opacity=0.4,
            hoverinfo="skip",
            **shared,
        ),
        line(steps, median, colour, 2.4, dash, hovertemplate=words, **shared),
    ]


def _two_panels(schema: LabelSchema, lowest: float, highest: float) -> dict[str, Any]:
    scale = _scale(lowest, highest)
    layout = frame(
        xaxis=axis(
            f"step · thin: each seed, thick: median<br>{_key(schema.names)}",
            anchor="y2",
            nticks=5,
            showgrid=False,
            automargin=False,
        ),
        yaxis=axis(
            "weight, log scale" if scale["type"] == "log" else "weight",
            domain=[0.5, 1],
            tickformat="~g",
            automargin=False,
            **scale,
        ),
        yaxis2=axis(
            "loss, nats",
            domain=[0, 0.4],
            rangemode="tozero",
            tickformat=".2~g",
            nticks=4,
            automargin=False,
        ),
        margin={"l": 56, "r": 10, "t": 8, "b": 56},
    )
    layout["xaxis"]["title"]["font"] = {"size": 11}
    if lowest < 0:
        layout["shapes"] = [_below(float(scale["range"][0]))]
        corner: dict[str, Any] = {
            "xref": "paper",
            "xanchor": "left",
            "yref": "paper",
            "yanchor": "bottom",
        }
        layout["annotations"] = [label("below 0: being wrong is rewarded", 0.01, 0.51, **corner)]
    return layout


def _below(lowest: float) -> dict[str, Any]:
    return {
        "type": "rect",
        "layer": "below",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": lowest,
        "y1": 0,
        "fillcolor": TEXT,
        "opacity": 0.08,
        "line": {"width": 0},
    }


def _key(names: Sequence[str]) -> str:
    """The components' names in their colours, as part of the axis title."""
    dashes = [*DASH_MARKS.values()]
    room = max(6, 44 // max(1, min(len(names), MOST_PARTS)) - 4)
    entries = [
        f"{ink(dashes[k % len(dashes)], component_colour(k))} {escaped(name, room)}"
        for k, name in enumerate(names[:MOST_PARTS])
    ]
    more = len(names) - MOST_PARTS
    return "  ".join([*entries, *([f"+ {more}"] if more > 0 else [])])


def _title(arm: Arm, outcomes: Sequence[Outcome]) -> str:
    if not outcomes:
        return f"{arm.label}: weights and losses"
    seeds = len(outcomes)
    return f"{arm.label}: ends at {_ends(outcomes)} ({seeds} seed{'' if seeds == 1 else 's'})"


def _ends(outcomes: Sequence[Outcome]) -> str:
    """``α 1.7 … 1.9, β 71 … 75``: from the smallest to the largest of the seeds."""
    last = np.array([outcome.curve.weights[-1] for outcome in outcomes])[:, :MOST_PARTS]
    ranges = []
    for k, weights in enumerate(last.T):
        ends = dict.fromkeys(two_digits(float(end)) for end in (weights.min(), weights.max()))
        ranges.append(f"{weight_symbol(k)} {' … '.join(ends)}")
    return ", ".join(ranges)


def _alt(arm: Arm, outcomes: Sequence[Outcome], schema: LabelSchema) -> str:
    if not outcomes:
        return f"{arm.label} has not been trained yet."
    losses = ", ".join(
        f"{name} {np.median([outcome.curve.train[part_name(k)][-1] for outcome in outcomes]):.3g}"
        for k, name in enumerate(schema.names)
    )
    return (
        f"{arm.label} over {len(outcomes)} seeds: weights end at {_ends(outcomes)}; training "
        f"losses at {losses} (median)."
    )
