"""What the runs answer: where they differ, what they make of a sentence, and the code of each."""

from __future__ import annotations

import streamlit as st

from lossviz.compute.lab import LONGEST_SENTENCE, Lab
from lossviz.experiments.code import formula_at, snippet
from lossviz.experiments.runs.comparison import HOW, conclusions, not_beaten
from lossviz.experiments.runs.provisos import (
    costs_decided,
    impossible_answers,
    looks_words,
    tempered,
    unseen_labels,
)
from lossviz.figures.exhibits import EXHIBITS
from lossviz.ui.channel.channel import state_of
from lossviz.ui.parts.chart import mounted
from lossviz.ui.parts.exhibits import mount, runs_of
from lossviz.ui.parts.words import plain
from lossviz.ui.root import ROOT
from lossviz.ui.state.bench import Bench
from lossviz.ui.train.repeat import repeat_section

SURFACES = ROOT / "pages" / "surfaces.py"
WAITING = "When all runs are over, they are held against the first one here."
FIELD = (
    '<label class="lv-sentence"><span>Type a sentence</span>'
    f'<input type="text" maxlength="{LONGEST_SENTENCE}" autocomplete="off" '
    'placeholder="What would each run say?"></label>'
)

_sentence = st.components.v2.component(
    "lossviz.sentence", js=mounted("sentence.js"), html=FIELD, isolate_styles=False
)


def errors_compared(bench: Bench) -> None:
    """The errors of all runs; under them a sentence for each run that is held against the first."""
    lab = bench.lab
    mount(EXHIBITS["errors"], runs_of(lab))
    with st.container(border=True, height=142, key="conclusions", gap="xsmall"):
        differences = conclusions(lab.evaluations, lab.dataset.schema) if lab.finished else ()
        hopeless = not_beaten(lab.evaluations) if lab.finished else ""
        for sentence in filter(None, (hopeless, *differences)):
            st.text(sentence)
        st.caption(HOW if differences else WAITING)
        if differences:
            st.page_link(SURFACES, label="The loss around these runs", icon=":material/landscape:")
    if lab.finished:
        for sentence in filter(None, _beside_errors(lab)):
            st.caption(plain(sentence))
    repeat_section(bench)
    for letter, run in lab.runs.items():
        for sentence in run.experiment.notes:
            st.caption(plain(f"{letter}: {sentence}"))
        if run.stopped:
            st.caption(f"{letter} {run.stopped}.")
        if run.message:
            st.warning(f"Run {letter} stopped itself. {run.message}", icon=":material/warning:")


def _beside_errors(lab: Lab) -> tuple[str, ...]:
    """What to know of the errors; empty where there is nothing."""
    evaluations = lab.evaluations
    return (
        impossible_answers(evaluations),
        unseen_labels(evaluations),
        looks_words(lab.looks, len(next(iter(evaluations.values())))),
        *tempered(evaluations),
        *costs_decided(lab.runs, lab.dataset.schema.names),
    )


def sentence_box(lab: Lab) -> None:
    """The field, and below it every run's probabilities as they train."""
    _sentence(data={"lab": state_of(lab)}, key="sentence")
    mount(EXHIBITS["sentence"], runs_of(lab))


def code_of_runs(lab: Lab) -> None:
    """A complete program in plain PyTorch for each formulation on the page."""
    with st.expander(
        "The code: each formulation as a complete PyTorch program", icon=":material/code:"
    ):
        for letter, tab in zip(lab.runs, st.tabs([f"Run {run}" for run in lab.runs]), strict=True):
            run = lab.runs[letter]
            experiment = run.weights.weigh(run.experiment)
            objective = experiment.objective
            with tab:
                st.markdown(f"**{objective.title}.** {objective.asks_for}")
                st.latex(formula_at(experiment))
                st.code(snippet(experiment, lab.dataset.schema), language="python")
                st.caption(f"Source: {objective.source}")
