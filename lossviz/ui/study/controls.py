"""The controls of the Weights page, and what each weighting is about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from lossviz.compute.campaigns import Study
from lossviz.experiments.experiment import by_path
from lossviz.experiments.statistics import LEAST_SEEDS
from lossviz.experiments.study.plan import LEARNABLE, MOST_EPOCHS, MOST_SEEDS, TELLABLE
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.weighting import KINDS, WEIGHTINGS
from lossviz.ui.parts.controls import Tie, tied
from lossviz.ui.parts.progress import OUTDATED, start_or_stop
from lossviz.ui.parts.settings import setting_control
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
        st.segmented_control(
            "What the parts share",
            list(WIDTHS),
            **_field(study, "width"),
            required=True,
            format_func=WIDTHS.__getitem__,
            disabled=study.busy,
            help="Hidden units. With one unit the parts compete for it, and weights matter most. "
            "With the linear model they hardly compete, and weights change little.",
        )
        st.number_input(
            "Seeds",
            LEAST_SEEDS,
            MOST_SEEDS,
            **_field(study, "seeds"),
            disabled=study.busy,
            width=120,
            help="A seed decides the split into training and held-out texts, and the start. More "
            "seeds make intervals shorter.",
        )
        with st.popover("What is trained", icon=":material/tune:", key="study-settings"):
            _trained(study)
    if study.chosen != study.plan and not study.busy:
        st.caption(OUTDATED)


def _trained(study: Study) -> None:
    st.multiselect(
        "Beside fixed weights",
        LEARNABLE,
        **_field(study, "weightings"),
        format_func=lambda name: WEIGHTINGS[name].title,
        disabled=study.busy,
        help="; ".join(f"{kind}: {meaning}" for kind, meaning in KINDS.items()),
    )
    setting_control(
        by_path("formulation"),
        study.chosen.formulation,
        choices=TELLABLE,
        **_field(study, "formulation"),
        disabled=study.busy,
        help=OBJECTIVES[study.chosen.formulation].asks_for
        + " Only formulations with a part for each component can be weighed.",
    )
    setting_control(
        by_path("epochs"),
        study.chosen.epochs,
        most=MOST_EPOCHS,
        **_field(study, "epochs"),
        disabled=study.busy,
    )
    setting_control(
        by_path("split.combinations"),
        study.chosen.combinations,
        **_field(study, "combinations"),
        disabled=study.busy,
    )


def _field(study: Study, name: str) -> Tie:
    """Ties a control to a field of what is chosen."""

    def choose(value: object) -> None:
        changed: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value}
        study.choose(replace(study.chosen, **changed))

    shown = getattr(study.chosen, name)
    return tied(f"study-{name}", list(shown) if isinstance(shown, tuple) else shown, choose)


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
