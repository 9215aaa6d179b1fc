"""The controls of the Surfaces page: which plane, how finely, and how it is looked at."""

from __future__ import annotations

from functools import partial
from typing import get_args

import streamlit as st

from lossviz.compute.lab import Lab
from lossviz.experiments.surfaces.npz import to_npz
from lossviz.experiments.surfaces.plan import RESOLUTIONS
from lossviz.experiments.surfaces.planes import PLANES
from lossviz.figures import Scale
from lossviz.ui.parts.controls import download, tied, tied_to_look
from lossviz.ui.parts.surface_explorer import VIEWS
from lossviz.ui.state.bench import SurfacesBench

ONE_SCALE = (
    "One scale of height and colour for all pictures. On a logarithmic one small losses can be "
    "told apart."
)


def surface_controls(bench: SurfacesBench, lab: Lab) -> None:
    """What is drawn, and from where it is seen."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="surfaces-controls"):
        _drawn(bench)
        st.segmented_control(
            "Seen",
            list(VIEWS),
            **tied_to_look(bench, "view", "surfaces-view"),
            format_func=VIEWS.__getitem__,
            required=True,
        )
        st.segmented_control(
            "Height",
            get_args(Scale),
            **tied_to_look(bench, "scale", "surfaces-scale"),
            required=True,
            help=ONE_SCALE,
        )
        _stop_or_go_on(bench, lab)
    st.caption(PLANES[bench.campaign.chosen.plane].shows)


def _drawn(bench: SurfacesBench) -> None:
    """The plane, and how many points."""
    chosen = bench.campaign.chosen
    st.selectbox(
        "Plane",
        list(PLANES),
        **tied("surfaces-plane", chosen.plane, lambda plane: bench.choose(plane=plane)),
        format_func=lambda plane: PLANES[plane].title,
        width=230,
        help="A model has thousands of weights; a picture shows two directions among them.",
    )
    st.selectbox(
        "Points",
        RESOLUTIONS,
        **tied(
            "surfaces-resolution",
            chosen.resolution,
            lambda resolution: bench.choose(resolution=resolution),
        ),
        format_func=lambda points: f"{points} × {points}",
        width=110,
    )
    if PLANES[chosen.plane].random:
        _another(bench)


def _another(bench: SurfacesBench) -> None:
    seed = bench.campaign.chosen.seed
    st.button(
        "Another plane",
        icon=":material/casino:",
        key="surfaces-seed",
        on_click=lambda: bench.choose(seed=seed + 1),
        help=f"Two other random directions. This is plane {seed}.",
    )


def _stop_or_go_on(bench: SurfacesBench, lab: Lab) -> None:
    surfaces = bench.campaign
    if surfaces.busy:
        st.button("Stop", icon=":material/stop:", key="surfaces-stop", on_click=surfaces.stop)
    elif surfaces.stopped and not surfaces.complete and not lab.training:
        st.button(
            "Go on", icon=":material/play_arrow:", key="surfaces-go-on", on_click=surfaces.start
        )


def surface_downloads(bench: SurfacesBench, lab: Lab) -> None:
    """A file for each run: the grids, the path, and the experiment that gives them again."""
    surfaces = bench.campaign
    if not surfaces.drawn or lab.training:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="surfaces-downloads"):
        st.markdown("**Take it along:**", width="content")
        for run in surfaces.plan.runs:
            surface = surfaces.pictures.surfaces.get(run.name)
            if surface is None:
                continue
            download(
                f"{run.name} as .npz",
                partial(to_npz, surface, run.experiment, lab.dataset.schema, run.name),
                f"surface-{run.name}-{surfaces.plan.plane}.npz",
                key=f"surfaces-npz-{run.name}",
                help="Arrays for numpy: x, y, one grid for each part, the path, and the experiment "
                "as JSON. Pictures are behind PNG and SVG above each chart.",
            )
