"""The controls of the Trade-off page: which weights, how many seeds, which model."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any, cast

import streamlit as st

from lossviz.experiments.experiment import by_path
from lossviz.experiments.study.plan import MOST_EPOCHS
from lossviz.experiments.sweep.plan import SweepPlan
from lossviz.experiments.words import count, weight_symbol
from lossviz.losses.objectives import OBJECTIVES
from lossviz.ui.parts.controls import Tie, tied
from lossviz.ui.parts.progress import OUTDATED, start_or_stop
from lossviz.ui.parts.settings import setting_control
from lossviz.ui.parts.words import duration
from lossviz.ui.state.bench import SweepBench
from lossviz.ui.study.controls import WIDTHS

STEPS = (5, 7, 9, 15)
MOST_SEEDS = 20
WEIGHED = tuple(name for name, objective in OBJECTIVES.items() if objective.weighted)
KINDS = {"ratio": "α : β", "map": "Size too"}


def sweep_controls(bench: SweepBench) -> None:
    """Start or stop, and what is trained."""
    grid = bench.campaign.chosen.grid
    with st.container(horizontal=True, vertical_alignment="bottom", key="sweep-controls"):
        start_or_stop(
            bench.campaign,
            "sweep",
            f"Train {_size_words(bench)}",
            explained="In the background. The points of a seed share split, start and batches, so "
            "that they differ in nothing but α and β.",
            on_start=bench.start,
        )
        if grid.components > 2:
            _pair(bench)
        _steps(bench)
        _kind(bench)
        _seeds(bench)
        _model(bench)
        with st.popover("What is trained", icon=":material/tune:", key="sweep-settings"):
            _formulation(bench)
            _epochs(bench)
            _held(bench)
            _combinations(bench)
    _notes(bench)


def _notes(bench: SweepBench) -> None:
    sweep = bench.campaign
    plan = sweep.chosen
    if plan != sweep.plan and not sweep.busy:
        st.caption(OUTDATED)
    elif plan.grid.kind == "ratio":
        st.caption(
            "What α and β ask for is their ratio. Their common size scales the loss, a step "
            f"size: it stays at α + β = 2 in all of the {len(plan.grid.points)} ratios, unless "
            "“Size too” is chosen."
        )


def _size_words(bench: SweepBench) -> str:
    """``245 models, about 3 s``."""
    models = count(bench.campaign.chosen.trainings, "model")
    return f"{models}, about {duration(bench.campaign.promise)}"


def _grid_field(bench: SweepBench, name: str) -> Tie:
    """Ties a control to a field of the grid."""

    def choose(value: object) -> None:
        plan, changed = bench.campaign.chosen, cast(dict[str, Any], {name: value})
        bench.choose(replace(plan, grid=replace(plan.grid, **changed)))

    return tied(f"sweep-{name}", getattr(bench.campaign.chosen.grid, name), choose)


def _set_experiment(bench: SweepBench, **fields: Any) -> None:
    plan = bench.campaign.chosen
    bench.choose(SweepPlan.of(plan.experiment.changed(**fields), plan.grid, plan.seeds))


def pair_words(names: tuple[str, ...], pair: tuple[int, int]) -> str:
    """``α topic × β kind``."""
    return " × ".join(f"{weight_symbol(k)} {names[k]}" for k in pair)


def _pair(bench: SweepBench) -> None:
    grid = bench.campaign.chosen.grid
    names = bench.campaign.dataset.schema.names
    st.selectbox(
        "Which weights",
        list(combinations(range(grid.components), 2)),
        **_grid_field(bench, "pair"),
        format_func=lambda pair: pair_words(names, pair),
        disabled=bench.campaign.busy,
        width=230,
        help="The two whose weights vary. All others are held; see What is trained.",
    )


def _steps(bench: SweepBench) -> None:
    grid = bench.campaign.chosen.grid
    st.segmented_control(
        "Values of each",
        sorted({*STEPS, grid.steps}),
        **_grid_field(bench, "steps"),
        required=True,
        disabled=bench.campaign.busy,
        help=f"Between {grid.low:g} and {grid.high:g}, evenly on a logarithmic scale.",
    )


def _kind(bench: SweepBench) -> None:
    st.segmented_control(
        "Grid",
        list(KINDS),
        **_grid_field(bench, "kind"),
        required=True,
        format_func=KINDS.__getitem__,
        disabled=bench.campaign.busy,
        help="The ratio of α and β at one mean weight, which is what they ask for; or every α with "
        "every β, so that their common size varies as well. Size is a step size.",
    )


def _seeds(bench: SweepBench) -> None:
    plan = bench.campaign.chosen

    def choose(seeds: int) -> None:
        bench.choose(replace(bench.campaign.chosen, seeds=tuple(range(seeds))))

    st.number_input(
        "Seeds",
        1,
        MOST_SEEDS,
        **tied("sweep-seeds", len(plan.seeds), choose),
        disabled=bench.campaign.busy,
        width=110,
        help="A seed decides the split into training and held-out texts, and the start. Three at "
        "least for a verdict; more make intervals shorter.",
    )


def _model(bench: SweepBench) -> None:
    model = bench.campaign.chosen.experiment.model

    def choose(width: int) -> None:
        hidden = {"kind": "hidden", "width": width}
        _set_experiment(bench, model=hidden if width else {"kind": "linear"})

    st.segmented_control(
        "Model",
        list(WIDTHS),
        **tied("sweep-width", model.width if model.kind == "hidden" else 0, choose),
        required=True,
        format_func=WIDTHS.__getitem__,
        disabled=bench.campaign.busy,
        help="Linear, or hidden units that the parts share. With one unit they compete for it.",
    )


def _formulation(bench: SweepBench) -> None:
    formulation = bench.campaign.chosen.experiment.formulation
    setting_control(
        by_path("formulation"),
        formulation,
        choices=WEIGHED,
        **tied(
            "sweep-formulation",
            formulation,
            lambda name: _set_experiment(bench, formulation=name, decoder=OBJECTIVES[name].decoder),
        ),
        disabled=bench.campaign.busy,
        help=OBJECTIVES[formulation].asks_for + " Those without α and β are left out.",
    )


def _epochs(bench: SweepBench) -> None:
    epochs = bench.campaign.chosen.experiment.epochs
    setting_control(
        by_path("epochs"),
        epochs,
        most=MOST_EPOCHS,
        **tied("sweep-epochs", epochs, lambda chosen: _set_experiment(bench, epochs=int(chosen))),
        disabled=bench.campaign.busy,
    )


def _held(bench: SweepBench) -> None:
    """The weights that do not vary."""
    plan = bench.campaign.chosen
    if plan.experiment.objective.joint_weighted:
        st.number_input(
            f"{weight_symbol(plan.grid.components)} · whole label, held at",
            0.0,
            1000.0,
            **tied(
                "sweep-joint",
                plan.experiment.joint_weight,
                lambda weight: _set_experiment(bench, joint_weight=float(weight)),
            ),
            step=None,
            format="%.4g",
            disabled=bench.campaign.busy,
        )
    if plan.grid.components > 2:
        st.number_input(
            "All other weights, held at",
            0.0,
            1000.0,
            **_grid_field(bench, "held"),
            step=None,
            format="%.4g",
            disabled=bench.campaign.busy,
        )


def _combinations(bench: SweepBench) -> None:
    split = bench.campaign.chosen.experiment.split

    def choose(combinations: str) -> None:
        _set_experiment(bench, split={**split.model_dump(), "combinations": combinations})

    setting_control(
        by_path("split.combinations"),
        split.combinations,
        **tied("sweep-combinations", split.combinations, choose),
        disabled=bench.campaign.busy,
    )
