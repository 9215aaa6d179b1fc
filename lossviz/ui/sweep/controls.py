"""The controls of the Trade-off page: which weights, how many seeds, which model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import Any

import streamlit as st

from lossviz.compute.cluster import COMPUTE
from lossviz.experiments.sweep.grid import only_ratio
from lossviz.experiments.sweep.plan import SweepPlan
from lossviz.experiments.words import count, weight_symbol
from lossviz.losses.objectives import OBJECTIVES
from lossviz.ui.parts.progress import OUTDATED, start_or_stop
from lossviz.ui.parts.words import duration
from lossviz.ui.state.session import Trade
from lossviz.ui.study.controls import WIDTHS

STEPS = (5, 7, 9, 15)
MOST_SEEDS = 20
WEIGHED = tuple(name for name, objective in OBJECTIVES.items() if objective.weighted)
KINDS = {"ratio": "α : β", "map": "α × β"}


def sweep_controls(trade: Trade) -> None:
    """Start or stop, and what is trained."""
    grid = trade.sweep.chosen.grid
    with st.container(horizontal=True, vertical_alignment="bottom", key="sweep-controls"):
        start_or_stop(
            trade.sweep,
            "sweep",
            f"Train {_size_words(trade)}",
            explained="In the background. The points of a seed share split, start and batches, so "
            "that they differ in nothing but α and β.",
            on_start=partial(_start, trade),
        )
        if grid.components > 2:
            _pair(trade)
        _steps(trade)
        if grid.components == 2:
            _kind(trade)
        _seeds(trade)
        _model(trade)
        with st.popover("What is trained", icon=":material/tune:", key="sweep-settings"):
            _formulation(trade)
            _epochs(trade)
            _held(trade)
    _notes(trade)


def _notes(trade: Trade) -> None:
    sweep = trade.sweep
    plan = sweep.chosen
    experiment = plan.experiment
    if plan != sweep.plan and not sweep.busy:
        st.caption(OUTDATED)
    elif only_ratio(experiment) and plan.grid.kind == "ratio":
        st.caption(
            f"With `{experiment.formulation}` only the ratio of α and β asks for anything: their "
            "common "
            f"size scales the loss, and {experiment.optimiser.name.capitalize()} divides that out "
            "again "
            f"but for its first steps. So {len(plan.grid.points)} ratios stand for "
            f"{plan.grid.steps**2} points; α × β trains them all."
        )


def _size_words(trade: Trade) -> str:
    """``245 models, about 3 s``."""
    chosen, dataset = trade.sweep.chosen, trade.sweep.dataset
    seconds = chosen.seconds(dataset) / COMPUTE.lanes
    return f"{count(chosen.trainings, 'model')}, about {duration(seconds)}"


def _start(trade: Trade) -> None:
    sweep = trade.sweep
    other = sweep.chosen.grid != sweep.plan.grid
    sweep.start()
    if other:
        trade.point = sweep.plan.grid.middle


def _chosen(trade: Trade, plan: SweepPlan) -> None:
    before = trade.sweep.plan.grid
    trade.sweep.choose(plan)
    if trade.sweep.plan.grid != before:
        trade.point = trade.sweep.plan.grid.middle


def _set_grid(trade: Trade, key: str, field: str) -> None:
    plan = trade.sweep.chosen
    changed: dict[str, Any] = {field: st.session_state[key]}
    _chosen(trade, replace(plan, grid=replace(plan.grid, **changed)))


def _set_experiment(trade: Trade, **fields: Any) -> None:
    plan = trade.sweep.chosen
    experiment = plan.experiment.changed(**fields)
    grid = plan.grid
    if "formulation" in fields and grid.components == 2:
        grid = replace(grid, kind="ratio" if only_ratio(experiment) else "map")
    _chosen(trade, replace(plan, experiment=experiment, grid=grid))


def _from(trade: Trade, key: str, fields: Callable[[Any], dict[str, Any]]) -> None:
    _set_experiment(trade, **fields(st.session_state[key]))


def pair_words(names: tuple[str, ...], pair: tuple[int, int]) -> str:
    """``α topic × β kind``."""
    return " × ".join(f"{weight_symbol(k)} {names[k]}" for k in pair)


def _pair(trade: Trade) -> None:
    grid = trade.sweep.chosen.grid
    names = trade.sweep.dataset.schema.names
    st.session_state["sweep-pair"] = grid.pair
    st.selectbox(
        "Which weights",
        list(combinations(range(grid.components), 2)),
        key="sweep-pair",
        format_func=lambda pair: pair_words(names, pair),
        disabled=trade.sweep.busy,
        on_change=_set_grid,
        args=(trade, "sweep-pair", "pair"),
        width=230,
        help="The two whose weights vary. All others are held; see What is trained.",
    )


def _steps(trade: Trade) -> None:
    grid = trade.sweep.chosen.grid
    st.session_state["sweep-steps"] = grid.steps
    st.segmented_control(
        "Values of each",
        sorted({*STEPS, grid.steps}),
        key="sweep-steps",
        required=True,
        disabled=trade.sweep.busy,
        on_change=_set_grid,
        args=(trade, "sweep-steps", "steps"),
        help=f"Between {grid.low:g} and {grid.high:g}, evenly on a logarithmic scale.",
    )


def _kind(trade: Trade) -> None:
    plan = trade.sweep.chosen
    alone = only_ratio(plan.experiment)
    st.session_state["sweep-kind"] = plan.grid.kind
    st.segmented_control(
        "Grid",
        list(KINDS) if alone else ["map"],
        key="sweep-kind",
        required=True,
        format_func=KINDS.__getitem__,
        disabled=trade.sweep.busy,
        on_change=_set_grid,
        args=(trade, "sweep-kind", "kind"),
        help="Their ratio alone, where nothing else matters, or every combination. "
        + (
            "Here nothing else matters."
            if alone
            else f"In `{plan.experiment.formulation}` their size matters too."
        ),
    )


def _seeds(trade: Trade) -> None:
    plan = trade.sweep.chosen

    def choose() -> None:
        seeds = tuple(range(int(st.session_state["sweep-seeds"])))
        _chosen(trade, replace(trade.sweep.chosen, seeds=seeds))

    st.session_state["sweep-seeds"] = len(plan.seeds)
    st.number_input(
        "Seeds",
        1,
        MOST_SEEDS,
        key="sweep-seeds",
        disabled=trade.sweep.busy,
        on_change=choose,
        width=110,
        help="A seed decides the split into training and held-out texts, and the start. Three at "
        "least for a verdict; more make intervals shorter.",
    )


def _model(trade: Trade) -> None:
    model = trade.sweep.chosen.experiment.model

    def fields(width: int) -> dict[str, Any]:
        hidden = {"kind": "hidden", "width": width}
        return {"model": hidden if width else {"kind": "linear"}}

    st.session_state["sweep-width"] = model.width if model.kind == "hidden" else 0
    st.segmented_control(
        "Model",
        list(WIDTHS),
        key="sweep-width",
        required=True,
        format_func=WIDTHS.__getitem__,
        disabled=trade.sweep.busy,
        on_change=_from,
        args=(trade, "sweep-width", fields),
        help="Linear, or hidden units that the parts share. With one unit they compete for it.",
    )


def _formulation(trade: Trade) -> None:
    own = trade.sweep.chosen.experiment.formulation
    st.session_state["sweep-formulation"] = own
    st.selectbox(
        "Formulation",
        WEIGHED,
        key="sweep-formulation",
        disabled=trade.sweep.busy,
        on_change=_from,
        args=(
            trade,
            "sweep-formulation",
            lambda name: {"formulation": name, "decoder": OBJECTIVES[name].decoder},
        ),
        help=OBJECTIVES[own].asks_for + " Those without α and β are left out.",
    )


def _epochs(trade: Trade) -> None:
    st.session_state["sweep-epochs"] = trade.sweep.chosen.experiment.epochs
    st.number_input(
        "Epochs",
        1,
        200,
        key="sweep-epochs",
        disabled=trade.sweep.busy,
        on_change=_from,
        args=(trade, "sweep-epochs", lambda epochs: {"epochs": int(epochs)}),
    )


def _held(trade: Trade) -> None:
    """The weights that do not vary."""
    plan = trade.sweep.chosen
    if plan.experiment.objective.joint_weighted:
        st.session_state["sweep-joint"] = plan.experiment.joint_weight
        st.number_input(
            f"{weight_symbol(plan.grid.components)} · whole label, held at",
            0.0,
            1000.0,
            key="sweep-joint",
            step=None,
            format="%.4g",
            disabled=trade.sweep.busy,
            on_change=_from,
            args=(trade, "sweep-joint", lambda weight: {"joint_weight": float(weight)}),
        )
    if plan.grid.components > 2:
        st.session_state["sweep-held"] = plan.grid.held
        st.number_input(
            "All other weights, held at",
            0.0,
            1000.0,
            key="sweep-held",
            step=None,
            format="%.4g",
            disabled=trade.sweep.busy,
            on_change=_set_grid,
            args=(trade, "sweep-held", "held"),
        )
