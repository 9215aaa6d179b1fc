"""Embedding: a page inside another site, without what leads away from it."""

from __future__ import annotations

import streamlit as st

from lossviz.ui.address.addresses import TITLES, base_now, link_to
from lossviz.ui.address.link import query_of
from lossviz.ui.state.session import Session, stage
from lossviz.ui.tour import tour_strip


def embedded() -> bool:
    """Whether the address says ``?embed=true``; Streamlit then leaves its own frame out."""
    return bool(st.context.is_embedded)


def around(session: Session, page: str) -> None:
    """What stands around a page besides the navigation: the tour, or, where it is embedded, the
    way to the same state in a window of its own."""
    if page not in TITLES:
        return
    now = stage()
    now.page, now.opened, now.arrived = page, None, False
    if embedded():
        _way_out(session, page)
    else:
        tour_strip(page)


def _way_out(session: Session, page: str) -> None:
    with st.container(key="embedded", horizontal=True, horizontal_alignment="right"):
        st.link_button(
            "Open in LossViz",
            link_to(base_now(), page, query_of(session, page)),
            icon=":material/open_in_new:",
            type="tertiary",
        )
