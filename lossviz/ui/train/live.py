"""The live part of the Train page: room for its exhibits, and one fragment that trains and feeds
them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from lossviz.compute.cluster import COMPUTE
from lossviz.compute.lab import Lab
from lossviz.figures import Chart, ShownRuns
from lossviz.figures.exhibits import TRAIN, placed
from lossviz.ui.parts.chart import feed
from lossviz.ui.parts.exhibits import lay_out, news, runs_of
from lossviz.ui.parts.polling import poll
from lossviz.ui.parts.words import plain
from lossviz.ui.state.view import View

FEW, MANY = 4, 30
"""Sessions training at once, up to which pages are updated every 0.1 s, 0.5 s; above, every 1 s."""


def interval() -> float:
    """Seconds between two updates of a page, given how many train."""
    sessions = COMPUTE.active_sessions()
    return 0.1 if sessions <= FEW else 0.5 if sessions <= MANY else 1.0


def live(lab: Lab, view: View, concluded: bool) -> None:
    """Train while there is something to train, and feed the charts.

    :param concluded: whether the page was drawn when the runs were over: otherwise it has to be
        drawn again once they are, however the last slice came.
    """

    def pace() -> float | None:
        return interval() if lab.busy or lab.finished != concluded else None

    def step() -> bool:
        lab.tick(patience=0.05 if pace() == 0.1 else 0.0)
        stalled = feed(charts(lab, view), busy=lab.busy)
        if lab.notice:
            st.info(plain(lab.notice), icon=":material/info:")
        return stalled or (not lab.busy and lab.finished != concluded)

    poll(pace, step)


def run_exhibits(lab: Lab, view: View, layouts: Mapping[str, Callable[[], object]]) -> None:
    """Room for all of them, in order.

    :param layouts: of those that are more than a chart for each run, by id.
    """
    lay_out(placed(TRAIN, ShownRuns), runs_of(lab, view.look), layouts)


def charts(lab: Lab, view: View) -> dict[str, Chart]:
    """Every chart that shows something else than before."""
    return news(placed(TRAIN, ShownRuns), runs_of(lab, view.look), view)
