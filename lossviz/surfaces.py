"""The surfaces of some runs, as one browser session sees them while they are drawn."""

from __future__ import annotations

import time
from collections.abc import Callable

from lossviz import tasks
from lossviz.campaign import Campaign, Workers
from lossviz.datasets import Dataset
from lossviz.pictures import Piece, pictures_of
from lossviz.sharp import Sharpness
from lossviz.surface import Surface
from lossviz.surface_plan import SurfaceBlock, SurfacePlan


class Surfaces(Campaign[SurfacePlan, SurfaceBlock, Piece]):
    """The pictures of a plan, on one data set; see :class:`lossviz.campaign.Campaign`."""

    function = staticmethod(tasks.surface_block)
    unit = "points computed"

    def __init__(
        self,
        compute: Workers,
        dataset: Dataset,
        plan: SurfacePlan,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(compute, dataset, plan, clock)
        self._kept: dict[str, tuple[int, dict[str, Surface]]] = {}

    def _cut(self, plan: SurfacePlan) -> tuple[SurfaceBlock, ...]:
        return plan.blocks(self.dataset)

    def _pieces(self, key: tuple[str, ...]) -> list[Piece]:
        return [own for block, own in self.reports if block.key == key]

    def _all(self, kind: str) -> dict[str, Surface]:
        if self._kept.get(kind, (-1, {}))[0] != self.version:
            pieces = [(block.key, own) for block, own in self.reports]
            self._kept[kind] = self.version, pictures_of(pieces, kind)
        return self._kept[kind][1]

    @property
    def surfaces(self) -> dict[str, Surface]:
        """What there is of each run's surface, by its letter; rows to come are ``nan``."""
        return self._all("surface")

    @property
    def planes(self) -> dict[str, Surface]:
        """The first run's surface on other random planes, by their seed."""
        return self._all("plane")

    @property
    def seeds(self) -> dict[str, Surface]:
        """The loss along a random line, of the first run and of the same experiment started from
        other seeds, by the seed."""
        return self._all("seed")

    @property
    def walk(self) -> dict[str, Surface]:
        """The losses of up to three runs on the straight way from one to the next."""
        return {name: own for piece in self._pieces(("walk",)) for name, own in piece.surfaces}

    @property
    def sharpness(self) -> dict[str, Sharpness]:
        """Of each run, by its letter."""
        found = {
            run.name: piece.sharpness
            for run in self.plan.runs
            for piece in self._pieces(("sharpness", run.name))
        }
        return {name: own for name, own in found.items() if own is not None}

    @property
    def drawn(self) -> bool:
        """Whether all runs' surfaces are whole; the rest may still be on its way."""
        left = {b.key[0] for k, b in enumerate(self._blocks) if k not in self._reports}
        return "surface" not in left

    @property
    def problems(self) -> dict[tuple[str, ...], str]:
        """Why a picture cannot be drawn, by its key."""
        return {block.key: own.problem for block, own in self.reports if own.problem}
