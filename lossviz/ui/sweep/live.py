"""The live part of the Trade-off page: the verdict, how far the sweep is, and its charts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from lossviz.compute.campaigns import Sweep
from lossviz.compute.cluster import COMPUTE
from lossviz.data import Dataset
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.sweep.effects import effects
from lossviz.experiments.sweep.grid import Grid, Kind, only_ratio
from lossviz.experiments.sweep.plan import SweepPlan
from lossviz.experiments.sweep.verdict import verdict
from lossviz.figures import (
    Chart,
    Spot,
    cost_by_ratio,
    cost_map,
    effect_sizes,
    error_map,
    errors_by_ratio,
    front,
    spot,
)
from lossviz.ui.parts.chart import draw
from lossviz.ui.parts.progress import UNFINISHED, watch
from lossviz.ui.parts.words import plain
from lossviz.ui.state.session import State, Trade
from lossviz.ui.sweep.point import point_charts

BOX_HEIGHT = 400
"""Of the verdict and of the recommendation beside it, in pixels."""


FRONT_HEIGHT = 390
EFFECT_HEIGHT = 26
"""Of each row of the effects."""
LINK = "sweep"
"""The charts that show the same points: pointing at one in one of them marks it in all."""
FIRST_SEEDS = 5
FIRST_TIME = (
    "Nothing is trained yet. One press trains the same model with every α and β of a grid, each "
    "from several seeds. Then it is said here whether the errors depend on them by more than "
    "chance, why, and which weights to take."
)


def trade_of(session: State) -> Trade:
    """The session's sweep of the data in use."""
    if session.desk.trade is None:
        dataset = session.source.dataset
        plan = first_plan(dataset)
        costs = (*(1.0 for _ in dataset.schema.names), 0.0)
        session.desk.trade = Trade(Sweep(COMPUTE, dataset, plan), costs, plan.grid.middle)
    return session.desk.trade


def start_sweep(session: State) -> None:
    """Begin at once, if there is anything to weigh and nothing under way."""
    if len(session.source.dataset.schema.names) < 2:
        return
    sweep = trade_of(session).sweep
    if not sweep.busy and not sweep.complete:
        sweep.start()


def first_plan(dataset: Dataset) -> SweepPlan:
    """What is trained if nothing else is chosen: the model that the Train page starts with."""
    experiment = Experiment.for_dataset(dataset)
    kind: Kind = "ratio" if only_ratio(experiment) else "map"
    grid = Grid(len(dataset.schema.names), kind=kind)
    return SweepPlan(experiment, grid, tuple(range(FIRST_SEEDS)))


def live_verdict(session: State, trade: Trade) -> None:
    """What the runs show so far, while more of them are trained and the charts fed."""
    watch(trade.sweep, lambda: _verdict(trade.sweep), lambda: charts(session, trade))


def _verdict(sweep: Sweep) -> None:
    with st.container(border=True, height=BOX_HEIGHT, key="sweep-verdict", gap="xsmall"):
        if not sweep.done and not sweep.busy:
            st.markdown(FIRST_TIME)
            return
        found = verdict(sweep.result)
        if found.headline:
            st.subheader(plain(found.headline), anchor=False)
        if not found.measured:
            if sweep.busy:
                st.skeleton(height=BOX_HEIGHT - 110)
            elif found.headline:
                st.caption(UNFINISHED)
            return
        st.markdown(plain(found.measured))
        st.markdown(plain(found.noise))
        st.markdown(f"**Why:** {plain(found.why)}")
        st.caption(plain(found.how))


def charts(session: State, trade: Trade) -> dict[str, Chart]:
    """Every chart that shows something else than before."""
    sweep, view = trade.sweep, session.view
    result, grid = sweep.result, sweep.plan.grid
    made: dict[str, Chart] = {}
    content = (sweep.version, trade.point)
    costs = np.array(trade.costs)
    for target in map_targets(grid, len(session.source.dataset.schema.names)):
        key = f"sweep-error-{target}"
        if grid.kind == "map" and view.changed(key, content):
            made[key] = error_map(result, target)
    if grid.kind == "map" and view.changed("sweep-cost", (*content, trade.costs)):
        made["sweep-cost"] = cost_map(result, costs)
    if grid.kind == "ratio" and view.changed("sweep-errors", content):
        made["sweep-errors"] = errors_by_ratio(result)
    if grid.kind == "ratio" and view.changed("sweep-costs", (*content, trade.costs)):
        made["sweep-costs"] = cost_by_ratio(result, costs)
    learned = learned_spots(session, trade)
    if view.changed("sweep-front", (*content, len(learned))):
        made["sweep-front"] = front(result, learned)
    made = {key: replace(chart, marked=trade.point) for key, chart in made.items()}
    if view.changed("sweep-effects", sweep.version):
        made["sweep-effects"] = effect_sizes(result, effects(result))
    if view.changed("sweep-point", content):
        made |= point_charts(result, trade.point)
    return made


def map_targets(grid: Grid, components: int) -> tuple[int, ...]:
    """What has a map of its own: the two parts whose weights vary, and the whole label."""
    return (*grid.pair, components)


def learned_spots(session: State, trade: Trade) -> tuple[Spot, ...]:
    """Where learned weights ended on the Weights page, if the same model was trained there."""
    if session.desk.study is None or not same_model(session, trade):
        return ()
    repeats = session.desk.study.repeats
    return tuple(spot(repeats, arm) for arm in repeats.arms if not arm.told and repeats.of(arm))


def same_model(session: State, trade: Trade) -> bool:
    """Whether the Weights page trains what is swept here, but for the weights."""
    assert session.desk.study is not None
    ours, theirs = trade.sweep.plan, session.desk.study.plan
    experiment = ours.experiment
    width = experiment.model.width if experiment.model.kind == "hidden" else 0
    return (
        ours.grid.pair == (0, 1)
        and experiment.formulation == theirs.formulation
        and width == theirs.width
        and experiment.epochs == theirs.epochs
    )


def evidence(session: State, trade: Trade) -> None:
    """Maps and front side by side; then how large each effect is."""
    grid = trade.sweep.plan.grid
    effects_height = 70 + EFFECT_HEIGHT * len(grid.axes) * (grid.components + 1)
    if grid.kind == "map":
        keys = [f"sweep-error-{target}" for target in map_targets(grid, grid.components)]
        keys.append("sweep-cost")
    else:
        keys = ["sweep-errors", "sweep-costs"]
    left, right = st.columns(2, gap="small")
    with left, st.grid(2 if grid.kind == "map" else 1, min_column_width=300, gap="small"):
        for key in keys:
            with st.container(border=True):
                # Two rows of them are as high as the two charts beside them.
                _linked(trade, key, (FRONT_HEIGHT + effects_height) // 2)
    with right:
        _front(session, trade)
        with st.container(border=True):
            draw(None, key="sweep-effects", height=effects_height)


def _front(session: State, trade: Trade) -> None:
    with st.container(border=True):
        _linked(trade, "sweep-front", FRONT_HEIGHT)
        if (
            session.desk.study is not None
            and session.desk.study.done
            and not same_model(session, trade)
        ):
            st.caption(
                "Learned weights from the Weights page stand here too once both pages train the "
                "same formulation and model for as many epochs."
            )


def _linked(trade: Trade, key: str, height: int) -> None:
    clicked = draw(None, key=key, height=height, on_click=_nothing, link=LINK)
    if not isinstance(clicked, list) or len(clicked) != 1:
        return
    place = int(clicked[0])
    if 0 <= place < len(trade.sweep.plan.grid.points) and place != trade.point:
        trade.point = place
        st.rerun()


def _nothing() -> None:
    """A click is answered where the chart is drawn."""
