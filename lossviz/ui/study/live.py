"""The live part of the Weights page: the answer, how far the study is, and its charts."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from lossviz.compute.campaigns import Study
from lossviz.experiments.study.conclusions import squeeze, study_conclusions
from lossviz.experiments.study.plan import UNSQUEEZED, StudyPlan
from lossviz.experiments.study.result import Repeats
from lossviz.experiments.words import count
from lossviz.figures import Chart
from lossviz.figures.base.wall import Wall
from lossviz.figures.exhibits import WEIGHTS, placed
from lossviz.losses.weighting import WEIGHTINGS
from lossviz.ui.parts.exhibits import boxes
from lossviz.ui.parts.progress import UNFINISHED, watch
from lossviz.ui.parts.words import duration, plain
from lossviz.ui.state.session import Session

ANSWER_HEIGHT = 290
FIRST_TIME = (
    "Nothing is trained yet. Weights that are fixed, at several ratios, will be trained beside "
    "weightings that find α and β by themselves, each from several seeds. Then it is said here "
    "where learned weights end up, and whether they are wrong less often."
)


def study_of(session: Session) -> Study:
    """The session's study of the data in use; what the runs leave sealed it does, too."""
    if session.bench.study is None:
        session.bench.study = Study(session.bench.workers, session.data.dataset, StudyPlan())
    study, sealed = session.bench.study, session.bench.sealed
    if study.chosen.sealed != sealed and not study.busy:
        study.choose(replace(study.chosen, sealed=sealed))
    return study


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


def live_answer(study: Study) -> None:
    """What the runs show so far, while more of them are trained and the charts fed."""
    watch(
        study,
        lambda: study_conclusions(study.repeats),
        partial(_answer, study),
        partial(charts, study),
    )


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
            _squeeze(study)
        elif study.busy:
            st.skeleton(height=ANSWER_HEIGHT - 110)
        elif study.done:
            st.caption(UNFINISHED)


def _squeeze(study: Study) -> None:
    """Why the model is small, and a press for the answer without that."""
    says = squeeze(study.plan)
    if says:
        st.caption(says)
        st.button(
            "The same with the linear model",
            icon=":material/play_arrow:",
            key="study-unsqueezed",
            on_click=_unsqueeze,
            args=(study,),
            disabled=study.busy,
            help="Trains this study again, in place of this one, with the model that other pages "
            "use. “What the parts share” brings this one back, with the same numbers.",
        )


def _unsqueeze(study: Study) -> None:
    study.choose(replace(study.plan, width=UNSQUEEZED))
    study.start()


def charts(study: Study, wall: Wall) -> dict[str, Chart]:
    """Every chart that shows something else than what hangs there."""
    return wall.news(placed(WEIGHTS, Repeats), study.repeats)


def study_exhibits(study: Study) -> None:
    """Room for the charts of the study: small multiples of each kind."""
    repeats = study.repeats
    for exhibit in placed(WEIGHTS, Repeats):
        st.subheader(exhibit.title, anchor=False)
        columns = 3 if exhibit.id == "paths" else min(len(exhibit.views(repeats)), 4)
        with st.grid(columns, min_column_width=320, gap="small"):
            boxes(exhibit, repeats)


def size_words(study: Study) -> str:
    """``65 models, about 20 s``, of what was chosen."""
    models = count(study.chosen.trainings(len(study.dataset.schema.names)), "model")
    return f"{models}, about {duration(study.promise)}"
