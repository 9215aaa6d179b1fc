"""Can I trust this picture? What it leaves out, and what another one would have shown."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lossviz.experiments.surfaces.words import (
    SHARPNESS_COLUMNS,
    doubts,
    sharpness_cells,
    sharpness_words,
)
from lossviz.figures import Chart
from lossviz.figures.base.exhibit import Exhibit
from lossviz.figures.base.wall import Wall
from lossviz.figures.exhibits import EXHIBITS, SURFACES, placed
from lossviz.figures.surfaces.shown import ShownSurfaces
from lossviz.ui.parts.controls import tied_to_look
from lossviz.ui.parts.exhibits import lay_out
from lossviz.ui.parts.tables import HEAD, ROW
from lossviz.ui.state.bench import SurfacesBench

SAID = 190
WALK: Exhibit[ShownSurfaces] = EXHIBITS["walk"]
DOUBTED = [exhibit for exhibit in placed(SURFACES, ShownSurfaces) if exhibit is not WALK]


def doubts_panel(bench: SurfacesBench) -> None:
    """Open until the reader closes it."""
    with st.expander(
        "Can I trust this picture?",
        icon=":material/help:",
        **tied_to_look(bench, "doubts", "surfaces-doubts"),
    ):
        _doubts(bench)
        lay_out(DOUBTED, shown_surfaces(bench), {})


def _doubts(bench: SurfacesBench) -> None:
    first = next(iter(bench.campaign.pictures.surfaces.values()), None)
    sharp = next(iter(bench.campaign.pictures.sharpness.values()), None)
    if first is None:
        st.skeleton(height=SAID)
        return
    name = bench.campaign.plan.runs[0].name
    for head, rest in doubts(name, first, sharp.weights if sharp else 0):
        st.markdown(f"**{head}** {rest}")


def between_runs(bench: SurfacesBench) -> None:
    """The straight way from each run to the next, under each of their losses."""
    if len(bench.campaign.plan.runs) > 1:
        st.subheader(WALK.title, anchor=False)
        lay_out([WALK], shown_surfaces(bench), {})


def shown_surfaces(bench: SurfacesBench) -> ShownSurfaces:
    """What there is besides the surfaces, as its charts show it."""
    return ShownSurfaces(bench.campaign.plan, bench.campaign.pictures)


def charts(bench: SurfacesBench, wall: Wall) -> dict[str, Chart]:
    """Every chart that shows something else than what hangs there; what is closed is drawn once
    it opens."""
    doubted = DOUBTED if bench.look.doubts else []
    return wall.news([*doubted, WALK], shown_surfaces(bench))


def sharpness_table(bench: SurfacesBench) -> None:
    """One row for each run."""
    sharpnesses = bench.campaign.pictures.sharpness
    runs = bench.campaign.plan.runs
    if not runs:
        return
    st.subheader("How sharp is each solution?", anchor=False)
    height = HEAD + ROW * len(runs)
    if not sharpnesses:
        st.skeleton(height=height)
        return
    columns = ("run", *SHARPNESS_COLUMNS)
    rows = [
        (
            f"{run.name} {run.experiment.formulation}",
            *sharpness_cells(sharpness),
            f"{sharpness.weights:,}",
        )
        for run in runs
        if (sharpness := sharpnesses.get(run.name))
    ]
    st.dataframe(
        pd.DataFrame(rows, columns=list(columns)),
        hide_index=True,
        height=height,
        key="surfaces-sharpness",
        alt="For each run its training loss, the largest eigenvalue of the Hessian over training "
        "texts and over held-out ones, and its trace",
    )
    st.caption(sharpness_words(next(iter(sharpnesses.values()))))
