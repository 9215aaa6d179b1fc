"""The loss of a run, as it trains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lossviz.figures.chart import Cell, Chart, axis, escaped, frame, note, packed
from lossviz.figures.palette import TEXT, component_colour
from lossviz.objectives import JOINT, part_name
from lossviz.progress import Curve, WeightChange
from lossviz.schema import LabelSchema
from lossviz.snippets import weight_symbol


def loss_curve(
    letter: str,
    curve: Curve,
    changes: Sequence[WeightChange],
    schema: LabelSchema,
    steps: tuple[int, int],
) -> Chart:
    """Train solid, held out dotted; the parts in their colours, and where weights were moved.

    :param steps: in an epoch, and in the whole run; (0, 0) before it is known.
    """
    per_epoch, total_steps = steps
    series = _series(curve, schema)
    data: list[dict[str, Any]] = []
    for name, label, colour, width in series:
        for side, values, dash in (
            ("train", curve.train[name], "solid"),
            ("held out", curve.validation[name], "dot"),
        ):
            data.append(
                {
                    "type": "scatter",
                    "mode": "lines" if len(curve) > 1 else "lines+markers",
                    "x": packed(curve.steps),
                    "y": packed(values),
                    "name": escaped(label, 24),
                    "line": {"color": colour, "dash": dash, "width": width},
                    "hovertemplate": "step %{x}: %{y:.3g}"
                    f"<extra>{escaped(label, 24)}, {side}</extra>",
                }
            )
    layout = frame(
        xaxis=axis(_key(series), range=[0, max(total_steps, 1)]),
        yaxis=axis("loss, nats", rangemode="tozero", tickformat=".2~g"),
        shapes=[_line(change.step) for change in changes],
        margin={"l": 48, "r": 10, "t": 16, "b": 54},
    )
    layout["annotations"] = [_mark(change) for change in changes]
    if not len(curve):
        layout["annotations"] = [note("Press Play")]
    columns = (
        "step",
        *(f"{label}, {side}" for _, label, _, _ in series for side in ("train", "held out")),
    )
    return Chart(
        _title(letter, curve, per_epoch, total_steps),
        _alt(letter, curve),
        tuple(data),
        layout,
        columns,
        _rows(curve, [name for name, *_ in series]),
    )


def _series(curve: Curve, schema: LabelSchema) -> list[tuple[str, str, str, float]]:
    """Name in the curve, label, colour and width of each line."""
    parts = [(part_name(k), name, component_colour(k), 1.5) for k, name in enumerate(schema.names)]
    known = [own for own in parts if own[0] in curve.train]
    if JOINT in curve.train and known:
        known.append((JOINT, "whole label", "#8A8F98", 1.5))
    return [("total", "total", TEXT, 2.5), *known] if len(curve) else []


def _key(series: list[tuple[str, str, str, float]]) -> str:
    """The axis title, which is the legend too: it stands still whatever is drawn."""
    names = "  ".join(
        f"<b>{escaped(label, 18)}</b>"
        if colour == TEXT
        else f'<span style="color:{colour}">━ {escaped(label, 18)}</span>'
        for _, label, colour, _ in series
    )
    return f"batches (solid: training, dotted: held out)<br>{names}"


def _line(step: int) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": step,
        "x1": step,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"width": 1, "dash": "dot", "color": TEXT},
        "opacity": 0.5,
    }


def _mark(change: WeightChange) -> dict[str, Any]:
    weights = (*change.weights.components, change.weights.joint)
    values = ", ".join(f"{weight_symbol(k)} {own:.2g}" for k, own in enumerate(weights))
    return {
        "x": change.step,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "text": "▾",
        "hovertext": f"weights moved: {values} from step {change.step + 1:,}",
        "showarrow": False,
        "font": {"size": 14},
    }


def _title(letter: str, curve: Curve, per_epoch: int, total: int) -> str:
    if not len(curve):
        return f"{letter}: not trained yet"
    step = int(curve.steps[-1])
    epoch = min(-(-step // max(per_epoch, 1)), total // max(per_epoch, 1))
    return f"{letter}: epoch {epoch} of {total // max(per_epoch, 1)} · {step:,} steps"


def _alt(letter: str, curve: Curve) -> str:
    if not len(curve):
        return f"Run {letter} has not been trained yet."
    return (
        f"Run {letter} after {int(curve.steps[-1]):,} steps: total loss "
        f"{curve.train['total'][-1]:.3g} in training, {curve.validation['total'][-1]:.3g} on "
        "held-out texts."
    )


def _rows(curve: Curve, names: Sequence[str]) -> tuple[tuple[Cell, ...], ...]:
    if not len(curve):
        return ()
    columns = [curve.steps.tolist()]
    for name in names:
        for side in (curve.train, curve.validation):
            columns.append(np.round(side[name].astype(float), 4).tolist())
    return tuple(zip(*columns, strict=True))
