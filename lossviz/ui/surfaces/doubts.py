"""Can I trust this picture? What it leaves out, and what another one would have shown."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lossviz.figures import Chart, loss_surface, seed_band, surface_top
from lossviz.surface_plan import OTHERS
from lossviz.ui.chart import draw
from lossviz.ui.state import Relief, State
from lossviz.wording import percent

THUMBNAIL, BAND, SAID = 240, 300, 190


def doubts_panel(relief: Relief) -> None:
    """Open until the reader closes it."""

    def remember() -> None:
        relief.doubts = bool(st.session_state["relief-doubts"])

    st.session_state["relief-doubts"] = relief.doubts
    with st.expander(
        "Can I trust this picture?",
        icon=":material/help:",
        key="relief-doubts",
        on_change=remember,
    ):
        _doubts(relief)
        with st.grid(OTHERS, min_column_width=260, gap="small"):
            for k in range(OTHERS):
                draw(None, key=f"relief-plane-{k}", height=THUMBNAIL)
        draw(None, key="relief-seeds", height=BAND)


def _doubts(relief: Relief) -> None:
    plan = relief.surfaces.plan
    first = next(iter(relief.surfaces.surfaces.values()), None)
    sharp = next(iter(relief.surfaces.sharpness.values()), None)
    if first is None or first.slice is None:
        st.skeleton(height=SAID)
        return
    about = first.slice
    said = [f"**It is a slice.** {_slice(sharp.weights if sharp else 0)}"]
    if about.explained:
        along, across = about.explained
        said.append(
            f"**Of {plan.runs[0].name}'s path** {percent(along)} of the variance lies along x and "
            f"{percent(across)} along y; {percent(max(0.0, 1.0 - along - across))} is not seen. "
            "Two components hold most of the variance of any path, even of a random one (Antognini "
            "and Sohl-Dickstein 2018), so a high share alone proves little."
        )
    every = "all" if about.rows == about.of else f"{about.rows:,} of the"
    said.append(
        f"**The loss** is the mean over {every} {about.of:,} training texts"
        + ("" if about.rows == about.of else f", drawn with seed {about.seed}")
        + ", without weight decay. It is not the error on held-out texts: a low and flat place "
        "need not be a good one."
    )
    said.append(
        f"**Below**, for {plan.runs[0].name}: the loss on {OTHERS} other random planes, and along "
        f"one random line for the same experiment started from {OTHERS} other seeds."
        + _seeds(relief)
    )
    for sentence in said:
        st.markdown(sentence)


def _slice(weights: int) -> str:
    among = f"{weights:,} directions" if weights else "thousands of directions"
    return (
        f"Two of {among} are seen. What looks like a bowl can have a way out that leaves the "
        "plane, and what looks like two valleys can be one."
    )


def _seeds(relief: Relief) -> str:
    seeds = relief.surfaces.seeds
    if len(seeds) <= OTHERS:
        return ""
    ends = [float(own.at(own.trained_at)[0, len(own.x) // 2]) for own in seeds.values()]
    return f" Their training losses end between {min(ends):.3g} and {max(ends):.3g}."


def doubt_charts(own: State, relief: Relief) -> dict[str, Chart]:
    """Those that show something else than before."""
    surfaces, made = relief.surfaces, {}
    if not surfaces.plan.runs or not relief.doubts:
        return {}
    name = surfaces.plan.runs[0].name
    planes = {seed: one for seed, one in surfaces.planes.items() if not np.isnan(one.grids).any()}
    if planes and own.view.changed("relief-planes", (id(surfaces.plan), tuple(planes))):
        weights = next(iter(planes.values())).trained_at
        top = surface_top(planes.values(), weights)
        for k, (seed, one) in enumerate(planes.items()):
            assert one.slice is not None
            made[f"relief-plane-{k}"] = loss_surface(
                one,
                weights,
                title=f"{name}, random plane {seed}: loss",
                axes=one.slice.axes,
                view="contour",
                top=top,
            )
    seeds = list(surfaces.seeds.items())
    if len(seeds) > 1 and own.view.changed("relief-seeds", (id(surfaces.plan), len(seeds))):
        (_, first), *others = seeds
        made["relief-seeds"] = seed_band(
            (name, first),
            [one for _, one in others],
            first.trained_at,
            title=f"{name} and the same experiment from other seeds: loss along a random line",
        )
    return made
