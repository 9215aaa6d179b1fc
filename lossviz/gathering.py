"""Gathering: the trained weights of runs, fetched for a file."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from lossviz import tasks
from lossviz.campaign import Campaign, Workers
from lossviz.datasets import Dataset
from lossviz.surface_plan import RunReference
from lossviz.trained_weights import TrainedWeights, WeightsBlock


class Gathering(Campaign[tuple[RunReference, ...], WeightsBlock, TrainedWeights]):
    """The weights of some runs on one data set; see :class:`lossviz.campaign.Campaign`.

    Live runs keep their weights in the workers; here they are trained again, to the same numbers.
    """

    function = staticmethod(tasks.trained_weights)
    unit = "steps trained again"

    def __init__(
        self,
        compute: Workers,
        dataset: Dataset,
        plan: Sequence[RunReference],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(compute, dataset, tuple(plan), clock)

    def _cut(self, plan: tuple[RunReference, ...]) -> tuple[WeightsBlock, ...]:
        return tuple(WeightsBlock(run) for run in plan)

    @property
    def contents(self) -> dict[str, bytes]:
        """By letter, the content of a ``.safetensors`` file."""
        return {block.run.name: own.content for block, own in self.reports}
