"""Polling: a part of a page that runs again and again, and the page when that has to change."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st


def poll(pace: Callable[[], float | None], step: Callable[[], bool]) -> None:
    """Run a step now, and again and again by itself.

    :param pace: seconds between two runs as things stand; None where there is nothing to wait for.
        When it changes, the page as a whole is run: its buttons change, and so does the timer.
    :param step: draws; returns whether the page as a whole has to be run for another reason.
    """
    drawn, whole = pace(), True

    @st.fragment(run_every=drawn)
    def tick() -> None:
        again = step()
        # Not while the whole page runs: Streamlit gives up that run, timer and all, and where a
        # poll is waiting on a crowded server it runs the poll instead. The next poll sees it too.
        if not whole and (again or pace() != drawn):
            st.rerun()

    tick()
    whole = False
