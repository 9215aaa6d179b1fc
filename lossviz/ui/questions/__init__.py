"""The four questions that this project began with, on numbers that the reader can change."""

from __future__ import annotations

import streamlit as st

from lossviz.ui.questions.coupling import what_separate_logits_assume
from lossviz.ui.questions.decisions import when_weights_decide
from lossviz.ui.questions.mapping import one_label_two_encodings
from lossviz.ui.questions.sigmoid import from_probability_to_loss

QUESTIONS = (
    ("Is it multi-label or multi-class?", one_label_two_encodings),
    ("What do I do with a part's probability: sigmoid?", from_probability_to_loss),
    ("What do separate logits for each part assume?", what_separate_logits_assume),
    ("When do α and β change a decision?", when_weights_decide),
)


def four_questions() -> None:
    """Each in a frame of its own: first a guess, then what the numbers say."""
    st.subheader("Four questions to guess at, on numbers you can change", anchor=False)
    st.caption(
        "The label has two parts: A or B, then C or D. So there are four whole labels: AC, AD, BC "
        "and BD."
    )
    for number, (title, show) in enumerate(QUESTIONS, start=1):
        with st.container(border=True, key=f"question-{number}"):
            st.markdown(f"#### {number}. {title}")
            show()
