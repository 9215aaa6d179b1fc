"""A project trained from a file, without a browser: what ``report`` reports on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lossviz.arrays import Doubles
from lossviz.commands._data import Loaded
from lossviz.commands._workers import workers_for
from lossviz.compute.campaign import Campaign
from lossviz.compute.workers import InProcess
from lossviz.data import Dataset
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.judged import JudgedTraining
from lossviz.experiments.runs.opening import Unsealed, sealing
from lossviz.experiments.runs.run import Run, references
from lossviz.experiments.surfaces.plan import SurfacePlan
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.plan import SweepPlan
from lossviz.experiments.sweep.recommendation import Costs
from lossviz.sharing.looks import SweepLook
from lossviz.sharing.project import Data, Desk, KeptSurfaces, KeptSweep, Project

SLICE_SECONDS = 0.5
"""Between two looks at how far the runs are."""
Watch = Callable[[str, int, int], None]
"""What is done, how much of it, and of how much."""


@dataclass(frozen=True)
class Wanted:
    """What a report from a file is asked for.

    :param experiments: of the runs.
    :param grid: values of each weight, and seeds; None for no sweep.
    :param costs: what mistakes cost, for the recommendation.
    :param plane: the id of the surfaces' plane, and points along each axis; None for no surfaces.
    """

    experiments: tuple[Experiment, ...]
    grid: tuple[int, int] | None
    costs: Costs
    plane: tuple[str, int] | None


def project_from(title: str, loaded: Loaded, wanted: Wanted, watch: Watch) -> Project:
    """Everything that was asked for, trained."""
    dataset = loaded.dataset
    plan = sweep_plan(dataset, wanted)
    runs = trained_runs(dataset, wanted.experiments, watch)
    data = Data(title, "", loaded.table, loaded.mapping, dataset, loaded.edits)
    sweep = None if plan is None else _sweep(dataset, plan, wanted.costs, watch)
    surfaces = None if wanted.plane is None else _surfaces(dataset, runs, wanted.plane, watch)
    opened = _opened(dataset, runs)
    judged = tuple(dict.fromkeys(map(JudgedTraining.of, runs.values())))
    desk = Desk(data=data, runs=runs, sweep=sweep, surfaces=surfaces, opened=opened, judged=judged)
    return Project((desk,))


def _opened(dataset: Dataset, runs: Mapping[str, Run]) -> tuple[Unsealed, ...]:
    """Sealed texts are opened for the run that is best on the held-out ones."""
    from lossviz.engine.opening import opened

    for letter, run in sealing(runs).items():
        opening = opened(dataset, run.reference(letter))
        return () if opening is None else (opening,)
    return ()


def trained_runs(
    dataset: Dataset, experiments: Sequence[Experiment], watch: Watch
) -> dict[str, Run]:
    """The runs, trained to their ends in step, and judged."""
    from lossviz.engine.live import LiveRuns
    from lossviz.experiments.runs.run import LETTERS

    runs = {
        letter: Run.of(experiment) for letter, experiment in zip(LETTERS, experiments, strict=False)
    }
    live, most = (
        LiveRuns(dataset),
        max(experiment.epochs for experiment in experiments) * len(dataset),
    )
    while not all(run.over and run.judged for run in runs.values()):
        over = all(run.over for run in runs.values())
        orders = {k: run.order(train=True, evaluate=over) for k, run in runs.items()}
        for letter, progress in live.advance(orders, SLICE_SECONDS, most).progress.items():
            runs[letter].take(progress)
        done = sum(run.step for run in runs.values())
        watch("runs", done, sum(run.total_steps for run in runs.values()))
    return runs


def sweep_plan(dataset: Dataset, wanted: Wanted) -> SweepPlan | None:
    """The first formulation that weights act on, at every point of a grid; None where there is
    nothing to sweep, or nobody wants it."""
    weighed = (experiment for experiment in wanted.experiments if experiment.objective.weighted)
    first = next(weighed, None)
    if wanted.grid is None or first is None or len(dataset.schema.names) < 2:
        return None
    steps, seeds = wanted.grid
    experiment = first.changed(weighting="fixed")
    grid = Grid(len(dataset.schema.names), steps=steps)
    return SweepPlan.of(experiment, grid, range(first.seed, first.seed + seeds))


def _sweep(dataset: Dataset, plan: SweepPlan, costs: Costs, watch: Watch) -> KeptSweep:
    from lossviz.compute.campaigns import Sweep

    with workers_for(plan, dataset, None) as others:
        campaign = Sweep(others or InProcess(), dataset, plan)
        campaign.finish(_told("sweep", watch))
    return KeptSweep(campaign.findings, SweepLook(costs, plan.grid.middle))


def _surfaces(
    dataset: Dataset, runs: Mapping[str, Run], wanted: tuple[str, int], watch: Watch
) -> KeptSurfaces | None:
    from lossviz.compute.campaigns import Surfaces

    ends = references(runs)
    if not ends:
        return None
    plane, resolution = wanted
    campaign = Surfaces(InProcess(), dataset, SurfacePlan(ends, plane, 0, resolution))
    campaign.finish(_told("surfaces", watch))
    return KeptSurfaces(campaign.findings)


def _told(what: str, watch: Watch) -> Callable[[Campaign[Any, Any, Any]], None]:
    return lambda campaign: watch(what, campaign.done, campaign.total)


def decided_by_costs(project: Project) -> Doubles | None:
    """What deciding by the stated costs gets wrong, where a complete sweep says so."""
    from lossviz.engine.judging import min_cost_errors
    from lossviz.experiments.sweep.recommendation import recommend
    from lossviz.experiments.sweep.result import SweepResult

    sweep = project.desk.sweep
    if sweep is None or not sweep.findings.reports or not any(sweep.look.costs):
        return None
    costs, result = (
        sweep.look.costs,
        SweepResult.from_findings(sweep.findings, project.desk.data.dataset),
    )
    if recommend(result, costs) is None:
        return None
    return min_cost_errors(*result.undecided, costs)
