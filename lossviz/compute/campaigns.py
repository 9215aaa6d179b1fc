"""The campaigns there are: a sweep, a study, a repeat, surfaces, the weights of runs, and the
opening of sealed texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lossviz.arrays import Doubles
from lossviz.compute.campaign import Campaign
from lossviz.compute.pace import MachinePace
from lossviz.compute.tasks import engine
from lossviz.compute.workers import Answer, InProcess, Workers
from lossviz.data import Dataset
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.reference import TrainedWeights, WeightsBlock, WeightsPlan
from lossviz.experiments.runs.opening import Unsealed
from lossviz.experiments.runs.repeat import RepeatBlock, RepeatPlan, RepeatResult
from lossviz.experiments.scores import Scores
from lossviz.experiments.study.plan import ArmsBlock, StudyPlan
from lossviz.experiments.study.result import Repeats, Trained
from lossviz.experiments.surfaces.pieces import Pictures, Piece
from lossviz.experiments.surfaces.plan import SurfaceBlock, SurfacePlan
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.plan import PointsBlock, SweepPlan
from lossviz.experiments.sweep.recommendation import Costs
from lossviz.experiments.sweep.result import SweepResult


class Sweep(Campaign[SweepPlan, PointsBlock, Scores]):
    """The points of a plan on one data set: a grid of α and β, trained for several seeds."""

    function = staticmethod(engine.score_block)
    pace = MachinePace()

    def planned(self, plan: SweepPlan) -> float:
        """The sum of its blocks."""
        return plan.seconds(self.dataset)

    @property
    def result(self) -> SweepResult:
        """What there is so far."""
        return self.latest(
            "result", lambda: SweepResult.from_reports(self.dataset.schema, self.plan, self.reports)
        )

    def decision(self, costs: Costs) -> Answer[Doubles]:
        """The errors of equal weights where labels are decided by these costs, ``(J, K + 1)``,
        for the seeds that are finished; on its way, or known from before."""
        return self.latest(
            "decision",
            lambda: self._compute.submit(
                engine.min_cost_errors, *self.result.undecided, costs, priority=10
            ),
            costs,
        )


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
    campaign = Sweep(workers or InProcess(), dataset, SweepPlan.of(experiment, weights, seeds))
    campaign.finish(watch)
    return campaign.result


class Study(Campaign[StudyPlan, ArmsBlock, Trained]):
    """The arms of a plan on one data set."""

    function = staticmethod(engine.train_block)
    pace = MachinePace()

    def planned(self, plan: StudyPlan) -> float:
        """By the number of texts."""
        return plan.seconds(len(self.dataset))

    @property
    def repeats(self) -> Repeats:
        """What there is so far."""
        return Repeats.from_reports(self.dataset.schema, self.plan, self.reports)


class Repeat(Campaign[RepeatPlan, RepeatBlock, Scores]):
    """Runs on one data set, trained again from other starts and on other splits."""

    function = staticmethod(engine.predict_block)

    @property
    def repeated(self) -> RepeatResult:
        """What there is so far."""
        return self.latest(
            "repeated",
            lambda: RepeatResult.from_reports(self.dataset.schema, self.plan, self.reports),
        )


class Surfaces(Campaign[SurfacePlan, SurfaceBlock, Piece]):
    """The pictures of a plan, on one data set; see :class:`lossviz.compute.campaign.Campaign`."""

    function = staticmethod(engine.surface_block)
    unit = "points computed"

    @property
    def pictures(self) -> Pictures:
        """What there is so far."""
        return self.latest("pictures", lambda: Pictures(self.reports))

    @property
    def drawn(self) -> bool:
        """Whether all runs' surfaces are whole; the rest may still be on its way."""
        left = {b.key[0] for k, b in enumerate(self._blocks) if k not in self._reports}
        return "surface" not in left


class Gathering(Campaign[WeightsPlan, WeightsBlock, TrainedWeights]):
    """The weights of some runs on one data set; see :class:`lossviz.compute.campaign.Campaign`.

    Live runs keep their weights in the workers; here they are trained again, to the same numbers.
    """

    function = staticmethod(engine.trained_weights)
    unit = "steps trained again"

    @property
    def contents(self) -> dict[str, bytes]:
        """By letter, the content of a ``.safetensors`` file."""
        return {block.run.name: report.content for block, report in self.reports}


class Unsealing(Campaign[WeightsPlan, WeightsBlock, Unsealed]):
    """Sealed texts on their way to be judged by a run, which is trained again for that."""

    function = staticmethod(engine.opened)
    unit = "steps trained again"
