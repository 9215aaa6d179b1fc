"""The controls of the Surfaces page: which plane, how finely, and how it is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from lossviz.compute.lab import Lab
from lossviz.experiments.surfaces.npz import to_npz
from lossviz.experiments.surfaces.plan import RESOLUTIONS
from lossviz.experiments.surfaces.planes import PLANES
from lossviz.ui.parts.controls import download
from lossviz.ui.state.bench import SurfacesBench

VIEWS = {"3d": "3D", "contour": "from above"}
SCALES = {"linear": "linear", "log": "log"}
ONE_SCALE = (
    "One scale of height and colour for all pictures. On a logarithmic one small losses can be "
    "told apart."
)


def surface_controls(bench: SurfacesBench, lab: Lab) -> None:
    """What is drawn, and from where it is seen."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="relief-controls"):
        _plane(bench)
        _resolution(bench)
        if PLANES[bench.campaign.chosen.plane].random:
            _another(bench)
        _segments(bench, "view", "Seen", VIEWS)
        _segments(bench, "scale", "Height", SCALES, ONE_SCALE)
        _stop_or_go_on(bench, lab)
    st.caption(PLANES[bench.campaign.chosen.plane].shows)


def _plane(bench: SurfacesBench) -> None:
    def choose() -> None:
        bench.choose(plane=st.session_state["relief-plane"])

    st.session_state["relief-plane"] = bench.campaign.chosen.plane
    st.selectbox(
        "Plane",
        list(PLANES),
        format_func=lambda key: PLANES[key].title,
        key="relief-plane",
        on_change=choose,
        width=230,
        help="A model has thousands of weights; a picture shows two directions among them.",
    )


def _resolution(bench: SurfacesBench) -> None:
    def choose() -> None:
        bench.choose(resolution=st.session_state["relief-resolution"])

    st.session_state["relief-resolution"] = bench.campaign.chosen.resolution
    st.selectbox(
        "Points",
        RESOLUTIONS,
        format_func=lambda points: f"{points} × {points}",
        key="relief-resolution",
        on_change=choose,
        width=110,
    )


def _another(bench: SurfacesBench) -> None:
    seed = bench.campaign.chosen.seed
    st.button(
        "Another plane",
        icon=":material/casino:",
        key="relief-seed",
        on_click=lambda: bench.choose(seed=seed + 1),
        help=f"Two other random directions. This is plane {seed}.",
    )


def _segments(
    bench: SurfacesBench,
    field: str,
    label: str,
    names: Mapping[str, str],
    explained: str | None = None,
) -> None:
    key = f"relief-{field}"

    def choose() -> None:
        bench.change(**{field: st.session_state[key]})

    st.session_state[key] = getattr(bench.look, field)
    st.segmented_control(
        label,
        list(names),
        format_func=names.__getitem__,
        key=key,
        required=True,
        on_change=choose,
        help=explained,
    )


def _stop_or_go_on(bench: SurfacesBench, lab: Lab) -> None:
    surfaces = bench.campaign
    if surfaces.busy:
        st.button("Stop", icon=":material/stop:", key="relief-stop", on_click=surfaces.stop)
    elif surfaces.stopped and not surfaces.complete and not lab.training:
        st.button(
            "Go on", icon=":material/play_arrow:", key="relief-go-on", on_click=surfaces.start
        )


def surface_downloads(bench: SurfacesBench, lab: Lab) -> None:
    """A file for each run: the grids, the path, and the experiment that gives them again."""
    surfaces = bench.campaign
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
