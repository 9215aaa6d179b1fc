"""Sealed texts on the Library page: opened once, for the run that was chosen, in the report."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from lossviz.compute.campaigns import Unsealing
from lossviz.experiments.reference import WeightsPlan
from lossviz.experiments.runs.opening import LOOKED_BEFORE, openings_words, sealing
from lossviz.ui.parts.follow import follow, outdated
from lossviz.ui.parts.progress import gone_on, progress
from lossviz.ui.parts.words import plain
from lossviz.ui.state.bench import Bench

UNOPENED = (
    "Some texts are sealed: no run is trained on them, watched or judged by them. Open them once, "
    "for the run that you chose by everything else; how often it is wrong there stands in the "
    "report then."
)
WAITING = "They can be opened once a run is at its end."


def sealed_section(bench: Bench) -> None:
    """What was opened so far, and the button that opens them; nothing where nothing is sealed."""
    if not (bench.sealed or bench.opened):
        return
    for sentence in openings_words(bench.opened, bench.data.dataset.schema.names):
        st.text(sentence)
    if not bench.opened:
        st.caption(UNOPENED)
    if bench.sealed and bench.looked_before and not bench.opened:
        st.caption(LOOKED_BEFORE)
    if bench.unsealing is not None:
        unsealing = bench.unsealing
        outdated("unsealing-over", lambda: bench.unsealing is None)
        follow("unsealing", lambda: gone_on(unsealing), lambda: _so_far(bench))
        return
    _choose(bench)


def _choose(bench: Bench) -> None:
    """The best on the held-out texts first."""
    runs = sealing(bench.lab.runs)
    if not runs:
        if bench.sealed:
            st.caption(WAITING)
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="sealed-texts"):
        letter = st.selectbox(
            "Open the sealed texts for",
            list(runs),
            format_func=lambda letter: f"{letter} {runs[letter].experiment.formulation}",
            key="sealed-run",
            help="First the run that is best on the held-out texts.",
            width=280,
        )

        def start() -> None:
            plan = WeightsPlan((runs[letter].reference(letter),))
            bench.unsealing = Unsealing(bench.workers, bench.data.dataset, plan)
            bench.unsealing.start()

        st.button(
            "Open again" if bench.opened else "Open them, once",
            icon=":material/lock_open:",
            key="sealed-open",
            on_click=start,
            help="Afterwards they are no longer sealed.",
        )


def _so_far(bench: Bench) -> None:
    unsealing = bench.unsealing
    if unsealing is None:
        return
    if unsealing.complete:
        before = bench.looked_before
        bench.opened += tuple(replace(one, looked_before=before) for _, one in unsealing.reports)
        bench.unsealing = None
    elif unsealing.busy:
        progress(unsealing, "unsealing")
    else:
        st.warning(plain(unsealing.notice), icon=":material/warning:")
        bench.unsealing = None
