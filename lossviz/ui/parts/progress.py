"""Trainings as a page shows them: start and stop, and how far they are."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import streamlit as st

from lossviz.compute.campaign import Campaign
from lossviz.compute.lab import Lab
from lossviz.figures import Chart
from lossviz.figures.base.wall import Wall
from lossviz.ui.parts.follow import follow, outdated
from lossviz.ui.parts.words import duration
from lossviz.ui.state.session import this_session

Trainings = Campaign[Any, Any, Any]
OUTDATED = "The pictures show what was trained before; the next start trains as chosen."
UNFINISHED = "The pictures show what there is. Train the others, and it is said here."


def watch(
    campaign: Trainings, say: Callable[[], None], charts: Callable[[Wall], dict[str, Chart]]
) -> None:
    """Train while there is something to train, and show what there is so far.

    :param say: what stands above the progress.
    :param charts: those that show something else than what hangs on a wall.
    """
    channel, wall = this_session().channel, Wall()
    channel.show("campaign", lambda: charts(Wall()))
    charts(wall)

    def look() -> Hashable:
        state = state_of(campaign)
        channel.tell(charts(wall))
        return state

    def draw() -> None:
        say()
        progress(campaign)

    outdated("campaign-busy", lambda: campaign.busy)
    follow("campaign", look, draw)


def start_or_stop(
    campaign: Trainings, key: str, label: str, *, explained: str, on_start: Callable[[], None]
) -> None:
    """The button that trains what is chosen, or what is missing of it, or stops.

    :param label: where nothing of what is chosen is trained yet.
    """
    if campaign.busy:
        stop = campaign.stop
        st.button("Stop", icon=":material/stop:", key=f"{key}-stop", on_click=stop, width=260)
        return
    same = campaign.chosen == campaign.plan
    missing = campaign.total - campaign.done
    if same and campaign.done:
        label = f"Train the other {missing:,}" if missing else "Trained"
    st.button(
        label,
        type="primary",
        icon=":material/play_arrow:",
        key=f"{key}-start",
        on_click=on_start,
        disabled=same and not missing,
        help=explained,
        width=260,
    )


def progress(campaign: Trainings) -> None:
    """How much is there, how long the others take, and what there is to say."""
    state = f"{campaign.done:,} of {campaign.total:,} {campaign.unit}{left_words(campaign)}"
    st.progress(campaign.done / max(campaign.total, 1), text=state)
    if campaign.notice:
        st.info(campaign.notice, icon=":material/info:")


def state_of(campaign: Trainings) -> Hashable:
    """What is said of how far it is, after it has gone on."""
    campaign.tick()
    return campaign.done, campaign.notice, left_words(campaign)


def left_words(campaign: Trainings) -> str:
    """How long it takes still, as the end of a sentence."""
    if not campaign.busy:
        return "; stopped, and kept" if campaign.stopped else ""
    left = campaign.seconds_left
    return ", starting" if left is None else f", about {duration(left)} left"


def steps_done(lab: Lab) -> Hashable:
    """How far the runs of a lab are; never in smaller steps than can be seen."""
    done, total = _steps(lab)
    return lab.training, total, done * 100 // max(total, 1)


def steps_progress(lab: Lab, words: str) -> None:
    """How far the runs of a lab are.

    :param words: with ``{steps}`` where it is said how many of how many.
    """
    done, total = _steps(lab)
    text = words.format(steps=f"{done:,} of {total:,} steps")
    st.progress(min(done / max(total, 1), 1.0), text=text)


def _steps(lab: Lab) -> tuple[int, int]:
    """Of the run that is furthest behind, and of the longest."""
    done = min((run.step for run in lab.runs.values()), default=0)
    return done, max((run.total_steps for run in lab.runs.values()), default=0)
