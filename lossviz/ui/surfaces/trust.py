"""Can I trust this picture? What it leaves out, and what another one would have shown."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lossviz.experiments.surfaces.plan import OTHERS
from lossviz.experiments.surfaces.words import (
    SHARPNESS_COLUMNS,
    WALK,
    doubts,
    sharpness_cells,
    sharpness_words,
)
from lossviz.experiments.words import listed
from lossviz.figures import Chart
from lossviz.figures.surfaces.trust import other_planes, other_seeds, walk, whole
from lossviz.ui.parts.chart import draw
from lossviz.ui.parts.controls import tied_to_look
from lossviz.ui.parts.tables import HEAD, ROW
from lossviz.ui.state.bench import SurfacesBench
from lossviz.ui.state.session import Session

THUMBNAIL, BAND, SAID = 240, 300, 190


def doubts_panel(bench: SurfacesBench) -> None:
    """Open until the reader closes it."""
    with st.expander(
        "Can I trust this picture?",
        icon=":material/help:",
        **tied_to_look(bench, "doubts", "relief-doubts"),
    ):
        _doubts(bench)
        with st.grid(OTHERS, min_column_width=260, gap="small"):
            for k in range(OTHERS):
                draw(None, key=f"relief-plane-{k}", height=THUMBNAIL)
        draw(None, key="relief-seeds", height=BAND)


def _doubts(bench: SurfacesBench) -> None:
    plan = bench.campaign.plan
    first = next(iter(bench.campaign.pictures.surfaces.values()), None)
    sharp = next(iter(bench.campaign.pictures.sharpness.values()), None)
    if first is None or first.slice is None:
        st.skeleton(height=SAID)
        return
    name = plan.runs[0].name
    below = (
        f"for {name}: the loss on {OTHERS} other random planes, and along one random line for the "
        f"same experiment started from {OTHERS} other seeds.{_seeds(bench)}"
    )
    known = doubts(name, first.slice, sharp.weights if sharp else 0)
    for head, rest in (*known, ("Below,", below)):
        st.markdown(f"**{head}** {rest}")


def _seeds(bench: SurfacesBench) -> str:
    seeds = bench.campaign.pictures.seeds
    if len(seeds) <= OTHERS:
        return ""
    ends = [float(seed.at(seed.trained_at)[0, len(seed.x) // 2]) for seed in seeds.values()]
    return f" Their training losses end between {min(ends):.3g} and {max(ends):.3g}."


def doubt_charts(session: Session, bench: SurfacesBench) -> dict[str, Chart]:
    """Those that show something else than before."""
    surfaces = bench.campaign
    charts: dict[str, Chart] = {}
    if not surfaces.plan.runs or not bench.look.doubts:
        return {}
    name = surfaces.plan.runs[0].name
    planes = whole(surfaces.pictures.planes)
    if planes and session.view.changed("relief-planes", (id(surfaces.plan), tuple(planes))):
        drawn = enumerate(other_planes(name, planes))
        charts |= {f"relief-plane-{k}": chart for k, chart in drawn}
    seeds = list(surfaces.pictures.seeds.values())
    if len(seeds) > 1 and session.view.changed("relief-seeds", (id(surfaces.plan), len(seeds))):
        charts["relief-seeds"] = other_seeds(name, seeds)
    return charts


HEIGHT = 340


def between_runs(bench: SurfacesBench) -> None:
    """The straight way from each run to the next, under each of their losses."""
    runs = bench.campaign.plan.runs[:3]
    if len(runs) < 2:
        return
    names = [run.name for run in runs]
    st.subheader(f"On the straight way between {listed(names)}", anchor=False)
    st.caption(WALK)
    draw(None, key="relief-walk", height=HEIGHT)


def walk_charts(session: Session, bench: SurfacesBench) -> dict[str, Chart]:
    """The chart, where it shows something else than before."""
    lines = bench.campaign.pictures.walk
    if not lines or not session.view.changed("relief-walk", (id(bench.campaign.plan), len(lines))):
        return {}
    return {"relief-walk": walk(lines)}


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
        key="relief-sharpness",
        alt="For each run its training loss, the largest eigenvalue of the Hessian and its trace",
    )
    st.caption(sharpness_words(next(iter(sharpnesses.values()))))
