"""The live part of the Trade-off page: the verdict, how far the sweep is, and its charts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from lossviz.compute.campaigns import Sweep
from lossviz.experiments.sweep.effects import effects
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.plan import same_model
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
from lossviz.ui.parts.chart import answered_here, draw
from lossviz.ui.parts.progress import UNFINISHED, watch
from lossviz.ui.parts.words import plain
from lossviz.ui.state.bench import SweepBench
from lossviz.ui.state.session import Session
from lossviz.ui.sweep.point import point_charts

BOX_HEIGHT = 400
"""Of the verdict and of the recommendation beside it, in pixels."""


FRONT_HEIGHT = 390
EFFECT_HEIGHT = 26
"""Of each row of the effects."""
LINK = "sweep"
"""The charts that show the same points: pointing at one in one of them marks it in all."""
FIRST_TIME = (
    "Nothing is trained yet. One press trains the same model with every α and β of a grid, each "
    "from several seeds. Then it is said here whether the errors depend on them by more than "
    "chance, why, and which weights to take."
)


def sweep_of(session: Session) -> SweepBench:
    """The session's sweep of the data in use."""
    if session.bench.sweep is None:
        session.bench.sweep = SweepBench.of(session.data.dataset)
    return session.bench.sweep


def start_sweep(session: Session) -> None:
    """Begin at once, if there is anything to weigh and nothing under way."""
    if len(session.data.dataset.schema.names) < 2:
        return
    sweep = sweep_of(session).campaign
    if not sweep.busy and not sweep.complete:
        sweep.start()


def live_verdict(session: Session, bench: SweepBench) -> None:
    """What the runs show so far, while more of them are trained and the charts fed."""
    watch(bench.campaign, lambda: _verdict(bench.campaign), lambda: charts(session, bench))


def _verdict(sweep: Sweep) -> None:
    with st.container(border=True, height=BOX_HEIGHT, key="sweep-verdict", gap="xsmall"):
        if not sweep.done and not sweep.busy:
            st.markdown(FIRST_TIME)
            return
        says = verdict(sweep.result)
        if says.headline:
            st.subheader(plain(says.headline), anchor=False)
        if not says.measured:
            if sweep.busy:
                st.skeleton(height=BOX_HEIGHT - 110)
            elif says.headline:
                st.caption(UNFINISHED)
            return
        st.markdown(plain(says.measured))
        st.markdown(plain(says.noise))
        st.markdown(f"**Why:** {plain(says.why)}")
        st.caption(plain(says.how))


def charts(session: Session, bench: SweepBench) -> dict[str, Chart]:
    """Every chart that shows something else than before."""
    sweep, view = bench.campaign, session.view
    result, grid = sweep.result, sweep.plan.grid
    drawn: dict[str, Chart] = {}
    content = (sweep.version, bench.look.point)
    costs = np.array(bench.look.costs)
    for target in map_targets(grid, len(session.data.dataset.schema.names)):
        key = f"sweep-error-{target}"
        if grid.kind == "map" and view.changed(key, content):
            drawn[key] = error_map(result, target)
    if grid.kind == "map" and view.changed("sweep-cost", (*content, bench.look.costs)):
        drawn["sweep-cost"] = cost_map(result, costs)
    if grid.kind == "ratio" and view.changed("sweep-errors", content):
        drawn["sweep-errors"] = errors_by_ratio(result)
    if grid.kind == "ratio" and view.changed("sweep-costs", (*content, bench.look.costs)):
        drawn["sweep-costs"] = cost_by_ratio(result, costs)
    learned = learned_spots(session, bench)
    if view.changed("sweep-front", (*content, len(learned))):
        drawn["sweep-front"] = front(result, learned)
    drawn = {key: replace(chart, marked=bench.look.point) for key, chart in drawn.items()}
    if view.changed("sweep-effects", sweep.version):
        drawn["sweep-effects"] = effect_sizes(result, effects(result))
    if view.changed("sweep-point", content):
        drawn |= point_charts(result, bench.look.point)
    return drawn


def map_targets(grid: Grid, components: int) -> tuple[int, ...]:
    """What has a map of its own: the two parts whose weights vary, and the whole label."""
    return (*grid.pair, components)


def learned_spots(session: Session, bench: SweepBench) -> tuple[Spot, ...]:
    """Where learned weights ended on the Weights page, if the same model was trained there."""
    study = session.bench.study
    if study is None or not same_model(bench.campaign.plan, study.plan):
        return ()
    repeats = study.repeats
    return tuple(spot(repeats, arm) for arm in repeats.arms if not arm.told and repeats.of(arm))


def evidence(session: Session, bench: SweepBench) -> None:
    """Maps and front side by side; then how large each effect is."""
    grid = bench.campaign.plan.grid
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
                _linked(bench, key, (FRONT_HEIGHT + effects_height) // 2)
    with right:
        _front(session, bench)
        with st.container(border=True):
            draw(None, key="sweep-effects", height=effects_height)


def _front(session: Session, bench: SweepBench) -> None:
    with st.container(border=True):
        _linked(bench, "sweep-front", FRONT_HEIGHT)
        if (
            session.bench.study is not None
            and session.bench.study.done
            and not same_model(bench.campaign.plan, session.bench.study.plan)
        ):
            st.caption(
                "Learned weights from the Weights page stand here too once both pages train the "
                "same formulation and model for as many epochs."
            )


def _linked(bench: SweepBench, key: str, height: int) -> None:
    clicked = draw(None, key=key, height=height, on_click=answered_here, link=LINK)
    if not isinstance(clicked, list) or len(clicked) != 1:
        return
    place = int(clicked[0])
    if 0 <= place < len(bench.campaign.plan.grid.points) and place != bench.look.point:
        bench.change(point=place)
        st.rerun()
