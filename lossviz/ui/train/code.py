"""The code of each run's formulation, ready to copy."""

from __future__ import annotations

import streamlit as st

from lossviz.compute.lab import Lab
from lossviz.experiments.code import formula_at, snippet


def code_of_runs(lab: Lab) -> None:
    """A complete program in plain PyTorch for each formulation on the page."""
    with st.expander(
        "The code: each formulation as a complete PyTorch program", icon=":material/code:"
    ):
        for letter, tab in zip(lab.runs, st.tabs([f"Run {run}" for run in lab.runs]), strict=True):
            run = lab.runs[letter]
            experiment = run.experiment.changed(**run.weights.fields())
            objective = experiment.objective
            with tab:
                st.markdown(f"**{objective.title}.** {objective.asks_for}")
                st.latex(formula_at(experiment))
                st.code(snippet(experiment, lab.dataset.schema), language="python")
                st.caption(f"Source: {objective.source}")
