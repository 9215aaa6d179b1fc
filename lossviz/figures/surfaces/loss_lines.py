"""The losses of runs along a walk between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lossviz.arrays import Doubles, Floats
from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.weights import Weights
from lossviz.figures.base.chart import Chart, escaped, packed
from lossviz.figures.base.heights import loss_of
from lossviz.figures.base.layout import above, axis, frame, note, upright
from lossviz.figures.base.lines import line, line_ends
from lossviz.figures.base.palette import DASH_MARKS, DASHES, GLYPHS, PAPER, SYMBOLS, TEXT
from lossviz.figures.surfaces.tracks import number
from lossviz.losses.objectives import OBJECTIVES

LOGARITHMIC = 50.0
"""How many times the least loss the greatest has to be for a logarithmic axis."""
MARKS = 8
"""On a line, so that it is told from the others where it crosses them."""
MARGIN = {"l": 58, "r": 60, "t": 24, "b": 58}


def losses_between(
    lines: Mapping[str, Surface], stops: Sequence[tuple[str, float]], *, title: str
) -> Chart:
    """Each run's loss on a walk from run to run, at the weights that it was trained with.

    :param lines: the losses by letter, each with a single y and the same x.
    :param stops: the runs on the walk, and where.
    """
    x = next(iter(lines.values())).x
    losses = {name: along(line, line.trained_at) for name, line in lines.items()}
    losses_axis, window = loss_axis([*lines.values()], [*losses.values()])
    layout = frame(
        xaxis=axis(
            f"on a straight way from run to run<br>{_key([*losses])}",
            range=[float(x[0]), float(x[-1])],
            tickvals=[],
            showgrid=False,
            automargin=False,
        ),
        yaxis=losses_axis,
        margin=MARGIN,
        shapes=[upright(place, dash="dot", opacity=0.5) for _, place in stops],
        annotations=[
            *(above(escaped(name, 16), place, 12, xanchor="center") for name, place in stops),
            *_ends(losses, losses_axis["type"] == "log", window),
        ],
    )
    traces = [
        trace
        for name, loss in losses.items()
        for trace in (
            loss_line(x, loss, name, 2.2, DASHES.get(name, "solid")),
            _marks(x, loss, name),
        )
    ]
    columns = ("place", *(f"loss of {name}" for name in losses))
    values = (x, *(loss.astype(np.float32) for loss in losses.values()))
    alt = f"{title}. {_words(x, losses, stops)}"
    return Chart(title, alt, tuple(traces), layout, columns, values)


def _words(x: Floats, losses: Mapping[str, Doubles], stops: Sequence[tuple[str, float]]) -> str:
    places = [(stop, int(np.abs(x - place).argmin())) for stop, place in stops]
    return " ".join(
        f"The loss of {name}: "
        + "".join(f"{number(loss[k])} at {stop}, " for stop, k in places)
        + f"at most {number(greatest(loss))}."
        for name, loss in losses.items()
    )


def along(surface: Surface, weights: Weights) -> Doubles:
    """``(X,)``; ``nan``, a gap, where it is not finite."""
    loss = loss_of(surface, weights)[0]
    return np.where(np.isfinite(loss), loss, np.nan)


def least(loss: Doubles) -> float:
    """Of those that are finite."""
    return float(loss[np.isfinite(loss)].min(initial=np.inf))


def greatest(loss: Doubles) -> float:
    """Of those that are finite."""
    return float(loss[np.isfinite(loss)].max(initial=-np.inf))


def loss_axis(
    surfaces: Sequence[Surface], losses: Sequence[Doubles]
) -> tuple[dict[str, Any], tuple[float, float]]:
    """The axis of the losses, and its range: of logarithms where it is logarithmic."""
    units = "/".join(dict.fromkeys(OBJECTIVES[surface.formulation].unit for surface in surfaces))
    every = np.concatenate(losses)
    low, high = least(every), greatest(every)
    if not np.isfinite(low):
        low, high = 0.0, 1.0
    log = low > 0.0 and high / low > LOGARITHMIC
    if log:
        low, high = float(np.log10(low)), float(np.log10(high))
    pad = 0.06 * (high - low) or 0.06 * abs(high) or 0.5
    window = (low - pad, high + pad)
    kind = {"type": "log", "dtick": 1} if log else {"type": "linear", "nticks": 6}
    title = f"loss, {units}" + (", log scale" if log else "")
    return axis(title, tickformat="~g", range=list(window), automargin=False, **kind), window


def loss_line(
    x: Floats, loss: Doubles, name: str, width: float, dash: str = "solid"
) -> dict[str, Any]:
    """A run's loss."""
    words = "%{x:.2f}: loss %{y:.3~g}<extra>%{fullData.name}</extra>"
    return line(x, loss, TEXT, width, dash, name=escaped(name, 24), hovertemplate=words)


def _marks(x: Floats, loss: Doubles, name: str) -> dict[str, Any]:
    some = np.linspace(0, len(x) - 1, min(MARKS, len(x))).round().astype(int)
    symbol = SYMBOLS.get(name, "circle")
    return {
        "type": "scatter",
        "mode": "markers",
        "x": packed(x[some]),
        "y": packed(loss[some]),
        "marker": {
            "symbol": symbol,
            "size": 9,
            "color": TEXT,
            "opacity": 1,
            "line": {"color": PAPER, "width": 1},
        },
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _ends(
    losses: Mapping[str, Doubles], log: bool, window: tuple[float, float]
) -> list[dict[str, Any]]:
    """Each run's marker and letter where its line ends."""
    finite = [(name, loss[np.isfinite(loss)]) for name, loss in losses.items()]
    last = [(name, float(loss[-1])) for name, loss in finite if len(loss)]
    if not last:
        return [note("The loss is finite nowhere")]
    ends = sorted(
        ((name, TEXT, float(np.log10(loss)) if log else loss) for name, loss in last),
        key=lambda end: end[2],
    )
    return [
        label | {"text": f"{GLYPHS[SYMBOLS.get(name, 'circle')]} {escaped(name, 12)}", "xshift": 8}
        for (name, *_), label in zip(ends, line_ends(ends, *window), strict=True)
    ]


def _key(names: Sequence[str]) -> str:
    dashes = [DASH_MARKS[DASHES.get(name, "solid")] for name in names]
    return "   ".join(
        f"{dash} {escaped(name, 12)}" for dash, name in zip(dashes, names, strict=True)
    )
