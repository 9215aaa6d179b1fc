"""Type a sentence: what does every run make of it?"""

from __future__ import annotations

import streamlit as st

from lossviz.compute.lab import Lab
from lossviz.figures.exhibits import EXHIBITS
from lossviz.ui.parts.exhibits import mount, runs_of

LONGEST = 2000


def sentence_box(lab: Lab) -> None:
    """The field, and below it every run's probabilities as they train."""

    def ask() -> None:
        lab.sentence = st.session_state["sentence-text"].strip()[:LONGEST]

    st.session_state["sentence-text"] = lab.sentence
    st.text_input(
        "Type a sentence",
        key="sentence-text",
        max_chars=LONGEST,
        placeholder="Type a sentence and press Enter: what would each run say?",
        on_change=ask,
    )
    if lab.sentence:
        mount(EXHIBITS["sentence"], runs_of(lab))
        answers = lab.answers
        if answers is not None and answers.sentence == lab.sentence and not answers.known_features:
            st.caption(
                "No word of it occurs in the training texts: they answer as to an empty text."
            )
