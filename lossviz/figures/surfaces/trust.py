"""What another picture would have shown: other planes, other seeds, and the way to other runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lossviz.arrays import Doubles, Floats
from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.weights import Weights
from lossviz.figures.base.chart import Chart, escaped
from lossviz.figures.base.heights import surface_top
from lossviz.figures.base.layout import axis, frame
from lossviz.figures.base.lines import area
from lossviz.figures.base.palette import TEXT
from lossviz.figures.surfaces.loss_lines import (
    MARGIN,
    along,
    greatest,
    least,
    loss_axis,
    loss_line,
    losses_between,
)
from lossviz.figures.surfaces.surface import loss_surface
from lossviz.figures.surfaces.tracks import number


def other_planes(name: str, planes: Mapping[str, Surface]) -> list[Chart]:
    """Random planes around one run, on one scale.

    :param name: of the run.
    :param planes: by seed; each whole.
    """
    weights = next(iter(planes.values())).trained_at
    top = surface_top(planes.values(), weights)
    return [
        loss_surface(
            plane,
            weights,
            title=f"{name}, random plane {seed}: loss",
            axes=plane.slice.axes if plane.slice else ("x", "y"),
            view="contour",
            top=top,
        )
        for seed, plane in planes.items()
    ]


def other_seeds(name: str, seeds: Sequence[Surface]) -> Chart:
    """The loss along a random line, of a run and of the same experiment from other seeds.

    :param seeds: the run's first.
    """
    first, *others = seeds
    title = f"{name} and the same experiment from other seeds: loss along a random line"
    return seed_band((name, first), others, first.trained_at, title=title)


def seed_band(
    shown: tuple[str, Surface],
    others: Sequence[Surface],
    weights: Weights,
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
    rest = [along(seed, weights) for seed in others]
    losses_axis, _ = loss_axis([surface], [loss, *rest])
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
        yaxis=losses_axis,
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
            *(loss_line(x, other, "another seed", 0.8) for other in rest),
            loss_line(x, loss, name, 3),
        ),
        layout,
        ("place", f"loss of {name}", "least of the other seeds", "greatest of the other seeds"),
        (x, *(losses.astype(np.float32) for losses in (loss, low, high))),
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


def walk(lines: Mapping[str, Surface]) -> Chart:
    """The losses of runs on the straight way from each to the next, and back to the first where
    there are three.

    :param lines: each run's loss, by its name, in the order of the walk.
    """
    names = list(lines)
    legs = [*names, names[0]] if len(names) > 2 else names
    highest = {name: float(np.nanmax(line.at(line.trained_at))) for name, line in lines.items()}
    worst = max(highest, key=highest.__getitem__)
    return losses_between(
        list(lines.items()),
        [line.trained_at for line in lines.values()],
        [(name, float(place)) for place, name in enumerate(legs)],
        title=f"Losses on the way from run to run; {worst}'s goes up to {highest[worst]:.3g}",
    )


def whole(surfaces: Mapping[str, Surface]) -> dict[str, Surface]:
    """Those of which no row is missing."""
    return {
        seed: surface for seed, surface in surfaces.items() if not np.isnan(surface.grids).any()
    }
