"""The controls of the Surfaces page: which plane, how finely, and how it is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from lossviz.compute.lab import Lab
from lossviz.experiments.surfaces.npz import to_npz
from lossviz.experiments.surfaces.plan import RESOLUTIONS
from lossviz.experiments.surfaces.planes import PLANES
from lossviz.ui.parts.controls import download
from lossviz.ui.state.session import Relief

VIEWS = {"3d": "3D", "contour": "from above"}
SCALES = {"linear": "linear", "log": "log"}
ONE_SCALE = (
    "One scale of height and colour for all pictures. On a logarithmic one small losses can be "
    "told apart."
)


def relief_controls(relief: Relief, lab: Lab) -> None:
    """What is drawn, and from where it is seen."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="relief-controls"):
        _plane(relief)
        _resolution(relief)
        if PLANES[relief.surfaces.chosen.plane].random:
            _another(relief)
        _segments(relief, "view", "Seen", VIEWS)
        _segments(relief, "scale", "Height", SCALES, ONE_SCALE)
        _stop_or_go_on(relief, lab)
    st.caption(PLANES[relief.surfaces.chosen.plane].shows)


def _choose(relief: Relief, **fields: Any) -> None:
    """The page draws it when it runs."""
    relief.surfaces.chosen = replace(relief.surfaces.chosen, **fields)


def _plane(relief: Relief) -> None:
    def choose() -> None:
        _choose(relief, plane=st.session_state["relief-plane"])

    st.session_state["relief-plane"] = relief.surfaces.chosen.plane
    st.selectbox(
        "Plane",
        list(PLANES),
        format_func=lambda key: PLANES[key].title,
        key="relief-plane",
        on_change=choose,
        width=230,
        help="A model has thousands of weights; a picture shows two directions among them.",
    )


def _resolution(relief: Relief) -> None:
    def choose() -> None:
        _choose(relief, resolution=st.session_state["relief-resolution"])

    st.session_state["relief-resolution"] = relief.surfaces.chosen.resolution
    st.selectbox(
        "Points",
        RESOLUTIONS,
        format_func=lambda points: f"{points} × {points}",
        key="relief-resolution",
        on_change=choose,
        width=110,
    )


def _another(relief: Relief) -> None:
    seed = relief.surfaces.chosen.seed
    st.button(
        "Another plane",
        icon=":material/casino:",
        key="relief-seed",
        on_click=lambda: _choose(relief, seed=seed + 1),
        help=f"Two other random directions. This is plane {seed}.",
    )


def _segments(
    relief: Relief, field: str, label: str, names: Mapping[str, str], explained: str | None = None
) -> None:
    key = f"relief-{field}"

    def choose() -> None:
        setattr(relief, field, st.session_state[key])

    st.session_state[key] = getattr(relief, field)
    st.segmented_control(
        label,
        list(names),
        format_func=names.__getitem__,
        key=key,
        required=True,
        on_change=choose,
        help=explained,
    )


def _stop_or_go_on(relief: Relief, lab: Lab) -> None:
    surfaces = relief.surfaces
    if surfaces.busy:
        st.button("Stop", icon=":material/stop:", key="relief-stop", on_click=surfaces.stop)
    elif surfaces.stopped and not surfaces.complete and not lab.training:
        st.button(
            "Go on", icon=":material/play_arrow:", key="relief-go-on", on_click=surfaces.start
        )


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
            download(
                f"{run.name} as .npz",
                partial(to_npz, surface, run.experiment, lab.dataset.schema, run.name),
                f"surface-{run.name}-{surfaces.plan.plane}.npz",
                key=f"relief-npz-{run.name}",
                help="Arrays for numpy: x, y, one grid for each part, the path, and the experiment "
                "as JSON. Pictures are behind PNG and SVG above each chart.",
            )
