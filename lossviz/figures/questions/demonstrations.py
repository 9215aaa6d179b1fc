"""The four questions as charts: what is right in the text's colour, the other in purple."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from lossviz.arrays import Doubles
from lossviz.figures.base.chart import Chart, by_row
from lossviz.figures.base.layout import axis, frame, label
from lossviz.figures.base.lines import line as plain_line
from lossviz.figures.base.palette import COMPONENTS, PAPER, TEXT, ink
from lossviz.losses.questions import Descents, PartLosses
from lossviz.schema import TEXTBOOK

LABELS = TEXTBOOK.class_names
OTHER = COMPONENTS[3]
BOTTOM = 56
"""Pixels for an axis whose title is followed by the key of the marks."""


def two_distributions(
    title: str, one: tuple[str, npt.ArrayLike], other: tuple[str, npt.ArrayLike]
) -> Chart:
    """The probabilities of the four whole labels, said in two ways: bars side by side.

    :param one: what it is called, and ``(4,)``.
    :param other: likewise, hatched; ``nan`` where it has nothing to say.
    """
    shares = [np.asarray(probabilities, np.float64) for _, probabilities in (one, other)]
    highest = float(np.nanmax(shares))
    layout = frame(
        xaxis=axis(f"whole label<br>■ {one[0]}   {ink('▨', OTHER)} {other[0]}", showgrid=False),
        yaxis=axis("probability", range=[0, min(1.15, 0.12 + 1.1 * highest)], nticks=5),
        margin={"l": 48, "r": 8, "t": 8, "b": BOTTOM},
        bargap=0.3,
    )
    return Chart(
        title,
        f"{title}. {one[0]}: {_listed(shares[0])}; {other[0]}: {_listed(shares[1])}.",
        (_bars(shares[0], TEXT), _bars(shares[1], OTHER)),
        layout,
        ("whole label", one[0], other[0]),
        by_row(zip(LABELS, *(each.tolist() for each in shares), strict=True), ("", "", "")),
    )


def losses_along(losses: PartLosses) -> Chart:
    """Both ways' loss as the logit of the true label grows, and the floor of the wrong one."""
    true = LABELS[losses.true]
    top = float(np.ceil(max(2.0, losses.right.curve.max(), losses.wrong.high)))
    layout = frame(
        xaxis=axis(
            f"logit of {true}, the true label<br>── right way   {ink('╌╌', OTHER)} wrong way"
        ),
        yaxis=axis("loss, nats", range=[-0.03 * top, top]),
        margin={"l": 48, "r": 8, "t": 8, "b": BOTTOM},
        annotations=[
            label(
                f"floor {losses.wrong.low:.3g}",
                float(losses.line[-1]),
                losses.wrong.low,
                xanchor="right",
                yanchor="bottom",
            )
        ],
    )
    return Chart(
        f"However good the model, the wrong way stops at {losses.wrong.low:.3g}",
        f"As the logit of {true} grows, the right loss of {true[0]} goes from "
        f"{losses.right.curve[0]:.3g} to {losses.right.curve[-1]:.3g} and the wrong one from "
        f"{losses.wrong.curve[0]:.3g} to {losses.wrong.curve[-1]:.3g}, "
        f"never below {losses.wrong.low:.3g}.",
        (
            line(losses.line, losses.right.curve, TEXT, "solid", "right way"),
            line(losses.line, losses.wrong.curve, OTHER, "dash", "wrong way"),
            here([losses.at] * 2, [losses.right.loss, losses.wrong.loss], [TEXT, OTHER]),
        ),
        layout,
        (f"logit of {true}", "loss, right way", "loss, wrong way"),
        tuple(
            column.astype(np.float32)
            for column in (losses.line, losses.right.curve, losses.wrong.curve)
        ),
    )


def part_gradients(losses: PartLosses) -> Chart:
    """What each way tells each of the four logits."""
    right, wrong = losses.right.gradient, losses.wrong.gradient
    reach = 1.25 * float(max(np.abs(right).max(), np.abs(wrong).max(), 0.02))
    force, most = float(np.abs(wrong).sum()), float(np.abs(right).sum())
    title = "What each logit is told: the gradient of the loss"
    if most > 1e-9:
        title = f"The wrong way pulls with {100 * force / most:.2g} % of the force"
    layout = frame(
        xaxis=axis(f"logit of<br>■ right way   {ink('▨', OTHER)} wrong way", showgrid=False),
        yaxis=axis("gradient of the loss", range=[-reach, reach], zeroline=True, nticks=5),
        margin={"l": 56, "r": 8, "t": 8, "b": BOTTOM},
        bargap=0.3,
    )
    rows = zip(LABELS, right.tolist(), wrong.tolist(), strict=True)
    return Chart(
        title,
        f"{title}. Gradient, right way: {_listed(right)}; wrong way: {_listed(wrong)}.",
        (_bars(right, TEXT), _bars(wrong, OTHER)),
        layout,
        ("logit of", "right way", "wrong way"),
        by_row(rows, ("", "", "")),
    )


def couplings(descents: Descents) -> Chart:
    """The coupling t of every start, step by step, under each objective."""
    true = descents.true.t
    marginals, joint = descents.of["marginals"], descents.of["joint"]
    steps = np.arange(joint.couplings.shape[1])
    reach = 0.3 + max(
        abs(true), *(float(np.abs(descent.couplings).max()) for descent in (marginals, joint))
    )
    key = f"── joint   {ink('╌╌', OTHER)} marginals   ┈┈ components: always 0"
    layout = frame(
        xaxis=axis(f"step of gradient descent<br>{key}", range=[0, len(steps) - 1], showgrid=False),
        yaxis=axis("coupling t", range=[-reach, reach], nticks=7),
        margin={"l": 48, "r": 8, "t": 8, "b": BOTTOM},
    )
    ends = [", ".join(f"{end.t:.2f}" for end in descent.ends) for descent in (marginals, joint)]
    columns = (
        "step",
        *(f"{name}, from t = {t:g}" for name in descents.of for t in descents.starts),
    )
    every = [coupling for descent in descents.of.values() for coupling in descent.couplings]
    return Chart(
        f"marginals leaves t free, joint finds {true:.2f}".replace("-", "−"),
        f"The coupling ends at {ends[0]} with marginals and at {ends[1]} with joint. "
        f"The true one is {true:.2f}.",
        (
            line(steps[[0, -1]], np.zeros(2), TEXT, "dot", "components", 1.2),
            *(
                line(steps, coupling, OTHER, "dash", "marginals")
                for coupling in marginals.couplings
            ),
            *(line(steps, coupling, TEXT, "solid", "joint", 1.6) for coupling in joint.couplings),
        ),
        layout,
        columns,
        (steps, *(coupling.astype(np.float32) for coupling in every)),
    )


def _listed(values: Doubles) -> str:
    if np.isnan(values).any():
        return "not defined"
    return ", ".join(f"{name} {value:.3g}" for name, value in zip(LABELS, values, strict=True))


def _label(value: float) -> str:
    if np.isnan(value):
        return ""
    return "0" if abs(value) < 0.005 else f"{value:.2f}".replace("-", "−")


def _bars(values: Doubles, colour: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": list(LABELS),
        "y": [None if np.isnan(value) else float(value) for value in values],
        "text": [_label(value) for value in values],
        "constraintext": "none",
        "textposition": "outside",
        "textangle": 0,
        "textfont": {"size": 11, "color": TEXT},
        "cliponaxis": False,
        "marker": {
            "color": colour,
            "pattern": {
                "shape": "" if colour == TEXT else "/",
                "fillmode": "overlay",
                "fgcolor": PAPER,
                "size": 6,
                "solidity": 0.25,
            },
        },
        "hovertemplate": "%{x}: %{y:.3g}<extra></extra>",
    }


def line(
    x: npt.NDArray[Any], y: Doubles, colour: str, dash: str, name: str, width: float = 2.2
) -> dict[str, Any]:
    """A line that says its name and its numbers."""
    words = "%{x:.3g}: %{y:.3g}<extra>%{fullData.name}</extra>"
    return plain_line(x, y, colour, width, dash, name=name, hovertemplate=words)


def here(x: Sequence[float], y: Sequence[float], colours: Sequence[str]) -> dict[str, Any]:
    """Where the numbers on the page are now."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(x),
        "y": list(y),
        "marker": {"size": 10, "color": list(colours), "line": {"color": PAPER, "width": 1.5}},
        "hovertemplate": "now: %{y:.3g}<extra></extra>",
    }
