"""A sweep: a grid of α and β, trained for several seeds."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from lossviz import tasks
from lossviz.campaign import Answer, Campaign, Workers
from lossviz.datasets import Dataset
from lossviz.errors import LossVizError
from lossviz.experiment import Experiment
from lossviz.grid import Grid
from lossviz.in_process import InProcess
from lossviz.outcome import Doubles
from lossviz.recommendation import Costs
from lossviz.scores import Scores
from lossviz.sweep_plan import PointsBlock, SweepPlan
from lossviz.sweep_result import SweepResult

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
            own = self.result
            seeds = np.flatnonzero(own.finished.all(axis=0)).tolist()
            answers, true = ([kept[j] for j in seeds] for kept in (own.answers, own.true))
            task = self._compute.submit(
                tasks.min_cost_errors,
                own.schema,
                own.plan.experiment,
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
