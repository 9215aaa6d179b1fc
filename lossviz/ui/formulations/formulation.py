"""The parts of the Formulations page that say what a formulation is."""

from __future__ import annotations

import streamlit as st

from lossviz.experiments.code import snippet
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.words import two_digits
from lossviz.losses.decoding import DECODERS
from lossviz.losses.heads import HEADS
from lossviz.losses.objectives import OBJECTIVES
from lossviz.ui.parts.settings import setting_fields
from lossviz.ui.root import ROOT
from lossviz.ui.state.explorer import Explorer
from lossviz.ui.state.session import Session


def formulation_list(explorer: Explorer) -> None:
    """All formulations by head, each with its sentence; a press explains it."""
    for head in HEADS.values():
        objectives = [each for each in OBJECTIVES.values() if each.head == head.id]
        if not objectives:
            continue
        st.caption(head.title[:1].upper() + head.title[1:])
        for objective in objectives:
            chosen = objective.id == explorer.look.formulation
            name, _, meaning = objective.title.partition(": ")
            st.button(
                f"**{name}** · {meaning}",
                key=f"explain-{objective.id}",
                type="primary" if chosen else "secondary",
                width="stretch",
                help=objective.asks_for,
                on_click=_explain,
                args=(explorer, objective.id),
            )


def _explain(explorer: Explorer, formulation: str) -> None:
    look = explorer.look
    if look.formulation not in look.beside:
        before = [name for name in look.beside if name != formulation]
        explorer.change(beside=(*before, look.formulation)[-1:])
    explorer.change(formulation=formulation)


def what_it_asks(explorer: Explorer) -> None:
    """The sentence, and the formula with the weights as they are."""
    objective = explorer.objective
    st.markdown(f"#### {objective.title}")
    st.markdown(f"**It asks:** {objective.asks_for}")
    with st.container(horizontal=True, key="formula", gap="small", vertical_alignment="center"):
        st.latex(
            objective.formula([two_digits(weight) for weight in explorer.look.weights]),
            width="content",
        )
        st.latex(objective.definition, width="content")
    st.caption(objective.symbols)
    if objective.settings:
        _settings(explorer)


def _settings(explorer: Explorer) -> None:
    with st.container(key="formulation-settings", width=260):
        settings = setting_fields(explorer.look.settings, explorer.objective)
    if any(explorer.look.settings.get(name) != value for name, value in settings.items()):
        explorer.change(settings={**explorer.look.settings, **settings})
        st.rerun()


def when_to_use(explorer: Explorer) -> None:
    """When, when not, what surprises, how it predicts, and where it comes from."""
    objective = explorer.objective
    with st.grid(3, min_column_width=240, gap="medium"):
        with st.container():
            st.markdown(f"**Use it when** {_lower(objective.use_when)}")
        with st.container():
            st.markdown(f"**Do not when** {_lower(objective.avoid_when)}")
        with st.container():
            st.markdown(f"**Beware:** {_lower(objective.pitfall)}")
    decoder = DECODERS[objective.decoder]
    st.caption(
        f"It predicts the {decoder.title}: best for {decoder.best_for}. Source: {objective.source}"
    )


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def code(session: Session) -> None:
    """The formulation on the data in use as a program, and the way to train it."""
    explorer, dataset = session.explorer, session.data.dataset
    alpha, beta, gamma = explorer.look.weights
    components = len(dataset.schema.components)
    experiment = Experiment.for_dataset(
        dataset,
        formulation=explorer.look.formulation,
        component_weights=(alpha, beta, *(1.0,) * components)[:components],
        joint_weight=gamma,
        settings=explorer.objective.values,
    )
    with st.expander(
        "The code: a complete PyTorch program for the labels of your data", icon=":material/code:"
    ):
        st.code(snippet(experiment, dataset.schema), language="python", height=420)
    if st.button("Train it as run A", icon=":material/play_circle:", key="train-this"):
        session.lab.pause()
        session.lab.put("A", experiment)
        st.switch_page(ROOT / "pages" / "train.py")
