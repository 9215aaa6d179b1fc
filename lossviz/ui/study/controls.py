"""The controls of the Weights page, and what each weighting is about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from lossviz.compute.campaigns import Study
from lossviz.experiments.study.plan import LEARNABLE, LEAST_SEEDS, MOST_SEEDS, TELLABLE
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.weighting import KINDS, WEIGHTINGS
from lossviz.ui.parts.progress import start_or_stop
from lossviz.ui.study.live import size_words

WIDTHS = {0: "linear", 1: "1 unit", 2: "2 units", 4: "4 units", 16: "16 units"}


def study_controls(study: Study) -> None:
    """Start or stop, and what is trained."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="study-controls"):
        start_or_stop(
            study,
            "study",
            f"Train {size_words(study)}",
            explained="In the background, seed by seed. The same settings give the same numbers, "
            "so what is trained need not be trained again.",
            on_start=study.start,
        )
        _model(study)
        _seeds(study)
        with st.popover("What is trained", icon=":material/tune:", key="study-settings"):
            _weightings(study)
            _formulation(study)
            _epochs(study)
    chosen = study.chosen
    if chosen != study.plan and not study.busy:
        st.caption("The pictures show what was trained before; the next start trains as chosen.")


def _choose(study: Study, key: str, field: str) -> None:
    value = st.session_state[key]
    changed: dict[str, Any] = {field: tuple(value) if isinstance(value, list) else value}
    study.choose(replace(study.chosen, **changed))


def _model(study: Study) -> None:
    st.session_state["study-width"] = study.chosen.width
    st.segmented_control(
        "What the parts share",
        list(WIDTHS),
        key="study-width",
        required=True,
        format_func=WIDTHS.__getitem__,
        disabled=study.busy,
        on_change=_choose,
        args=(study, "study-width", "width"),
        help="Hidden units. With one unit the parts compete for it, and weights matter most. With "
        "the linear model they share nothing: weights change the size of steps, and little else.",
    )


def _seeds(study: Study) -> None:
    st.session_state["study-seeds"] = study.chosen.seeds
    st.number_input(
        "Seeds",
        LEAST_SEEDS,
        MOST_SEEDS,
        key="study-seeds",
        disabled=study.busy,
        on_change=_choose,
        args=(study, "study-seeds", "seeds"),
        width=120,
        help="A seed decides the split into training and held-out texts, and the start. More seeds "
        "make intervals shorter.",
    )


def _weightings(study: Study) -> None:
    st.session_state["study-weightings"] = list(study.chosen.weightings)
    st.multiselect(
        "Beside fixed weights",
        LEARNABLE,
        key="study-weightings",
        format_func=lambda value: WEIGHTINGS[value].title,
        disabled=study.busy,
        on_change=_choose,
        args=(study, "study-weightings", "weightings"),
        help="; ".join(f"{kind}: {meaning}" for kind, meaning in KINDS.items()),
    )


def _formulation(study: Study) -> None:
    st.session_state["study-formulation"] = study.chosen.formulation
    st.selectbox(
        "Formulation",
        TELLABLE,
        key="study-formulation",
        disabled=study.busy,
        on_change=_choose,
        args=(study, "study-formulation", "formulation"),
        help=OBJECTIVES[study.chosen.formulation].asks_for
        + " Only formulations with a part for each component can be weighed.",
    )


def _epochs(study: Study) -> None:
    st.session_state["study-epochs"] = study.chosen.epochs
    st.number_input(
        "Epochs",
        1,
        200,
        key="study-epochs",
        disabled=study.busy,
        on_change=_choose,
        args=(study, "study-epochs", "epochs"),
    )


def ideas(study: Study) -> None:
    """What each weighting is about, from its own description."""
    st.subheader("What each one does", anchor=False)
    for name in ("fixed", *study.plan.weightings):
        weighting = WEIGHTINGS[name]
        with st.expander(weighting.title):
            st.markdown(f"{weighting.idea} Kind: {KINDS[weighting.kind]}.")
            st.latex(weighting.formula)
            st.caption(weighting.symbols)
            st.markdown(f"**What goes wrong.** {weighting.pitfall}")
            st.caption(f"Source: {weighting.source}")
