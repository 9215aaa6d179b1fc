"""A run's card: formulation, settings and weights."""

from __future__ import annotations

import streamlit as st

from lossviz.compute.lab import Lab
from lossviz.experiments.runs.run import Run
from lossviz.figures.base.palette import MARKERS
from lossviz.figures.exhibits import EXHIBITS
from lossviz.losses.decoding import DECODERS
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.weighting import WEIGHTINGS
from lossviz.ui.parts.chart import draw
from lossviz.ui.parts.settings import setting_fields
from lossviz.ui.state.session import this_session
from lossviz.ui.train.weights import rows_of, weight_sliders

RATES = {"adagrad": 0.3, "adam": 0.01, "sgd": 5.0}
"""Learning rates to start from; measured on TF-IDF rows."""
OPTIMISERS = {
    "adagrad": "Adagrad: as good as logistic regression after three epochs",
    "adam": "Adam: moves every row at every step, so it is slower",
    "sgd": "SGD: plain; needs a learning rate around 5 here",
}

SLIDER_HEIGHT, MOST_SLIDERS = 80, 3
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
            **run.weights.fields(),
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


@st.fragment
def _sliders(lab: Lab, letter: str) -> None:
    """A fragment: moving a weight must not wait for the rest of the page."""
    if letter in lab.runs:
        most = max(map(rows_of, lab.runs.values()))
        height = SLIDER_HEIGHT * min(MOST_SLIDERS, most)
        kind = "fit" if most <= MOST_SLIDERS else "scroll"
        key = f"weights-{kind}-{letter}"
        with st.container(height=height, border=False, key=key, gap="xxsmall"):
            weight_sliders(lab, letter)
    this_session().visit.follow()


def _tune(lab: Lab, letter: str, run: Run) -> None:
    experiment = run.experiment
    with st.form(f"tune-form-{letter}", border=False):
        st.caption(f"Applying starts run {letter} again; moving α and β never does.")
        weighting = st.selectbox(
            "Weights",
            list(WEIGHTINGS),
            index=list(WEIGHTINGS).index(experiment.weighting),
            format_func=lambda key: WEIGHTINGS[key].title,
            help="Fixed weights are yours to move. The others are set by a rule while the run "
            "trains; the Weights page compares them.",
        )
        settings = setting_fields(
            experiment.settings, experiment.objective, WEIGHTINGS[experiment.weighting]
        )
        kind = st.radio(
            "Model",
            ["linear", "hidden"],
            index=["linear", "hidden"].index(experiment.model.kind),
            format_func={"linear": "linear", "hidden": "one hidden layer"}.__getitem__,
            horizontal=True,
        )
        width = st.number_input(
            "Hidden units",
            1,
            256,
            experiment.model.width,
            help="With few units the parts share what the model can hold: there α and β matter.",
        )
        name = st.selectbox(
            "Optimiser",
            list(OPTIMISERS),
            index=list(OPTIMISERS).index(experiment.optimiser.name),
            format_func=OPTIMISERS.__getitem__,
        )
        rate = st.number_input(
            "Learning rate",
            1e-5,
            1000.0,
            experiment.optimiser.learning_rate,
            format="%.5g",
            help="; ".join(f"{key}: start from {value:g}" for key, value in RATES.items()),
        )
        batch = st.number_input("Texts in a batch", 1, 4096, experiment.optimiser.batch_size)
        decay = st.number_input(
            "Weight decay", 0.0, 10.0, experiment.optimiser.weight_decay, format="%.5g"
        )
        decoder = st.selectbox(
            "Predicted label",
            list(DECODERS),
            index=list(DECODERS).index(experiment.decoder),
            format_func=lambda key: DECODERS[key].title,
            help="; ".join(f"{rule.title}: best for {rule.best_for}" for rule in DECODERS.values()),
        )
        apply = st.form_submit_button(f"Apply and start {letter} again", type="primary")
    if apply:
        if name != experiment.optimiser.name and rate == experiment.optimiser.learning_rate:
            rate = RATES[name]
        optimiser = {
            "name": name,
            "learning_rate": rate,
            "batch_size": batch,
            "weight_decay": decay,
        }
        lab.put(
            letter,
            experiment.changed(
                model={"kind": kind, "width": width},
                optimiser=optimiser,
                decoder=decoder,
                weighting=weighting,
                settings=settings,
                **run.weights.fields(),
            ),
        )
        st.rerun()
    if len(lab.runs) > 1 and st.button(
        f"Remove run {letter}", key=f"remove-{letter}", icon=":material/delete:"
    ):
        lab.remove(letter)
        st.rerun()
