"""How the reader looks at each page: as an address has it, and back."""

from __future__ import annotations

from dataclasses import replace

from lossviz.errors import LossVizError
from lossviz.experiments.evaluation import WHOLE
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.study.plan import MOST_EPOCHS, StudyPlan
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.plan import SweepPlan
from lossviz.sharing.address import (
    FormulationsView,
    PageView,
    SurfacesView,
    TradeOffView,
    TrainView,
    WeightsView,
)
from lossviz.sharing.looks import even_costs
from lossviz.ui.state.session import Session
from lossviz.ui.study.controls import WIDTHS
from lossviz.ui.study.live import study_of
from lossviz.ui.surfaces.pictures import surfaces_of
from lossviz.ui.sweep.live import sweep_of


def sweep_view(session: Session) -> TradeOffView:
    """What the page shows now."""
    bench = session.bench.sweep
    if bench is None:
        return TradeOffView()
    plan, look = bench.campaign.chosen, bench.look
    grid = plan.grid
    shown = grid == bench.campaign.plan.grid and look.point != grid.middle
    return TradeOffView.of(
        grid,
        kind=None if grid.kind == "ratio" else grid.kind,
        seeds=len(plan.seeds),
        costs=None if look.costs == even_costs(grid.components) else look.costs,
        point=look.point if shown else None,
    )


def sweep_experiment(session: Session) -> Experiment | None:
    """What all points of the grid share; None where nothing was chosen."""
    return session.bench.sweep.campaign.chosen.experiment if session.bench.sweep else None


def look_at_sweep(session: Session, view: TradeOffView, experiment: Experiment) -> tuple[str, ...]:
    """Let the page show this; what does not fit together is left out with a note.

    What is trained of the same plan stays.
    """
    dataset = session.data.dataset
    parts = len(dataset.schema.names)
    if parts < 2:
        return ()
    usual = SweepPlan.usual(dataset)
    if (session.bench.sweep, view, experiment) == (None, TradeOffView(), usual.experiment):
        return ()
    plan, notes = _plan(usual, view, experiment)
    bench = sweep_of(session)
    bench.choose(plan)
    now = bench.campaign.plan.grid
    if now == plan.grid:
        point = now.middle if view.point is None else view.point
        if point >= len(now.points):
            notes = (*notes, f"The view, point: the grid has {len(now.points):,} points. "
                     "Equal weights are shown instead.")  # fmt: skip
            point = now.middle
        bench.change(point=point)
    bench.change(costs=view.costs or even_costs(parts))
    return notes


def _plan(
    usual: SweepPlan, view: TradeOffView, experiment: Experiment
) -> tuple[SweepPlan, tuple[str, ...]]:
    notes = []
    plan = replace(usual, seeds=tuple(range(view.seeds)))
    try:
        plan = replace(plan, experiment=_offered(experiment))
    except LossVizError as error:
        notes.append(f"The sweep: {error} The usual one is set up instead.")
    first, second = view.pair
    kind = view.kind or usual.grid.kind
    try:
        grid = Grid(usual.grid.components, (first, second), view.steps, kind, view.held)
    except LossVizError as error:
        notes.append(f"The sweep: {error} The usual grid is set up instead.")
        grid = usual.grid
    return SweepPlan.of(plan.experiment, grid, plan.seeds), tuple(notes)


def _offered(experiment: Experiment) -> Experiment:
    """The experiment, if the page has controls for it."""
    width = experiment.model.width if experiment.model.kind == "hidden" else 0
    if width not in WIDTHS:
        raise LossVizError(
            f"{width} hidden units are not offered here; expected one of "
            f"{', '.join(str(number) for number in WIDTHS if number)}."
        )
    if experiment.epochs > MOST_EPOCHS:
        raise LossVizError(f"Up to {MOST_EPOCHS} epochs are offered; found {experiment.epochs}.")
    return experiment


def view_of(session: Session, page: str) -> PageView | None:
    """What the page shows now; None for a page without a view of its own."""
    match page:
        case "train":
            parts, target = len(session.data.dataset.schema.names), session.view.target
            shown = target if target < parts else WHOLE
            return TrainView.of(session.view, session.lab, target=shown)
        case "formulations":
            return FormulationsView.of(session.explorer.look)
        case "weights":
            return WeightsView.of(_study_plan(session))
        case "trade-off":
            return sweep_view(session)
        case "surfaces":
            bench = session.bench.surfaces
            return SurfacesView.of(bench.campaign.chosen, bench.look) if bench else SurfacesView()
    return None


def look_at(session: Session, view: PageView | None) -> None:
    """Let the page show this, the sweep excepted."""
    match view:
        case TrainView():
            session.view.target, session.view.normalise = view.target, view.normalise
            session.lab.speed = view.speed
        case FormulationsView():
            session.explorer.look = view.put(session.explorer.look)
        case WeightsView():
            chosen = view.put(_study_plan(session))
            if chosen != _study_plan(session):
                study_of(session).choose(chosen)
        case SurfacesView():
            if session.bench.surfaces is None and view == SurfacesView():
                return
            bench = surfaces_of(session)
            bench.campaign.chosen = view.put(bench.campaign.chosen)
            bench.look = view.put(bench.look)


def _study_plan(session: Session) -> StudyPlan:
    return session.bench.study.chosen if session.bench.study else StudyPlan()
