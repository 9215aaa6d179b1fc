"""The live part of the Trade-off page: the verdict, how far the sweep is, and its charts."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from lossviz.compute.campaigns import Sweep
from lossviz.experiments.sweep.plan import same_model
from lossviz.experiments.sweep.verdict import verdict
from lossviz.figures import Chart
from lossviz.figures.base.wall import Wall
from lossviz.figures.exhibits import EXHIBITS, TRADE_OFF, placed
from lossviz.figures.sweep.shown import ShownSweep
from lossviz.ui.parts.chart import answered_here, draw
from lossviz.ui.parts.exhibits import boxes
from lossviz.ui.parts.progress import UNFINISHED, watch
from lossviz.ui.parts.words import plain
from lossviz.ui.state.bench import SweepBench
from lossviz.ui.state.session import Session
from lossviz.ui.sweep.point import point_matrices

BOX_HEIGHT = 400
"""Of the verdict and of the recommendation beside it, in pixels."""


LINK = "sweep"
"""The charts that show the same points: pointing at one in one of them marks it in all."""
FIRST_TIME = (
    "Nothing is trained yet. One press trains the same model with every α and β of a grid, each "
    "from several seeds. Then it is said here whether the errors depend on them by more than "
    "chance, why, and which weights to take."
)


def sweep_of(session: Session) -> SweepBench:
    """The session's sweep of the data in use; what the runs leave sealed it does, too."""
    if session.bench.sweep is None:
        session.bench.sweep = SweepBench.of(session.bench.workers, session.data.dataset)
    sweep, sealed = session.bench.sweep, session.bench.sealed
    plan = sweep.campaign.chosen
    if plan.experiment.split.sealed != sealed and not sweep.campaign.busy:
        experiment = plan.experiment.where({"split.sealed": sealed})
        sweep.choose(replace(plan, experiment=experiment))
    return sweep


def start_sweep(session: Session) -> None:
    """Begin at once, if there is anything to weigh and nothing under way."""
    if len(session.data.dataset.schema.names) < 2:
        return
    sweep = sweep_of(session).campaign
    if not sweep.busy and not sweep.complete:
        sweep.start()


def live_verdict(session: Session, bench: SweepBench) -> None:
    """What the runs show so far, while more of them are trained and the charts fed."""
    sweep = bench.campaign
    watch(
        sweep,
        partial(_words, sweep),
        partial(_verdict, sweep),
        partial(charts, session, bench),
    )


def _words(sweep: Sweep) -> tuple[str, ...]:
    says = verdict(sweep.result)
    return says.headline, says.measured, says.noise, says.why, says.how


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


def shown_sweep(session: Session, bench: SweepBench) -> ShownSweep:
    """The sweep, as its charts show it."""
    study, sweep = session.bench.study, bench.campaign
    repeats = None if study is None else study.repeats
    return ShownSweep(sweep.result, bench.look.costs, bench.look.point, repeats, sweep.version)


def charts(session: Session, bench: SweepBench, wall: Wall) -> dict[str, Chart]:
    """Every chart that shows something else than what hangs there."""
    shown = shown_sweep(session, bench)
    charts = wall.news(placed(TRADE_OFF, ShownSweep), shown)
    if wall.changed("point-matrices", shown.version):
        charts |= point_matrices(shown.result, shown.point)
    return charts


def evidence(session: Session, bench: SweepBench) -> None:
    """Maps and front side by side; then how large each effect is, and what else there is."""
    shown = shown_sweep(session, bench)
    maps, front = EXHIBITS["map"], EXHIBITS["front"]
    left, right = st.columns(2, gap="small")
    columns = 2 if shown.grid.kind == "map" else 1
    with left, st.grid(columns, min_column_width=300, gap="small"):
        for view in maps.views(shown):
            with st.container(border=True):
                _linked(bench, maps.key(view), maps.height(shown))
    with right:
        with st.container(border=True):
            _linked(bench, front.key(""), front.height(shown))
            _not_the_same(session, bench)
        for exhibit in placed(TRADE_OFF, ShownSweep):
            if exhibit.id not in ("map", "front", "point"):
                boxes(exhibit, shown)


def _not_the_same(session: Session, bench: SweepBench) -> None:
    study = session.bench.study
    if study is not None and study.done and not same_model(bench.campaign.plan, study.plan):
        st.caption(
            "Learned weights from the Weights page stand here too once both pages train the same "
            "formulation and model for as many epochs."
        )


def _linked(bench: SweepBench, key: str, height: int) -> None:
    clicked = draw(None, key=key, height=height, on_click=answered_here, link=LINK)
    if not isinstance(clicked, list) or len(clicked) != 1:
        return
    place = int(clicked[0])
    if 0 <= place < len(bench.campaign.plan.grid.points) and place != bench.look.point:
        bench.change(point=place)
        st.rerun()
