"""What the runs that are over say when held against each other."""

from __future__ import annotations

import streamlit as st

from lossviz.compute.lab import Lab
from lossviz.experiments.runs.comparison import conclusions
from lossviz.figures.exhibits import EXHIBITS
from lossviz.ui.parts.exhibits import mount, runs_of
from lossviz.ui.server import ROOT

HOW = (
    "Paired on the same held-out texts (exact McNemar); the intervals hold together at 95 %. "
    "Another seed can move them: try one under Settings."
)
SURFACES = ROOT / "pages" / "surfaces.py"
WAITING = "When all runs are over, they are held against the first one here."


def errors_compared(lab: Lab) -> None:
    """The errors of all runs; under them one sentence for each difference that is clear, and one
    for those that are not."""
    mount(EXHIBITS["errors"], runs_of(lab))
    with st.container(border=True, height=118, key="conclusions", gap="xsmall"):
        found = conclusions(lab.evaluations, lab.dataset.schema) if lab.finished else ()
        for sentence in found:
            st.text(sentence)
        st.caption(HOW if found else WAITING)
        if found:
            st.page_link(SURFACES, label="The loss around these runs", icon=":material/landscape:")
    for letter, run in lab.runs.items():
        if run.message:
            st.warning(f"Run {letter} stopped itself. {run.message}", icon=":material/warning:")
