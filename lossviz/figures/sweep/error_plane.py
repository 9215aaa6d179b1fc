"""Marks for spots in the plane of two errors, and the commonest label's lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lossviz.arrays import Doubles
from lossviz.experiments.study.plan import Arm
from lossviz.experiments.study.result import Repeats
from lossviz.experiments.sweep.result import SweepResult
from lossviz.figures.base.palette import PAPER, TEXT
from lossviz.figures.sweep.quantities import known_points

FAR = 1.5
"""In extents of the grid: what lies further away is drawn at the edge, with its numbers, so that
one weighting that collapsed does not squeeze all others into a spot."""
LEAST_REACH = 5.0
"""In points: a grid without any extent is no measure of what is far."""


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


def spread_bars(spreads: Sequence[float], colour: str = TEXT) -> dict[str, Any]:
    """A thin bar of one standard deviation to either side of each mean."""
    return {
        "type": "data",
        "array": list(spreads),
        "thickness": 0.8,
        "width": 0,
        "color": colour,
    }


def named_marks(
    spots: Sequence[tuple[Spot, str, str]], window: Doubles
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Traces and labels of what stands under its own name, evenly spread at the right.

    :param spots: each with its symbol, and its words for the pointer.
    """
    marks, labels = [], []
    for place, (spot, symbol, words) in enumerate(sorted(spots, key=lambda one: one[0].mean[1])):
        end = window[0, 1] + (place + 0.5) / len(spots) * (window[1, 1] - window[0, 1])
        marks += _mark(spot, symbol, words, float(end), window)
        labels.append(_label(spot, float(end), window))
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


def _label(spot: Spot, end: float, window: Doubles) -> dict[str, Any]:
    text = spot.arm.label
    if not inside(spot.mean, window):
        text += f"<br>off: {spot.mean[0]:.0f}, {spot.mean[1]:.0f} %"
    return {
        "text": text,
        "xref": "paper",
        "x": 1,
        "xanchor": "left",
        "xshift": 9,
        "y": end,
        "align": "left",
        "showarrow": False,
        "font": {"size": 12},
    }


def guess_lines(guessed: Doubles, window: Doubles) -> list[dict[str, Any]]:
    """Dashed lines at the errors of the commonest label, where they are within the window."""
    lines: list[dict[str, Any]] = []
    for k, (text, other) in enumerate((("x", "y"), ("y", "x"))):
        if window[0, k] <= guessed[k] <= window[1, k]:
            lines.append(
                {
                    "type": "line",
                    "layer": "below",
                    f"{text}0": float(guessed[k]),
                    f"{text}1": float(guessed[k]),
                    f"{other}ref": "paper",
                    f"{other}0": 0,
                    f"{other}1": 1,
                    "line": {"color": TEXT, "width": 1.2, "dash": "4px,3px"},
                    "opacity": 0.6,
                }
            )
    return lines


LEAST_EXTENT = 4.0
"""Points that both axes span at least: noise does not look like a trade-off."""
BELOW, ABOVE = np.array([0.2, 0.27]), 0.06
"""Of the extent: room on both sides, and more where the labels of the front's ends stand."""


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
    means, spreads = (array(result)[drawn(result)] for array in (means_of, spreads_of))
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
