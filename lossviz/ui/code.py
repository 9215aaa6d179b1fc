"""The code of each run's formulation, ready to copy."""

from __future__ import annotations

import streamlit as st

from lossviz.lab import Lab
from lossviz.objectives import OBJECTIVES
from lossviz.snippets import snippet


def code_of_runs(lab: Lab) -> None:
    """A complete program in plain PyTorch for each formulation on the page."""
    with st.expander(
        "The code: each formulation as a complete PyTorch program", icon=":material/code:"
    ):
        for letter, tab in zip(lab.runs, st.tabs([f"Run {own}" for own in lab.runs]), strict=True):
            run = lab.runs[letter]
            objective = OBJECTIVES[run.experiment.formulation]
            with tab:
                st.markdown(f"**{objective.title}.** {objective.asks_for}")
                st.latex(objective.formula)
                experiment = run.experiment.changed(**run.weights.fields())
                st.code(snippet(experiment, lab.dataset.schema), language="python")
                st.caption(f"Source: {objective.source}")
