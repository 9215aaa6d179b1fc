"""The live part of the Surfaces page: the pictures, and what follows from them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import streamlit as st

from lossviz.compute.lab import Lab
from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.surfaces.words import movable, trained_words
from lossviz.experiments.weights import Weights
from lossviz.experiments.words import listed
from lossviz.figures.base.wall import Wall
from lossviz.figures.surfaces.explorer import title_of
from lossviz.ui.parts.follow import follow, outdated
from lossviz.ui.parts.progress import gone_on, progress, steps_progress
from lossviz.ui.state.bench import SurfacesBench
from lossviz.ui.state.session import Session
from lossviz.ui.surfaces.pictures import keep_up, labelled, mixed, shown, weights_shown
from lossviz.ui.surfaces.trust import charts, sharpness_table

HEIGHT = 400


def nothing_trained(lab: Lab) -> bool:
    """Whether there is no run to look at; then the page says so, and how to get one."""
    if lab.training or any(run.step for run in lab.runs.values()):
        return False
    with st.container(border=True, key="surfaces-empty"):
        st.markdown(
            f"**Nothing is trained yet.** One press trains {listed(list(lab.runs))}, and a coarse "
            "surface of each follows while it learns. Then the loss around every solution is drawn "
            "here, with the way the training took."
        )
        st.button(
            f"Train {listed(list(lab.runs))}",
            type="primary",
            icon=":material/play_arrow:",
            key="surfaces-train",
            on_click=lab.play,
        )
    st.skeleton(height=HEIGHT)
    return True


def live_surfaces(session: Session, bench: SurfacesBench) -> None:
    """Train or draw while there is something to do, and show what there is."""
    lab, channel, wall = session.lab, session.channel, Wall()
    channel.attend(lab, surfaces=True)
    channel.show("surfaces", lambda: charts(bench, Wall()))
    charts(bench, wall)

    def look() -> Hashable:
        keep_up(bench, lab)
        state = gone_on(bench.campaign)
        channel.tell(charts(bench, wall))
        # Coarse surfaces follow by themselves, under the same words.
        version = None if lab.training else bench.campaign.version
        return state, version, labelled(shown(bench, lab))

    def draw() -> None:
        _status(bench, lab)
        _explorer(bench, lab, shown(bench, lab))
        sharpness_table(bench)
        session.visit.follow()

    outdated("surfaces-busy", lambda: (lab.busy, bench.campaign.busy))
    follow("surfaces", look, draw)


def _status(bench: SurfacesBench, lab: Lab) -> None:
    if lab.training:
        steps_progress(lab, "Training, {steps}; coarse surfaces around where each run stands")
        return
    progress(bench.campaign, "surfaces")
    for sentence in dict.fromkeys(
        text for key, text in bench.campaign.pictures.problems.items() if key[0] == "surface"
    ):
        st.info(sentence, icon=":material/info:")
    diverged = [letter for letter, run in lab.runs.items() if run.state == "diverged"]
    if diverged:
        st.info(
            f"{listed(diverged)} diverged, so there is no solution to look around. The Train page "
            "says at which step, and what to try.",
            icon=":material/info:",
        )


def _explorer(bench: SurfacesBench, lab: Lab, pictures: Mapping[str, Surface]) -> None:
    if not pictures:
        if lab.training or bench.campaign.busy:
            st.skeleton(height=HEIGHT + 92)
        return
    titled = {letter: (title_of(letter, picture), picture) for letter, picture in pictures.items()}
    mixed(bench, lab, titled, key="page", height=HEIGHT)
    _trained_at(bench, lab, pictures)


def _trained_at(bench: SurfacesBench, lab: Lab, pictures: Mapping[str, Surface]) -> None:
    """What the pictures are not, and a press that makes them so."""
    experiments = {letter: run.experiment for letter, run in lab.runs.items()}
    words = trained_words(experiments, pictures)
    now, acting = weights_shown(bench), movable(experiments, pictures)
    if not acting:
        st.caption(words)
        return
    others = [
        letter
        for letter, positions in acting.items()
        if any(abs(pictures[letter].trained_at[k] - now[k]) > 1e-6 for k in positions)
    ]
    with st.container(horizontal=True, vertical_alignment="center", key="surfaces-trained"):
        st.caption(words, width="stretch")
        st.button(
            f"Retrain {listed(others)} at these" if others else "Retrain at these",
            icon=":material/replay:",
            key="surfaces-retrain",
            disabled=not others or lab.training,
            on_click=_retrain,
            args=(lab, tuple(others), now),
            help="From the start, with the weights that the sliders stand at.",
        )


def _retrain(lab: Lab, letters: tuple[str, ...], weights: Weights) -> None:
    for letter in letters:
        lab.put(letter, weights.weigh(lab.runs[letter].experiment))
    lab.play()
