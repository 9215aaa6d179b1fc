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
from lossviz.ui.parts.controls import tied
from lossviz.ui.parts.exhibits import mount, runs_of
from lossviz.ui.parts.words import plain
from lossviz.ui.server import ROOT
from lossviz.ui.state.bench import Bench
from lossviz.ui.train.repeat import repeat_section

SURFACES = ROOT / "pages" / "surfaces.py"
WAITING = "When all runs are over, they are held against the first one here."


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

    st.text_input(
        "Type a sentence",
        **tied("sentence-text", lab.sentence, lab.type),
        max_chars=LONGEST_SENTENCE,
        placeholder="Type a sentence and press Enter: what would each run say?",
    )
    if lab.sentence:
        mount(EXHIBITS["sentence"], runs_of(lab))
        answers = lab.answers
        if answers is not None and answers.sentence == lab.sentence and not answers.known_features:
            st.caption(
                "No word of it occurs in the training texts: they answer as to an empty text."
            )


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
