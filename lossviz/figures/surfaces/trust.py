"""What another picture would have shown: other planes, other seeds, and the way to other runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lossviz.arrays import Doubles, Floats
from lossviz.figures.base.chart import Chart, escaped
from lossviz.figures.base.exhibit import nothing_yet
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
from lossviz.figures.surfaces.shown import ShownSurfaces
from lossviz.figures.surfaces.surface import loss_surface
from lossviz.figures.surfaces.tracks import number


def other_plane(shown: ShownSurfaces, view: str) -> Chart:
    """The loss around the first run on another random plane; all of them have one scale.

    :param view: how many planes on from the one that is looked at.
    """
    seed = str(shown.plan.seed + int(view))
    plane = shown.planes.get(seed)
    title = f"{shown.name}, random plane {seed}: loss".removeprefix(", ")
    if plane is None or plane.slice is None:
        return nothing_yet(title, ("first random direction", "second random direction"))
    return loss_surface(
        plane,
        plane.trained_at,
        title=title,
        axes=plane.slice.axes,
        view="contour",
        top=surface_top(shown.planes.values(), plane.trained_at),
    )


def other_seeds(shown: ShownSurfaces, _: str) -> Chart:
    """The loss along a random line, of the first run and of the same experiment from other seeds,
    and between which losses their trainings end."""
    title = f"{shown.name} and the same experiment from other seeds".removeprefix(" and ")
    if len(shown.seeds) < 2:
        return nothing_yet(title, ("along a random line", "loss"))
    first, *others = shown.seeds
    x, loss = first.x, along(first, first.trained_at)
    rest = [along(seed, first.trained_at) for seed in others]
    ends = [float(seed.at(seed.trained_at)[0, len(seed.x) // 2]) for seed in shown.seeds]
    title += f": training losses from {min(ends):.3g} to {max(ends):.3g}"
    seeds = f"n = {len(shown.seeds)} seeds"
    place = escaped(first.slice.axes[0], 40) if first.slice else "along the line"
    losses_axis, _window = loss_axis([first], [loss, *rest])
    layout = frame(
        xaxis=axis(
            f"{place}<br>━━ {escaped(shown.name, 12)}   ── other seeds   {seeds}",
            range=[float(x[0]), float(x[-1])],
            nticks=6,
            showgrid=False,
            automargin=False,
        ),
        yaxis=losses_axis,
        margin=MARGIN | {"r": 12, "t": 8},
    )
    low, high = _reach(rest)
    return Chart(
        title,
        f"{title}. The loss of {shown.name} goes from {number(least(loss))} to "
        f"{number(greatest(loss))}; {seeds}. The other seeds lie between {number(least(low))} and "
        f"{number(greatest(high))}.",
        (
            _band(x, np.stack(rest)),
            *(loss_line(x, other, "another seed", 0.8) for other in rest),
            loss_line(x, loss, shown.name, 3),
        ),
        layout,
        ("place", f"loss of {shown.name}", "least of the others", "greatest of the others"),
        (x, *(losses.astype(np.float32) for losses in (loss, low, high))),
    )


def _reach(losses: Sequence[Doubles]) -> tuple[Doubles, Doubles]:
    """The least and the greatest at every place; ``nan`` where there is none."""
    every = np.stack(losses)
    known = np.isfinite(every)
    gap = ~known.any(axis=0)
    low, high = np.where(known, every, np.inf).min(0), np.where(known, every, -np.inf).max(0)
    return np.where(gap, np.nan, low), np.where(gap, np.nan, high)


def _band(x: Floats, every: Doubles) -> dict[str, Any]:
    """Between the least and the greatest, where all are known."""
    known = np.isfinite(every).all(axis=0)
    low, high = every[:, known].min(axis=0), every[:, known].max(axis=0)
    return area(x[known], low, high, TEXT, 0.14)


def walk(shown: ShownSurfaces, _: str) -> Chart:
    """The losses of runs on the straight way from each to the next, and back to the first where
    there are three."""
    lines = shown.pictures.walk
    if not lines:
        return nothing_yet("Losses on the way from run to run", ("from run to run", "loss"))
    names = list(lines)
    legs = [*names, names[0]] if len(names) > 2 else names
    highest = {name: float(np.nanmax(line.at(line.trained_at))) for name, line in lines.items()}
    worst = max(highest, key=highest.__getitem__)
    return losses_between(
        lines,
        [(name, float(place)) for place, name in enumerate(legs)],
        title=f"Losses on the way from run to run; {worst}'s goes up to {highest[worst]:.3g}",
    )
