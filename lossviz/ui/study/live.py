"""The live part of the Weights page: the answer, how far the study is, and its charts."""

from __future__ import annotations

import streamlit as st

from lossviz.compute.campaigns import Study
from lossviz.compute.cluster import COMPUTE
from lossviz.experiments.study.conclusions import study_conclusions
from lossviz.experiments.study.plan import StudyPlan
from lossviz.experiments.words import count
from lossviz.figures import Chart, error_of_arms, trade_off, weights_over_time
from lossviz.losses.weighting import WEIGHTINGS
from lossviz.ui.parts.chart import draw
from lossviz.ui.parts.progress import UNFINISHED, watch
from lossviz.ui.parts.words import duration, plain
from lossviz.ui.state.session import Session
from lossviz.ui.state.view import View

ANSWER_HEIGHT = 290
TIME_HEIGHT, MAP_HEIGHT = 330, 400
FIRST_TIME = (
    "Nothing is trained yet. Weights that are fixed, at several ratios, will be trained beside "
    "weightings that find α and β by themselves, each from several seeds. Then it is said here "
    "where learned weights end up, and whether they are wrong less often."
)


def study_of(session: Session) -> Study:
    """The session's study of the data in use."""
    if session.bench.study is None:
        session.bench.study = Study(COMPUTE, session.data.dataset, StudyPlan())
    return session.bench.study


def nothing_to_weigh(session: Session) -> bool:
    """Whether the labels have a single part; then the page says so."""
    if len(session.data.dataset.schema.names) > 1:
        return False
    st.info(
        "The labels in use have a single part, so there is nothing to weigh against it. Choose "
        "data with compound labels on the Data page.",
        icon=":material/info:",
    )
    return True


def live_answer(study: Study, view: View) -> None:
    """What the runs show so far, while more of them are trained and the charts fed."""
    watch(study, lambda: _answer(study), lambda: charts(study, view))


def _answer(study: Study) -> None:
    with st.container(border=True, height=ANSWER_HEIGHT, key="study-answer", gap="xsmall"):
        conclusions = study_conclusions(study.repeats)
        st.markdown(f"**{conclusions.headline}**" if conclusions.headline else FIRST_TIME)
        if not study.done and not study.busy:
            for name in study.plan.weightings:
                st.markdown(f"**{name}**: {WEIGHTINGS[name].idea}")
        for sentence in conclusions.sentences:
            st.markdown(f"**{plain(sentence.about)}**: {plain(sentence.says)}")
        if conclusions.how:
            st.caption(plain(conclusions.how))
        elif study.busy:
            st.skeleton(height=ANSWER_HEIGHT - 110)
        elif study.done:
            st.caption(UNFINISHED)


def charts(study: Study, view: View) -> dict[str, Chart]:
    """Every chart that shows something else than before."""
    result: dict[str, Chart] = {}
    repeats = study.repeats
    done = {arm.id: len(repeats.of(arm)) for arm in repeats.arms}
    for arm in repeats.arms:
        name = f"study-{arm.weighting}"
        if not arm.told and view.changed(name, (study.plan, done[arm.id])):
            result[name] = weights_over_time(repeats, arm)
    everything = (study.plan, tuple(done.values()))
    if len(repeats.schema.names) == 2 and view.changed("study-trade", everything):
        result["study-trade"] = trade_off(repeats)
    for target in _targets(study):
        if view.changed(f"study-errors-{target}", everything):
            result[f"study-errors-{target}"] = error_of_arms(repeats, target)
    return result


def _targets(study: Study) -> tuple[int, ...]:
    """What has a dot plot of its own: the whole label, and with more than two parts each of
    them."""
    parts = len(study.dataset.schema.names)
    return (parts,) if parts == 2 else (*range(parts), parts)


def errors_of_study(study: Study) -> None:
    """The errors of every weighting beside the grid of fixed weights."""
    rows = len(study.repeats.arms)
    height = max(MAP_HEIGHT, 90 + 22 * rows)
    two = len(study.dataset.schema.names) == 2
    st.subheader("What each is wrong on", anchor=False)
    with st.grid(2 if two else min(len(_targets(study)), 4), min_column_width=320, gap="small"):
        if two:
            with st.container(border=True):
                draw(None, key="study-trade", height=height)
        for target in _targets(study):
            with st.container(border=True):
                draw(None, key=f"study-errors-{target}", height=height)


def weights_of_study(study: Study) -> None:
    """Small multiples: the weights of each weighting over time, and the losses under them."""
    st.subheader("Where the weights go", anchor=False)
    with st.grid(3, min_column_width=320, gap="small"):
        for name in study.plan.weightings:
            with st.container(border=True):
                draw(None, key=f"study-{name}", height=TIME_HEIGHT)


def size_words(study: Study) -> str:
    """``65 models, about 20 s``, of what was chosen."""
    chosen = study.chosen
    models = count(chosen.trainings(len(study.dataset.schema.names)), "model")
    return f"{models}, about {duration(chosen.seconds(len(study.dataset)))}"
