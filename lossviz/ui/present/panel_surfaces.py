"""The panel of loss surfaces: one run's at a time, with α and β to drag."""

from __future__ import annotations

import streamlit as st

from lossviz.compute.lab import Lab
from lossviz.experiments.words import listed
from lossviz.figures.base.palette import MARKERS
from lossviz.losses.objectives import OBJECTIVES
from lossviz.ui.parts.progress import progress
from lossviz.ui.present.panel import CHART_HEIGHT, Aspect, Offer, Panel
from lossviz.ui.state.session import Session
from lossviz.ui.surfaces.pictures import keep_up, mixed, shown, surfaces_of

NOTE = (
    "Drag α and β: the same solutions, mixed anew. Turn it with the mouse. Two directions of "
    "thousands are seen; what looks like a bowl may have a way out."
)


def surfaces_panel(session: Session) -> Panel:
    """The loss around what each run found."""
    lab = session.lab
    runs = tuple(
        Aspect(letter, f"{MARKERS[letter]} {letter} {run.experiment.formulation}")
        for letter, run in lab.runs.items()
        if run.state != "diverged"
    )

    def offer() -> Offer | None:
        if lab.training or lab.started:
            return None
        who = listed(list(lab.runs))
        return Offer(
            f"Nothing is trained yet. One press trains {who}, and draws the loss around each.",
            f"Train {who}",
            lab.play,
        )

    heading = "The loss around a solution"
    return Panel(
        "surfaces", "surfaces", heading, NOTE, lambda run: _show(session, run), runs, offer
    )


def draw_surfaces(session: Session) -> None:
    """Have the surfaces of the runs drawn, as they stand; while they train, coarse ones."""
    surfaces = surfaces_of(session)
    keep_up(surfaces, session.lab)
    surfaces.campaign.tick()


def _show(session: Session, letter: str) -> None:
    surfaces, lab = surfaces_of(session), session.lab
    draw_surfaces(session)
    picture = shown(surfaces, lab).get(letter)
    if picture is None or picture.slice is None:
        st.skeleton(height=CHART_HEIGHT)
        if surfaces.campaign.busy:
            progress(surfaces.campaign, "surfaces")
        return
    titled = {letter: (_title(lab, letter), picture)}
    mixed(surfaces, lab, titled, key=f"present-{letter}", height=CHART_HEIGHT)


def _title(lab: Lab, letter: str) -> str:
    formulation = lab.runs[letter].experiment.formulation
    moved = "" if OBJECTIVES[formulation].weighted else "; it has no weights to move"
    return f"{MARKERS[letter]} {letter} {formulation}: loss around its weights{moved}"
