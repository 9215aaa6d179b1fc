"""The report on the Library page: one HTML file of this session, to download."""

from __future__ import annotations

from functools import partial

import streamlit as st

from lossviz.arrays import Doubles
from lossviz.errors import LossVizError
from lossviz.report import report
from lossviz.ui.keeping import project_of
from lossviz.ui.library.sealed import sealed_section
from lossviz.ui.parts.controls import download
from lossviz.ui.state.bench import Bench
from lossviz.ui.state.session import Session

SIZE = "5 to 6 MB"
"""Most of it is the library that draws the charts."""
PATIENCE = 2.0
"""Seconds that a report waits for what a worker may know; it does without where none answers."""


def report_section(session: Session) -> None:
    """Say what the report holds, and give it to whoever asks."""
    st.subheader("Report", anchor=False)
    st.markdown(
        "One file to send, to print or to keep: the data in numbers, the runs, their errors, the "
        "verdict, surfaces that can be turned, and the code. It opens in any browser, asks nobody "
        "for anything, and holds none of your texts."
    )
    sealed_section(session.bench)
    missing = _missing(session.bench)
    download(
        f"Download the report, {SIZE}",
        partial(_content, session),
        "lossviz-report.html",
        icon=":material/description:",
        key="report-download",
    )
    if missing:
        st.caption(f"Not in it yet: {', '.join(missing)}. The report says so where it would stand.")


def _missing(bench: Bench) -> tuple[str, ...]:
    """What was not trained or drawn."""
    sweep, surfaces = bench.sweep, bench.surfaces
    parts = len(bench.data.dataset.schema.names)
    every = (
        ("trained runs", any(run.step for run in bench.lab.runs.values())),
        ("the trade-off", parts < 2 or (sweep is not None and sweep.campaign.done > 0)),
        ("surfaces", surfaces is not None and surfaces.campaign.done > 0),
    )
    return tuple(name for name, there in every if not there)


def _content(session: Session) -> bytes:
    """Made when somebody presses the button, in a thread of its own: a fifth of a second."""
    return report(project_of(session), decided=_decided(session.bench)).encode()


def _decided(bench: Bench) -> Doubles | None:
    """What deciding by the costs gets wrong, where a worker says so soon enough."""
    sweep = bench.sweep
    if sweep is None or not sweep.campaign.result.seeds or not any(sweep.look.costs):
        return None
    try:
        return sweep.campaign.decision(sweep.look.costs).result(PATIENCE)
    except (LossVizError, TimeoutError):
        return None
