"""The Trade-off page's sweep, costs and point: as an address has them, and back."""

from __future__ import annotations

from dataclasses import replace

from lossviz.address import TradeOffView
from lossviz.datasets import Dataset
from lossviz.errors import LossVizError
from lossviz.experiment import Experiment
from lossviz.grid import Grid, Kind, only_ratio
from lossviz.recommendation import Costs
from lossviz.sweep_plan import SweepPlan
from lossviz.ui.state import State
from lossviz.ui.study.controls import WIDTHS
from lossviz.ui.sweep.live import first_plan, trade_of

MOST_EPOCHS = 200
"""That the page's own field takes."""


def sweep_view(own: State) -> TradeOffView:
    """What the page shows now."""
    trade = own.desk.trade
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
        costs=None if trade.costs == _usual_costs(own.source.dataset) else trade.costs,
        point=trade.point if shown else None,
    )


def sweep_experiment(own: State) -> Experiment | None:
    """What all points of the grid share; None where nothing was chosen."""
    return own.desk.trade.sweep.chosen.experiment if own.desk.trade else None


def look_at_sweep(own: State, view: TradeOffView, experiment: Experiment) -> tuple[str, ...]:
    """Let the page show this; what does not fit together is left out with a note.

    What is trained of the same plan stays.
    """
    dataset = own.source.dataset
    if len(dataset.schema.names) < 2:
        return ()
    if own.desk.trade is None and view == TradeOffView() and experiment == _usual(dataset):
        return ()
    plan, notes = _plan(dataset, view, experiment)
    trade = trade_of(own)
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
            f"{', '.join(str(own) for own in WIDTHS if own)}."
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
