"""What another picture would have shown: other planes, other seeds, and the way to other runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lossviz.experiments.surfaces.surface import Surface
from lossviz.figures.base.chart import Chart
from lossviz.figures.base.heights import surface_top
from lossviz.figures.surfaces.loss_lines import losses_between
from lossviz.figures.surfaces.seed_band import seed_band
from lossviz.figures.surfaces.surface import loss_surface


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
