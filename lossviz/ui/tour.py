"""The tour: five steps for newcomers, in a strip above the page."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lossviz.ui.address.addresses import TITLES, file_of

KEY = "lossviz-tour"


@dataclass(frozen=True)
class Step:
    """One thing to do.

    :param page: the address of the page where it is done.
    """

    page: str
    says: str


STEPS = (
    Step(
        "",
        "Drag **α** beside the surface. The first part's log loss counts more, and the loss tilts.",
    ),
    Step("data", "A label has **parts**. Here are their values, and what chance would bring."),
    Step("train", "Press **Play**. Three losses train on the same texts; watch where errors part."),
    Step("formulations", "Choose one at the left: **what it asks for**, its formula and its code."),
    Step("trade-off", "Does it **matter** what α and β are? Train the grid and read the verdict."),
)


def touring() -> int | None:
    """The step that the tour is at, from 0; None where there is no tour."""
    step: int | None = st.session_state.get(KEY)
    return step


def start_tour() -> None:
    """Begin at the first step."""
    st.session_state[KEY] = 0


def end_tour() -> None:
    """The strip is gone."""
    st.session_state[KEY] = None


def tour_strip(page: str) -> None:
    """Where the tour is at, above a page; nothing where there is no tour.

    It follows whoever goes on through the navigation.
    """
    place = touring()
    if place is None:
        return
    pages = [step.page for step in STEPS]
    there = page in pages
    if there:
        place = st.session_state[KEY] = pages.index(page)
    title = TITLES[pages[place]]
    says = STEPS[place].says if there else f"This step is on the {title} page."
    with st.container(
        horizontal=True, vertical_alignment="center", key="tour", gap="small", border=True
    ):
        st.markdown(f"**Step {place + 1} of {len(STEPS)}** · {says}", width="stretch")
        if not there:
            _way("go", f"Go to {title}", pages[place])
        if place:
            _way("back", "Back", pages[place - 1])
        last = place == len(STEPS) - 1
        if not last:
            _way("next", "Next", pages[place + 1])
        st.button("Done" if last else "End", key="tour-end", on_click=end_tour)


def _way(key: str, label: str, page: str) -> None:
    # Links: a page that runs again by itself may miss that a button wants another one.
    with st.container(key=f"tour-{key}", width="content"):
        st.page_link(file_of(page), label=label)
