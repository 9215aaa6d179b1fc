"""Trainings as a page shows them: start and stop, and how far they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from lossviz.compute.campaign import Campaign
from lossviz.compute.lab import Lab
from lossviz.figures import Chart
from lossviz.ui.parts.chart import feed
from lossviz.ui.parts.polling import poll
from lossviz.ui.parts.words import duration

Trainings = Campaign[Any, Any, Any]
OUTDATED = "The pictures show what was trained before; the next start trains as chosen."
UNFINISHED = "The pictures show what there is. Train the others, and it is said here."

PACE = 0.5
"""Seconds between two updates; results come about as often."""


def watch(
    campaign: Trainings, say: Callable[[], None], charts: Callable[[], dict[str, Chart]]
) -> None:
    """Train while there is something to train, and show what there is so far.

    :param say: what stands above the progress.
    :param charts: those that show something else than before.
    """

    def step() -> bool:
        campaign.tick()
        say()
        progress(campaign)
        return feed(charts(), busy=campaign.busy)

    poll(lambda: PACE if campaign.busy else None, step)


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
    state = f"{campaign.done:,} of {campaign.total:,} {campaign.unit}"
    if campaign.busy:
        left = campaign.seconds_left
        state += ", starting" if left is None else f", about {duration(left)} left"
    elif campaign.stopped:
        state += "; stopped, and kept"
    st.progress(campaign.done / max(campaign.total, 1), text=state)
    if campaign.notice:
        st.info(campaign.notice, icon=":material/info:")


def steps_progress(lab: Lab, words: str) -> None:
    """How far the runs of a lab are.

    :param words: with ``{steps}`` where it is said how many of how many.
    """
    done = min((run.step for run in lab.runs.values()), default=0)
    total = max((run.total_steps for run in lab.runs.values()), default=0)
    text = words.format(steps=f"{done:,} of {total:,} steps")
    st.progress(min(done / max(total, 1), 1.0), text=text)
