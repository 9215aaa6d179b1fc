"""How the reader looks at each page: as an address has it, and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lossviz.address import (
    SETTINGS,
    TEXTBOOK,
    FormulationsView,
    PageView,
    SurfacesView,
    TrainView,
    WeightsView,
)
from lossviz.protocol import Protocol
from lossviz.ui.formulations.explorer import first_parts
from lossviz.ui.state import State
from lossviz.ui.study.live import study_of
from lossviz.ui.surfaces.relief import relief_of
from lossviz.ui.sweep.view import sweep_view
from lossviz.ui.view import WHOLE

# What is written has been checked by the controls: model_construct does not check it again.


def view_of(own: State, page: str) -> PageView | None:
    """What the page shows now; None for a page without a view of its own."""
    return _VIEWS[page](own) if page in _VIEWS else None


def look_at(own: State, view: PageView | None) -> None:
    """Let the page show this, the sweep excepted."""
    match view:
        case TrainView():
            own.view.target, own.view.normalise = view.target, view.normalise
            own.lab.speed = view.speed
        case FormulationsView():
            _look_at_formulations(own, view)
        case WeightsView():
            _look_at_study(own, view)
        case SurfacesView():
            _look_at_surfaces(own, view)


def _train(own: State) -> TrainView:
    parts = len(own.source.dataset.schema.names)
    return TrainView.model_construct(
        target=own.view.target if own.view.target < parts else WHOLE,
        normalise=own.view.normalise,
        speed=own.lab.speed,
    )


def _formulations(own: State) -> FormulationsView:
    explorer = own.explorer
    first = first_parts(own.source.dataset.schema)
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
            if name in SETTINGS and value != SETTINGS[name].default
        },
        parts=parts,
        true=explorer.true,
        coupling=explorer.coupling,
        view=explorer.view,
    )


def _look_at_formulations(own: State, view: FormulationsView) -> None:
    explorer, parts = own.explorer, view.parts
    explorer.formulation, explorer.beside = view.formulation, view.beside
    explorer.weigh(view.weights)
    explorer.settings = dict(view.settings)
    explorer.look_at(own.source.dataset)
    if parts == TEXTBOOK:
        explorer.parts = None
    elif parts is not None:
        explorer.parts = ((parts[0], parts[1], parts[2]), (parts[3], parts[4], parts[5]))
    explorer.true = (view.true[0], view.true[1])
    explorer.coupling, explorer.view = view.coupling, view.view


def _weights(own: State) -> WeightsView:
    plan = own.desk.study.chosen if own.desk.study else Protocol()
    return WeightsView.model_construct(
        weightings=plan.weightings,
        seeds=plan.seeds,
        formulation=plan.formulation,
        width=plan.width,
        epochs=plan.epochs,
    )


def _look_at_study(own: State, view: WeightsView) -> None:
    plan = Protocol(view.weightings, view.seeds, view.formulation, view.width, view.epochs)
    if plan != (own.desk.study.chosen if own.desk.study else Protocol()):
        study_of(own).choose(plan)


def _surfaces(own: State) -> SurfacesView:
    relief = own.desk.relief
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


def _look_at_surfaces(own: State, view: SurfacesView) -> None:
    if own.desk.relief is None and view == SurfacesView():
        return
    relief = relief_of(own)
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
