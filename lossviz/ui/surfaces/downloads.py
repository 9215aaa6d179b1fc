"""Surfaces to take along."""

from __future__ import annotations

from functools import partial

import streamlit as st

from lossviz.lab import Lab
from lossviz.surface_file import to_npz
from lossviz.ui.state import Relief


def surface_downloads(relief: Relief, lab: Lab) -> None:
    """A file for each run: the grids, the path, and the experiment that gives them again."""
    surfaces = relief.surfaces
    if not surfaces.drawn or lab.training:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="relief-downloads"):
        st.markdown("**Take it along:**", width="content")
        for run in surfaces.plan.runs:
            surface = surfaces.surfaces.get(run.name)
            if surface is None:
                continue
            st.download_button(
                f"{run.name} as .npz",
                partial(to_npz, surface, run.experiment, lab.dataset.schema, run.name),
                file_name=f"surface-{run.name}-{surfaces.plan.plane}.npz",
                mime="application/octet-stream",
                key=f"relief-npz-{run.name}",
                icon=":material/download:",
                on_click="ignore",
                help="Arrays for numpy: x, y, one grid for each part, the path, and the experiment "
                "as JSON. Pictures are behind PNG and SVG above each chart.",
            )
