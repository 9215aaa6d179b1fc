"""A sweep: a grid of α and β, trained for several seeds."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from lossviz.arrays import Doubles
from lossviz.compute import tasks
from lossviz.compute.campaign import Answer, Campaign, InProcess, Workers
from lossviz.data import Dataset
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.reference import RunReference, TrainedWeights, WeightsBlock
from lossviz.experiments.study.plan import ArmsBlock, StudyPlan
from lossviz.experiments.study.result import Repeats, Trained
from lossviz.experiments.surfaces.pieces import Piece, Sharpness, pictures_of
from lossviz.experiments.surfaces.plan import SurfaceBlock, SurfacePlan
from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.plan import PointsBlock, SweepPlan
from lossviz.experiments.sweep.recommendation import Costs
from lossviz.experiments.sweep.result import Scores, SweepResult

PAUSE = 0.02
"""Seconds between two looks at workers elsewhere."""


class Sweep(Campaign[SweepPlan, PointsBlock, Scores]):
    """The points of a plan on one data set."""

    function = staticmethod(tasks.score_block)

    def _cut(self, plan: SweepPlan) -> tuple[PointsBlock, ...]:
        return plan.blocks(self.dataset)

    def __init__(
        self,
        compute: Workers,
        dataset: Dataset,
        plan: SweepPlan,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(compute, dataset, plan, clock)
        self._result: tuple[int, SweepResult] | None = None
        self._decision: tuple[int, Costs, Answer[Doubles]] | None = None

    @property
    def result(self) -> SweepResult:
        """What there is so far."""
        if self._result is None or self._result[0] != self.version:
            made = SweepResult.of(self.dataset.schema, self.plan, self.reports)
            self._result = self.version, made
        return self._result[1]

    def decision(self, costs: Costs) -> Answer[Doubles]:
        """The errors of equal weights where labels are decided by these costs, ``(J, K + 1)``,
        for the seeds that are finished; on its way, or known from before."""
        if self._decision is None or self._decision[:2] != (self.version, costs):
            result = self.result
            seeds = np.flatnonzero(result.finished.all(axis=0)).tolist()
            answers, true = ([kept[j] for j in seeds] for kept in (result.answers, result.true))
            task = self._compute.submit(
                tasks.min_cost_errors,
                result.schema,
                result.plan.experiment,
                answers,
                true,
                costs,
                priority=10,
            )
            self._decision = self.version, costs, task
        return self._decision[2]


def sweep(
    dataset: Dataset,
    experiment: Experiment,
    weights: Grid,
    seeds: Sequence[int],
    *,
    workers: Workers | None = None,
    watch: Callable[[Sweep], None] = lambda _: None,
) -> SweepResult:
    """Train every point of a grid with every seed, and wait for it.

    The points of a seed share its split, its features and its batches, and are trained as members
    of one model; each has the numbers of ``fit`` with its weights and its seed.

    :param experiment: what all points share; its weights and seeds are replaced.
    :param workers: who does it; this process by default.
    :param watch: called now and then, with what there is.
    :raises LossVizError: for what cannot be trained.
    """
    own = Sweep(workers or InProcess(), dataset, SweepPlan(experiment, weights, tuple(seeds)))
    own.start()
    while own.busy:
        own.tick()
        watch(own)
        if workers is not None:
            time.sleep(PAUSE)
    if not own.complete:
        raise LossVizError(own.notice or "The sweep was stopped before its end.")
    return own.result


class Gathering(Campaign[tuple[RunReference, ...], WeightsBlock, TrainedWeights]):
    """The weights of some runs on one data set; see :class:`lossviz.compute.campaign.Campaign`.

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
        return {block.run.name: report.content for block, report in self.reports}


class Study(Campaign[StudyPlan, ArmsBlock, Trained]):
    """The arms of a plan on one data set."""

    function = staticmethod(tasks.train_block)

    def _cut(self, plan: StudyPlan) -> tuple[ArmsBlock, ...]:
        return plan.blocks(self.dataset)

    @property
    def repeats(self) -> Repeats:
        """What there is so far."""
        return Repeats.from_reports(self.dataset.schema, self.plan, self.reports)


class Surfaces(Campaign[SurfacePlan, SurfaceBlock, Piece]):
    """The pictures of a plan, on one data set; see :class:`lossviz.compute.campaign.Campaign`."""

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
        return [report for block, report in self.reports if block.key == key]

    def _all(self, kind: str) -> dict[str, Surface]:
        if self._kept.get(kind, (-1, {}))[0] != self.version:
            pieces = [(block.key, report) for block, report in self.reports]
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
        return {
            name: surface for piece in self._pieces(("walk",)) for name, surface in piece.surfaces
        }

    @property
    def sharpness(self) -> dict[str, Sharpness]:
        """Of each run, by its letter."""
        sharpnesses = {
            run.name: piece.sharpness
            for run in self.plan.runs
            for piece in self._pieces(("sharpness", run.name))
        }
        return {name: sharpness for name, sharpness in sharpnesses.items() if sharpness is not None}

    @property
    def drawn(self) -> bool:
        """Whether all runs' surfaces are whole; the rest may still be on its way."""
        left = {b.key[0] for k, b in enumerate(self._blocks) if k not in self._reports}
        return "surface" not in left

    @property
    def problems(self) -> dict[tuple[str, ...], str]:
        """Why a picture cannot be drawn, by its key."""
        return {block.key: report.problem for block, report in self.reports if report.problem}
