"""The code of each run's formulation, ready to copy."""

from __future__ import annotations

from dataclasses import asdict

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
            weights = asdict(run.weights)
            with tab:
                st.markdown(f"**{objective.title}.** {objective.asks_for}")
                st.latex(objective.formula)
                experiment = run.experiment.changed(
                    component_weights=weights["components"], joint_weight=weights["joint"]
                )
                st.code(snippet(experiment, lab.dataset.schema), language="python")
                st.caption(f"Source: {objective.source}")
