"""A run's loss along a line, among those of the same training with other seeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lossviz.arrays import Doubles, Floats
from lossviz.experiments.surfaces.surface import Surface
from lossviz.figures.base.chart import Chart, escaped
from lossviz.figures.base.layout import axis, frame
from lossviz.figures.base.lines import area
from lossviz.figures.base.palette import TEXT
from lossviz.figures.surfaces.loss_lines import MARGIN, along, greatest, least, loss_axis, loss_line
from lossviz.figures.surfaces.tracks import number


def seed_band(
    shown: tuple[str, Surface],
    others: Sequence[Surface],
    weights: Sequence[float],
    *,
    title: str,
) -> Chart:
    """A run's loss along a line, and what the same training with other seeds makes of it.

    :param shown: the run's letter and its loss, with a single y.
    :param others: of the other seeds, with the same x.
    :param weights: ``(K + 1,)``.
    """
    name, surface = shown
    x, loss = surface.x, along(surface, weights)
    rest = [along(each, weights) for each in others]
    upright, _ = loss_axis([surface], [loss, *rest])
    seeds = f"n = {len(rest) + 1} seeds" if rest else "n = 1 seed"
    place = escaped(surface.slice.axes[0], 40) if surface.slice else "along the line"
    key = f"━━ {escaped(name, 12)}   {'── other seeds   ' if rest else ''}{seeds}"
    layout = frame(
        xaxis=axis(
            f"{place}<br>{key}",
            range=[float(x[0]), float(x[-1])],
            nticks=6,
            showgrid=False,
            automargin=False,
        ),
        yaxis=upright,
        margin=MARGIN | {"r": 12, "t": 8},
    )
    low, high = _reach(rest, loss)
    apart = f" The other seeds lie between {number(least(low))} and {number(greatest(high))}."
    return Chart(
        title,
        f"{title}. The loss of {name} goes from {number(least(loss))} to {number(greatest(loss))}; "
        f"{seeds}.{apart if rest else ''}",
        (
            *_band(x, rest),
            *(loss_line(x, each, "another seed", 0.8) for each in rest),
            loss_line(x, loss, name, 3),
        ),
        layout,
        ("place", f"loss of {name}", "least of the other seeds", "greatest of the other seeds"),
        (x, *(each.astype(np.float32) for each in (loss, low, high))),
    )


def _reach(losses: Sequence[Doubles], otherwise: Doubles) -> tuple[Doubles, Doubles]:
    """The least and the greatest at every place; ``nan`` where there is none."""
    if not losses:
        return np.full(otherwise.shape, np.nan), np.full(otherwise.shape, np.nan)
    every = np.stack(losses)
    known = np.isfinite(every)
    gap = ~known.any(axis=0)
    low, high = np.where(known, every, np.inf).min(0), np.where(known, every, -np.inf).max(0)
    return np.where(gap, np.nan, low), np.where(gap, np.nan, high)


def _band(x: Floats, losses: Sequence[Doubles]) -> list[dict[str, Any]]:
    """Between the least and the greatest, where all are known."""
    if not losses:
        return []
    every = np.stack(losses)
    known = np.isfinite(every).all(axis=0)
    low, high = every[:, known].min(axis=0), every[:, known].max(axis=0)
    return [area(x[known], low, high, TEXT, 0.14)]
