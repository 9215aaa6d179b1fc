"""How much the parts of the label tell about each other."""

from __future__ import annotations

import streamlit as st

from lossviz.datasets import Profile
from lossviz.figures import dependence_of_components, height_of_dependence
from lossviz.ui.chart import draw

MEANING = (
    "Cramér's V, corrected for bias: 0 where one part tells nothing about the other, 1 where it "
    "tells all. Parts that depend on each other are learned together by a loss on the whole label; "
    "independent ones lose nothing by a loss of their own. The interval is a bootstrap of the "
    "table of counts."
)


def dependence_section(found: Profile) -> None:
    """A dot for each pair of parts, and what it means."""
    pairs = found.dependences
    if not pairs:
        return
    st.subheader("Do the parts depend on each other?", anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        draw(
            dependence_of_components(pairs),
            key="dependence",
            height=height_of_dependence(pairs),
        )
    with right:
        for own in pairs[:3]:
            st.text(f"{own.first} and {own.second}: {own.words}.")
        st.caption(MEANING)
