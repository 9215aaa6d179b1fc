"""What was drawn to say how far to trust surfaces, as a page or a report shows it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lossviz.experiments.surfaces.pieces import Pictures
from lossviz.experiments.surfaces.plan import OTHERS, SurfacePlan
from lossviz.experiments.surfaces.surface import Surface


@dataclass(frozen=True)
class ShownSurfaces:
    """What the charts beside the surfaces are made from: all but the walk are of the first run.

    :param plan: what is drawn.
    :param pictures: what there is of it.
    """

    plan: SurfacePlan
    pictures: Pictures

    @property
    def version(self) -> Hashable:
        """Another one once more is drawn."""
        return self.plan, len(self.pictures.reports)

    @property
    def name(self) -> str:
        """Of the first run; empty where there is none."""
        return self.plan.runs[0].name if self.plan.runs else ""

    @property
    def other_planes(self) -> dict[str, str]:
        """The charts of other random planes, by how many planes on they are."""
        return {str(k): f"plane {self.plan.seed + k}" for k in range(1, OTHERS + 1)}

    @cached_property
    def planes(self) -> dict[str, Surface]:
        """Those of the other planes of which no row is missing, by seed."""
        return {
            seed: surface
            for seed, surface in self.pictures.planes.items()
            if not np.isnan(surface.grids).any()
        }

    @property
    def seeds(self) -> list[Surface]:
        """The loss along a random line: of the first run, then of the same experiment from other
        seeds."""
        return list(self.pictures.seeds.values())
