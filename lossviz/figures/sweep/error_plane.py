"""The plane of two errors: its window, its marks, and the commonest label's lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lossviz.arrays import Doubles
from lossviz.experiments.study.plan import Arm
from lossviz.experiments.study.result import Repeats
from lossviz.experiments.sweep.result import SweepResult
from lossviz.figures.base.layout import DASHED, axis, beside, frame, label, level, upright
from lossviz.figures.base.palette import PAPER, TEXT
from lossviz.figures.sweep.quantities import known_points

Side = tuple[str, str]
"""How a label is anchored at its point: ``xanchor``, ``yanchor``."""
FAR = 1.5
"""In extents of the grid: what lies further away is drawn at the edge, with its numbers, so that
one weighting that collapsed does not squeeze all others into a spot."""
LEAST_REACH = 5.0
"""In points: a grid without any extent is no measure of what is far."""
LEAST_EXTENT = 4.0
"""Points that both axes span at least: noise does not look like a trade-off."""
BELOW, ABOVE = np.array([0.2, 0.27]), 0.06
"""Of the extent: room on both sides, and more where the labels of the front's ends stand."""


@dataclass(frozen=True)
class Spot:
    """An arm's errors on both parts in %: of each seed ``(J, 2)``, their mean and standard
    deviation."""

    arm: Arm
    each: Doubles
    mean: Doubles
    spread: Doubles


def spot(repeats: Repeats, arm: Arm) -> Spot:
    """Where an arm ends."""
    errors = 100 * np.array([outcome.errors[:2] for outcome in repeats.of(arm)])
    spread = errors.std(axis=0, ddof=1) if len(errors) > 1 else np.zeros(2)
    return Spot(arm, errors, errors.mean(axis=0), spread)


def window_of(spots: Sequence[Spot], guessed: Doubles) -> Doubles:
    """The lower and the upper end of both axes, ``(2, 2)``: everything that is not far off."""
    core = [spot for spot in spots if spot.arm.told] or list(spots)
    low = np.min([spot.mean - spot.spread for spot in core], axis=0)
    high = np.max([spot.mean + spot.spread for spot in core], axis=0)
    low, high = stretched(low, high, [*(spot.mean for spot in spots), guessed])
    pad = 0.08 * np.maximum(high - low, 2.0)
    return np.array([np.maximum(low - pad, 0.0), np.minimum(high + pad, 100.0)])


def stretched(low: Doubles, high: Doubles, points: Sequence[Doubles]) -> tuple[Doubles, Doubles]:
    """Both ends of a window, so that those of these points are inside that are not far off."""
    reach = np.maximum(FAR * (high - low), LEAST_REACH)
    near = [
        point for point in points if (point > low - reach).all() and (point < high + reach).all()
    ]
    return np.min([low, *near], axis=0), np.max([high, *near], axis=0)


def inside(point: Doubles, window: Doubles) -> bool:
    """Whether a point lies within the ends of both axes."""
    return bool((point >= window[0]).all() and (point <= window[1]).all())


def plane_frame(titles: Sequence[str], **margin: int) -> dict[str, Any]:
    """The layout of a plane before anything is in it.

    :param titles: of the axis of the first error, and of the second's.
    """
    x, y = (axis(title, nticks=6, automargin=False, range=[0, 100]) for title in titles)
    return frame(xaxis=x, yaxis=y, margin={"l": 56, "r": 112, "t": 8} | margin)


def open_window(layout: dict[str, Any], window: Doubles, guessed: Doubles | None) -> None:
    """Let the axes end there, and draw dashed lines at the errors of the commonest label where they
    are within.

    :param guessed: ``(2,)`` in %.
    """
    layout["xaxis"]["range"], layout["yaxis"]["range"] = window.T.tolist()
    if guessed is not None:
        layout["shapes"] = [
            guide(float(guessed[k]), 1.2, dash=DASHED, opacity=0.6)
            for k, guide in enumerate((upright, level))
            if window[0, k] <= guessed[k] <= window[1, k]
        ]


def mean_marks(
    means: Doubles, spreads: Doubles, words: Sequence[str], bars: str, **trace: Any
) -> dict[str, Any]:
    """Means with thin bars of one standard deviation to either side.

    :param means: ``(P, 2)``, as the spreads.
    :param words: of each for the pointer; escaped.
    :param bars: their colour.
    """
    bar = {"type": "data", "thickness": 0.8, "width": 0, "color": bars}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": means[:, 0].tolist(),
        "y": means[:, 1].tolist(),
        "error_x": bar | {"array": spreads[:, 0].tolist()},
        "error_y": bar | {"array": spreads[:, 1].tolist()},
        "hovertext": list(words),
        "hovertemplate": "%{hovertext}<extra></extra>",
    } | trace


def mean_cells(mean: Doubles, spread: Doubles) -> tuple[float, float, float, float]:
    """Both means and standard deviations for a table; see :func:`mean_columns`."""
    (first, second), (one, other) = mean.round(1).tolist(), spread.round(1).tolist()
    return first, one, second, other


def mean_columns(names: Sequence[str]) -> tuple[str, str, str, str]:
    """Their columns; no two have the same name."""
    return f"{names[0]}, %", "± sd", f"{names[1]}, %", "± sd "


def plane_label(
    text: str, point: Doubles, side: Side, shift: tuple[float, float]
) -> dict[str, Any]:
    """Words beside a point, above all marks.

    :param shift: to the right and upwards, in pixels.
    """
    return label(
        text,
        float(point[0]),
        float(point[1]),
        xanchor=side[0],
        yanchor=side[1],
        xshift=shift[0],
        yshift=shift[1],
        bgcolor=PAPER,
        borderpad=0,
        opacity=0.9,
    )


def named_marks(
    spots: Sequence[tuple[Spot, str, str]], window: Doubles
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Traces and labels of what stands under its own name, evenly spread at the right.

    :param spots: each with its symbol, and its words for the pointer.
    """
    marks, labels = [], []
    for place, (spot, symbol, words) in enumerate(
        sorted(spots, key=lambda named: named[0].mean[1])
    ):
        end = window[0, 1] + (place + 0.5) / len(spots) * (window[1, 1] - window[0, 1])
        marks += _mark(spot, symbol, words, float(end), window)
        off = f"<br>off: {spot.mean[0]:.0f}, {spot.mean[1]:.0f} %"
        text = spot.arm.label + ("" if inside(spot.mean, window) else off)
        labels.append(beside(text, float(end), 9) | {"align": "left"})
    return marks, labels


def _mark(spot: Spot, symbol: str, words: str, end: float, window: Doubles) -> list[dict[str, Any]]:
    """The mean large, every seed small, and a faint line to its name at the right. Of what is far
    off there is the name alone."""
    near = inside(spot.mean, window)
    x = [*([float(spot.mean[0])] if near else []), float(window[1, 0])]
    y = [*([float(spot.mean[1])] if near else []), end]
    line = {"color": TEXT, "width": 0.8, "dash": "dot"}
    marker = {"symbol": symbol, "size": 11, "color": TEXT, "line": {"color": PAPER, "width": 1}}
    shared = {"type": "scatter", "hovertemplate": "%{hovertext}<extra></extra>"}
    leader = {"type": "scatter", "mode": "lines", "line": line, "opacity": 0.45}
    return [
        leader | {"x": x, "y": y, "hoverinfo": "skip"},
        shared
        | {
            "mode": "markers",
            "x": spot.each[:, 0].tolist(),
            "y": spot.each[:, 1].tolist(),
            "marker": {"symbol": f"{symbol}-open", "size": 6, "color": TEXT},
            "opacity": 0.55,
            "hovertext": [
                f"{spot.arm.label}, one seed: {first:.1f} %, {second:.1f} %"
                for first, second in spot.each
            ],
        },
        shared
        | {
            "mode": "markers",
            "x": x,
            "y": y,
            "cliponaxis": False,
            "marker": marker,
            "hovertext": [words] * len(x),
            "name": spot.arm.label,
        },
    ]


def drawn(result: SweepResult) -> list[int]:
    """The points, and equal weights where they are none of them."""
    grid, known = result.grid, known_points(result)
    extra = grid.equal >= len(grid.points) and bool(result.finished[grid.equal].any())
    return [*known, grid.equal] if extra else known


def means_of(result: SweepResult) -> Doubles:
    """``(M, 2)`` in %."""
    return np.asarray(100 * result.means[:, list(result.grid.pair)])


def spreads_of(result: SweepResult) -> Doubles:
    """``(M, 2)``, standard deviations over the seeds in points; 0 before there are two."""
    errors = 100 * result.errors[:, :, list(result.grid.pair)]
    count = result.finished.sum(axis=1)[:, None]
    apart = np.where(np.isnan(errors), 0.0, errors - means_of(result)[:, None])
    return np.asarray(np.sqrt((apart**2).sum(axis=1) / np.maximum(count - 1, 1)))


def window_around(result: SweepResult, spots: Sequence[Spot]) -> Doubles:
    """The lower and the upper end of both axes, ``(2, 2)``."""
    means, spreads = (of(result)[drawn(result)] for of in (means_of, spreads_of))
    low, high = (means - spreads).min(axis=0), (means + spreads).max(axis=0)
    low, high = stretched(low, high, [spot.mean for spot in spots])
    missing = np.maximum(LEAST_EXTENT - (high - low), 0.0) / 2
    # What would lie below 0 or above 100 is added at the other end.
    shift = np.maximum(missing - low, 0.0) - np.maximum(high + missing - 100.0, 0.0)
    low, high = low - missing + shift, high + missing + shift
    extent = high - low
    return np.array(
        [np.maximum(low - BELOW * extent, 0.0), np.minimum(high + ABOVE * extent, 100.0)]
    )
