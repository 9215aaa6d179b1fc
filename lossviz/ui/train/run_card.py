"""A run's card: formulation, settings and weights."""

from __future__ import annotations

import streamlit as st

from lossviz.compute.lab import Lab
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import SETTINGS
from lossviz.experiments.runs.run import Run
from lossviz.experiments.specs import RATES
from lossviz.figures.base.palette import MARKERS
from lossviz.figures.exhibits import EXHIBITS
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.weighting import WEIGHTINGS
from lossviz.ui.parts.chart import draw
from lossviz.ui.parts.settings import controls_for, setting_fields
from lossviz.ui.train.weights import rows_of, weight_sliders

TUNED = tuple(
    setting
    for setting in SETTINGS
    if not setting.described.shared
    and setting.path not in ("formulation", "component_weights", "joint_weight")
)
"""What a run has for itself; its formulation and its weights have controls of their own."""
SLIDER_HEIGHT, MOST_SLIDERS = 66, 3
"""More weights than that scroll, so that the charts below stay side by side."""


CURVE_HEIGHT = 226
"""Lower than elsewhere: what stands below the cards is to be seen without scrolling."""


def run_cards(lab: Lab) -> None:
    """The runs side by side, each with its loss."""
    losses = EXHIBITS["losses"]
    with st.grid(max(2, len(lab.runs)), min_column_width=290, gap="small"):
        for letter in lab.runs:
            with st.container(border=True, key=f"card-{letter}", gap="xsmall"):
                _run_card(lab, letter)
                draw(None, key=losses.key(letter), height=CURVE_HEIGHT)
    st.caption(losses.note)


def _run_card(lab: Lab, letter: str) -> None:
    """What the run is; its charts stand below it."""
    run = lab.runs[letter]
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
        st.markdown(f"**{MARKERS[letter]} {letter}**", width="content")
        _formulation(lab, letter, run)
        with st.popover("Tune", key=f"tune-{letter}", width=92):
            _tune(lab, letter, run)
    _sliders(lab, letter)


def _formulation(lab: Lab, letter: str, run: Run) -> None:
    key = f"formulation-{letter}"

    def choose() -> None:
        experiment = run.experiment.changed(
            formulation=st.session_state[key],
            decoder=None,
            **run.weights.fields,
        )
        lab.put(letter, experiment)

    st.session_state[key] = run.experiment.formulation
    st.selectbox(
        f"Formulation of {letter}",
        list(OBJECTIVES),
        key=key,
        label_visibility="collapsed",
        on_change=choose,
        help=OBJECTIVES[run.experiment.formulation].asks_for
        + " Another one starts this run again.",
    )


def _sliders(lab: Lab, letter: str) -> None:
    most = max(map(rows_of, lab.runs.values()))
    height = SLIDER_HEIGHT * min(MOST_SLIDERS, most)
    kind = "fit" if most <= MOST_SLIDERS else "scroll"
    with st.container(height=height, border=False, key=f"weights-{kind}-{letter}", gap="xxsmall"):
        weight_sliders(lab, letter)


def _tune(lab: Lab, letter: str, run: Run) -> None:
    experiment = run.experiment
    members = experiment.objective, WEIGHTINGS[experiment.weighting]
    with st.form(f"tune-form-{letter}", border=False):
        st.caption(f"Applying starts run {letter} again; moving α and β never does.")
        values = controls_for(TUNED, experiment)
        settings = setting_fields(experiment.settings, *members)
        apply = st.form_submit_button(f"Apply and start {letter} again", type="primary")
    if apply:
        name, rate = experiment.optimiser.name, experiment.optimiser.learning_rate
        if values["optimiser.name"] != name and values["optimiser.learning_rate"] == rate:
            values["optimiser.learning_rate"] = RATES[values["optimiser.name"]]
        try:
            lab.put(letter, experiment.where(values, settings=settings, **run.weights.fields))
        except LossVizError as error:
            st.error(str(error))
        else:
            st.rerun()
    if len(lab.runs) > 1 and st.button(
        f"Remove run {letter}", key=f"remove-{letter}", icon=":material/delete:"
    ):
        lab.remove(letter)
        st.rerun()
