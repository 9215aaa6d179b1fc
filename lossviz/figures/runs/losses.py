"""The loss of a run, as it trains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lossviz.arrays import Floats, Integers
from lossviz.experiments.runs.progress import Curve
from lossviz.experiments.weights import WeightChange, moves
from lossviz.experiments.words import two_digits, weight_symbol
from lossviz.figures.base.chart import Chart, Column, escaped
from lossviz.figures.base.layout import above, axis, frame, note, upright
from lossviz.figures.base.lines import line
from lossviz.figures.base.palette import TEXT, component_colour, ink
from lossviz.losses.objectives import ALLOWED, JOINT, part_name
from lossviz.schema import LabelSchema

MOST_POINTS = 240
"""More would not be seen on a card of about 330 pixels, and every one travels at every update."""
MOST_CHANGES = 40
MOST_NAMED = 5
OTHER_PARTS = {JOINT: "whole label", ALLOWED: "outside what occurs"}
KEY_LENGTH = 53
"""Characters that fit below the narrowest chart."""


@dataclass(frozen=True)
class _Series:
    name: str
    label: str
    colour: str
    width: float


def loss_curve(
    letter: str,
    curve: Curve,
    changes: Sequence[WeightChange],
    schema: LabelSchema,
    steps: tuple[int, int],
    kept: int = 0,
) -> Chart:
    """Training solid, what is not trained on dotted; the parts in their colours, where weights
    were moved, and where those are from that a run has again.

    :param steps: in an epoch, and in the whole run; (0, 0) before it is known.
    :param kept: the step whose weights it has again; 0 where it has those of its last step.
    """
    per_epoch, total_steps = steps
    series = _series(curve, schema)
    weights = _learned(curve, changes)
    points = _thinned(len(curve))
    shown = moves(changes)[-MOST_CHANGES:]
    layout = frame(
        xaxis=axis(
            f"step · solid: training, dotted: texts not trained on<br>{_key(series)}",
            range=[0, max(total_steps, 1)],
            nticks=6,
            showgrid=False,
            automargin=False,
            **({} if total_steps else {"tickvals": []}),
        ),
        yaxis=axis(
            "loss per text", rangemode="tozero", tickformat=".2~g", nticks=5, automargin=False
        ),
        yaxis2={"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True},
        margin={"l": 50, "r": 8, "t": 16, "b": 56},
        annotations=[_mark(weight_change, JOINT in curve.train) for weight_change in shown],
    )
    layout["xaxis"]["title"]["font"] = {"size": 11}
    if kept:
        layout["shapes"] = [upright(kept, dash="dash")]
        layout["annotations"].append(above("lowest", kept, 10, hovertext=_of_epoch(steps, kept)))
    if not len(curve):
        layout["yaxis"] |= {"range": [0, 1], "tickvals": []}
        layout["annotations"].append(note("Press Play"))
    columns = (
        "step",
        *(f"{drawn.label}, {side}" for drawn in series for side in ("training", "not trained on")),
        *(f"weight {weight_symbol(k)}" for k in range(weights.shape[1])),
    )
    values: list[Column] = [curve.steps[points]]
    for drawn in series:
        values += [curve.train[drawn.name][points], curve.validation[drawn.name][points]]
    values += list(np.ascontiguousarray(weights[points].T))
    return Chart(
        _title(letter, curve, per_epoch, total_steps)
        + (f" · {_of_epoch(steps, kept)}" if kept else _last(weights)),
        _alt(letter, curve) + (f" It stopped, with the {_of_epoch(steps, kept)}." if kept else ""),
        (*_moments(shown), *_lines(curve, series, points)),
        layout,
        columns,
        tuple(values),
    )


def _thinned(points: int) -> Integers:
    """Every second, fourth … point and the last, so that those shown stay where they are."""
    stride = 1
    while points > MOST_POINTS * stride:
        stride *= 2
    kept = np.arange(0, points, stride)
    return kept if not points or kept[-1] == points - 1 else np.append(kept, points - 1)


def _series(curve: Curve, schema: LabelSchema) -> list[_Series]:
    """The lines to draw: the total, and its parts if there is more to them than the total."""
    if not len(curve):
        return []
    parts = [
        _Series(part_name(k), name, component_colour(k), 1.6)
        for k, name in enumerate(schema.names)
        if part_name(k) in curve.train
    ]
    for name, label in OTHER_PARTS.items():
        if name in curve.train:
            parts.append(_Series(name, label, TEXT, 1.1))
    if len(parts) == 1:
        return [_Series("total", parts[0].label, parts[0].colour, 2.4)]
    return [*parts, _Series("total", "total", TEXT, 2.6)]


def _lines(curve: Curve, series: Sequence[_Series], points: Integers) -> list[dict[str, Any]]:
    return [
        line(
            curve.steps[points],
            losses[drawn.name][points],
            drawn.colour,
            drawn.width,
            dash,
            mode="lines" if len(points) > 1 else "lines+markers",
            marker={"size": 5},
            name=f"{escaped(drawn.label, 24)}, {side}",
            hovertemplate="step %{x:,}: %{y:.3g}<extra>%{fullData.name}</extra>",
        )
        for drawn in series
        for side, losses, dash in (
            ("training", curve.train, "solid"),
            ("not trained on", curve.validation, "dot"),
        )
    ]


def _moments(changes: Sequence[WeightChange]) -> list[dict[str, Any]]:
    """A thin line wherever weights were moved; one trace for all."""
    if not changes:
        return []
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "yaxis": "y2",
            "x": [place for change in changes for place in (change.step, change.step, None)],
            "y": [0, 1, None] * len(changes),
            "hoverinfo": "skip",
            "name": "weights moved",
            "opacity": 0.5,
            "line": {"color": TEXT, "width": 1, "dash": "dot"},
        }
    ]


def _mark(change: WeightChange, joint: bool) -> dict[str, Any]:
    return above("▾", change.step, 15, yshift=-4, hovertext=_words(change, joint))


def _words(change: WeightChange, joint: bool) -> str:
    """``α 2.0, β 1.0 from step 121``; the whole label's weight only where it acts."""
    weights = change.weights if joint else change.weights.components
    named = (f"{weight_symbol(k)} {two_digits(weight)}" for k, weight in enumerate(weights))
    return f"{', '.join(named)} from step {change.step + 1:,}"


def _key(series: Sequence[_Series]) -> str:
    """The lines' names in one row, as part of the axis title: a legend would move the axes."""
    if not series:
        return " "
    named = [*series[: MOST_NAMED - 1], series[-1]] if len(series) > MOST_NAMED else [*series]
    room = _room([len(drawn.label) for drawn in named])
    entries = []
    for drawn in named:
        mark = ink("━━" if drawn.width > 2 else "──", drawn.colour)
        entries.append(f"{mark} {escaped(drawn.label, room)}")
    if len(series) > len(named):
        entries.insert(-1, f"+ {len(series) - len(named)}")
    return "  ".join(entries)


def _room(lengths: Sequence[int]) -> int:
    """How long a name may be so that all fit: long ones are cut before short ones.

    >>> _room([7, 7, 11, 5]), _room([40, 5])
    (11, 38)
    """
    most = KEY_LENGTH - 5 * len(lengths)
    fitting = (room for room in range(max(lengths), 4, -1))
    return next((r for r in fitting if sum(min(length, r) for length in lengths) <= most), 4)


def _title(letter: str, curve: Curve, per_epoch: int, total: int) -> str:
    if not len(curve):
        return f"{letter}: not trained yet"
    step = int(curve.steps[-1])
    epochs = total // max(per_epoch, 1)
    epoch = min(-(-step // max(per_epoch, 1)), epochs)
    return f"{letter}: epoch {epoch} of {epochs} · {step:,} steps"


def _of_epoch(steps: tuple[int, int], kept: int) -> str:
    return f"weights of epoch {kept // max(steps[0], 1)}"


def _learned(curve: Curve, changes: Sequence[WeightChange]) -> Floats:
    """The weights ``(P, K)`` where they move by themselves; ``(P, 0)`` where a person moves them:
    then they stand on the sliders, and need not travel."""
    moves = int((curve.weights[1:] != curve.weights[:-1]).any(axis=1).sum())
    alone = moves > len(changes)
    return curve.weights[:, : curve.weights.shape[1] if alone else 0]


def _last(weights: Floats) -> str:
    now = weights[-1:, :MOST_NAMED].flat
    return "".join(f" · {weight_symbol(k)} {weight:.2g}" for k, weight in enumerate(now))


def _alt(letter: str, curve: Curve) -> str:
    if not len(curve):
        return f"Run {letter} has not been trained yet."
    return (
        f"Run {letter} after {int(curve.steps[-1]):,} steps: total loss "
        f"{curve.train['total'][-1]:.3g} in training, {curve.validation['total'][-1]:.3g} on "
        "texts that it does not train on."
    )
