"""How the reader looks at each page: as an address has it, and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lossviz.data import Dataset
from lossviz.errors import LossVizError
from lossviz.experiments.evaluation import WHOLE
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.study.plan import StudyPlan
from lossviz.experiments.sweep.grid import Grid, Kind, only_ratio
from lossviz.experiments.sweep.plan import SweepPlan
from lossviz.experiments.sweep.recommendation import Costs
from lossviz.sharing.address import (
    MEMBER_SETTINGS,
    TEXTBOOK,
    FormulationsView,
    PageView,
    SurfacesView,
    TradeOffView,
    TrainView,
    WeightsView,
)
from lossviz.ui.state.explorer import first_parts
from lossviz.ui.state.session import State
from lossviz.ui.study.controls import WIDTHS
from lossviz.ui.study.live import study_of
from lossviz.ui.surfaces.relief import relief_of
from lossviz.ui.sweep.live import first_plan, trade_of

MOST_EPOCHS = 200
"""That the page's own field takes."""


def sweep_view(session: State) -> TradeOffView:
    """What the page shows now."""
    trade = session.desk.trade
    if trade is None:
        return TradeOffView()
    plan = trade.sweep.chosen
    grid = plan.grid
    shown = grid == trade.sweep.plan.grid and trade.point != grid.middle
    return TradeOffView.model_construct(
        steps=grid.steps,
        kind=None if grid.kind == _usual_kind(plan.experiment) else grid.kind,
        pair=grid.pair,
        held=grid.held,
        seeds=len(plan.seeds),
        costs=None if trade.costs == _usual_costs(session.source.dataset) else trade.costs,
        point=trade.point if shown else None,
    )


def sweep_experiment(session: State) -> Experiment | None:
    """What all points of the grid share; None where nothing was chosen."""
    return session.desk.trade.sweep.chosen.experiment if session.desk.trade else None


def look_at_sweep(session: State, view: TradeOffView, experiment: Experiment) -> tuple[str, ...]:
    """Let the page show this; what does not fit together is left out with a note.

    What is trained of the same plan stays.
    """
    dataset = session.source.dataset
    if len(dataset.schema.names) < 2:
        return ()
    if session.desk.trade is None and view == TradeOffView() and experiment == _usual(dataset):
        return ()
    plan, notes = _plan(dataset, view, experiment)
    trade = trade_of(session)
    before = trade.sweep.plan.grid
    trade.sweep.choose(plan)
    now = trade.sweep.plan.grid
    if now != before:
        trade.point = now.middle
    if now == plan.grid:
        point = now.middle if view.point is None else view.point
        if point >= len(now.points):
            notes = (*notes, f"The view, point: the grid has {len(now.points):,} points. "
                     "Equal weights are shown instead.")  # fmt: skip
            point = now.middle
        trade.point = point
    trade.costs = view.costs or _usual_costs(dataset)
    return notes


def _plan(
    dataset: Dataset, view: TradeOffView, experiment: Experiment
) -> tuple[SweepPlan, tuple[str, ...]]:
    usual, notes = first_plan(dataset), []
    seeds = tuple(range(view.seeds))
    try:
        plan = replace(usual, experiment=_offered(experiment), seeds=seeds)
    except LossVizError as error:
        notes.append(f"The sweep: {error} The usual one is set up instead.")
        plan = replace(usual, seeds=seeds)
    kind = view.kind or _usual_kind(plan.experiment)
    try:
        grid = Grid(len(dataset.schema.names), _pair(view), view.steps, kind, view.held)
        if kind == "ratio" and _usual_kind(plan.experiment) == "map":
            raise LossVizError("In this formulation more than the ratio of α and β matters.")
    except LossVizError as error:
        notes.append(f"The sweep: {error} The usual grid is set up instead.")
        grid = replace(usual.grid, kind=_usual_kind(plan.experiment))
    return replace(plan, grid=grid), tuple(notes)


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


def _pair(view: TradeOffView) -> tuple[int, int]:
    return view.pair[0], view.pair[1]


def _usual(dataset: Dataset) -> Experiment:
    return first_plan(dataset).experiment


def _usual_kind(experiment: Experiment) -> Kind:
    return "ratio" if only_ratio(experiment) else "map"


def _usual_costs(dataset: Dataset) -> Costs:
    return (*(1.0 for _ in dataset.schema.names), 0.0)


# What is written has been checked by the controls: model_construct does not check it again.


def view_of(session: State, page: str) -> PageView | None:
    """What the page shows now; None for a page without a view of its own."""
    return _VIEWS[page](session) if page in _VIEWS else None


def look_at(session: State, view: PageView | None) -> None:
    """Let the page show this, the sweep excepted."""
    match view:
        case TrainView():
            session.view.target, session.view.normalise = view.target, view.normalise
            session.lab.speed = view.speed
        case FormulationsView():
            _look_at_formulations(session, view)
        case WeightsView():
            _look_at_study(session, view)
        case SurfacesView():
            _look_at_surfaces(session, view)


def _train(session: State) -> TrainView:
    parts = len(session.source.dataset.schema.names)
    return TrainView.model_construct(
        target=session.view.target if session.view.target < parts else WHOLE,
        normalise=session.view.normalise,
        speed=session.lab.speed,
    )


def _formulations(session: State) -> FormulationsView:
    explorer = session.explorer
    first = first_parts(session.source.dataset.schema)
    parts: tuple[int, ...] | None = None
    if explorer.parts != first:
        parts = TEXTBOOK if explorer.parts is None else (*explorer.parts[0], *explorer.parts[1])
    return FormulationsView.model_construct(
        formulation=explorer.formulation,
        beside=explorer.beside,
        weights=explorer.weights,
        settings={
            name: value
            for name, value in explorer.settings.items()
            if name in MEMBER_SETTINGS and value != MEMBER_SETTINGS[name].default
        },
        parts=parts,
        true=explorer.true,
        coupling=explorer.coupling,
        view=explorer.view,
    )


def _look_at_formulations(session: State, view: FormulationsView) -> None:
    explorer, parts = session.explorer, view.parts
    explorer.formulation, explorer.beside = view.formulation, view.beside
    explorer.weigh(view.weights)
    explorer.settings = dict(view.settings)
    explorer.look_at(session.source.dataset)
    if parts == TEXTBOOK:
        explorer.parts = None
    elif parts is not None:
        explorer.parts = ((parts[0], parts[1], parts[2]), (parts[3], parts[4], parts[5]))
    explorer.true = (view.true[0], view.true[1])
    explorer.coupling, explorer.view = view.coupling, view.view


def _weights(session: State) -> WeightsView:
    plan = session.desk.study.chosen if session.desk.study else StudyPlan()
    return WeightsView.model_construct(
        weightings=plan.weightings,
        seeds=plan.seeds,
        formulation=plan.formulation,
        width=plan.width,
        epochs=plan.epochs,
    )


def _look_at_study(session: State, view: WeightsView) -> None:
    plan = StudyPlan(view.weightings, view.seeds, view.formulation, view.width, view.epochs)
    if plan != (session.desk.study.chosen if session.desk.study else StudyPlan()):
        study_of(session).choose(plan)


def _surfaces(session: State) -> SurfacesView:
    relief = session.desk.relief
    if relief is None:
        return SurfacesView()
    chosen = relief.surfaces.chosen
    return SurfacesView.model_construct(
        plane=chosen.plane,
        seed=chosen.seed,
        resolution=chosen.resolution,
        view=relief.view,
        scale=relief.scale,
        weights=relief.weights,
    )


def _look_at_surfaces(session: State, view: SurfacesView) -> None:
    if session.desk.relief is None and view == SurfacesView():
        return
    relief = relief_of(session)
    surfaces = relief.surfaces
    surfaces.chosen = replace(
        surfaces.chosen, plane=view.plane, seed=view.seed, resolution=view.resolution
    )
    relief.view, relief.scale, relief.weights = view.view, view.scale, view.weights


_VIEWS: dict[str, Callable[[State], PageView]] = {
    "train": _train,
    "formulations": _formulations,
    "weights": _weights,
    "trade-off": sweep_view,
    "surfaces": _surfaces,
}
