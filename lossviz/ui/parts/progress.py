"""Trainings as a page shows them: start and stop, and how far they are."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import streamlit as st

from lossviz.compute.campaign import Campaign
from lossviz.compute.cluster import COMPUTE
from lossviz.compute.lab import Lab
from lossviz.experiments.words import count
from lossviz.figures import Chart
from lossviz.figures.base.wall import Wall
from lossviz.ui.parts.chart import mounted
from lossviz.ui.parts.follow import bind, follow, outdated
from lossviz.ui.parts.words import duration
from lossviz.ui.state.session import this_session

Trainings = Campaign[Any, Any, Any]
OUTDATED = "The pictures show what was trained before; the next start trains as chosen."
UNFINISHED = "The pictures show what there is. Train the others, and it is said here."

_bar = st.components.v2.component(
    "lossviz.progress",
    js=mounted("progress.js"),
    html='<div class="lv-progress"><p></p><div role="progressbar" aria-label="Progress" '
    'aria-valuemin="0" aria-valuemax="100"><div></div></div></div>',
    isolate_styles=False,
)


def watch(
    campaign: Trainings,
    words: Callable[[], Hashable],
    say: Callable[[], None],
    charts: Callable[[Wall], dict[str, Chart]],
) -> None:
    """Train while there is something to train, and show what there is so far.

    :param words: what there is to say.
    :param say: says it above the progress.
    :param charts: those that show something else than what hangs on a wall.
    """
    channel, wall = this_session().channel, Wall()
    channel.show("campaign", lambda: charts(Wall()))
    charts(wall)

    def look() -> Hashable:
        state = gone_on(campaign, words)
        channel.tell(charts(wall))
        return state

    def draw() -> None:
        say()
        progress(campaign, "campaign")

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


def bar(name: str, look: Callable[[], tuple[float | None, str]]) -> None:
    """How far something is: it goes on by itself.

    :param name: of what goes on; of each there is one on a page.
    :param look: the share that is done, None where nobody knows it; and what is said of it.
    """

    def now() -> dict[str, Any]:
        share, text = look()
        return {"share": share, "text": text}

    topic = f"progress/{name}"
    _bar(data={"topic": topic, "now": bind(topic, now)}, key=f"progress-{name}")


def progress(campaign: Trainings, name: str) -> None:
    """How much is there, how long the others take, and what there is to say.

    :param name: of what goes on, see :func:`bar`.
    """

    def look() -> tuple[float, str]:
        state = f"{campaign.done:,} of {campaign.total:,} {campaign.unit}{_left_words(campaign)}"
        return campaign.done / max(campaign.total, 1), state

    bar(name, look)
    if campaign.notice:
        st.info(campaign.notice, icon=":material/info:")


def gone_on(campaign: Trainings, words: Callable[[], Hashable] = lambda: None) -> Hashable:
    """Let it go on; another value where there is something else to be said than how far it is.

    :param words: what there is to say of what is there.
    """
    campaign.tick()
    return campaign.busy, campaign.notice, campaign.latest("words", words)


def _left_words(campaign: Trainings) -> str:
    """How long it takes still, as the end of a sentence."""
    if not campaign.busy:
        return "; stopped, and kept" if campaign.stopped else ""
    if COMPUTE.silence:
        return f"; no training process has answered for {COMPUTE.silence} s"
    queue, left = campaign.queue, campaign.seconds_left
    others = count(queue.others, "other visitor")
    if queue.others and queue.seconds:
        begins = "starts" if left is None else "goes on"
        waits = "waits" if queue.others == 1 else "wait"
        return f"; {others} {waits} too, yours {begins} in about {duration(queue.seconds)}"
    shared = f", shared with {others}" if queue.others else ""
    return (", starting" if left is None else f", about {duration(left)} left") + shared


def steps_progress(lab: Lab, words: str) -> None:
    """How far the runs of a lab are: the one that is furthest behind.

    :param words: with ``{steps}`` where it is said how many of how many.
    """

    def look() -> tuple[float, str]:
        if not lab.training:
            return 1.0, "The runs are being judged"
        done = min((run.step for run in lab.runs.values()), default=0)
        total = max((run.total_steps for run in lab.runs.values()), default=0)
        share = min(done / max(total, 1), 1.0)
        return share, words.format(steps=f"{done:,} of {total:,} steps")

    bar("steps", look)
