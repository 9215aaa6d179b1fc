"""The dialog that publishes a run."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import UTC, datetime, timedelta

import streamlit as st

from lossviz.errors import LossVizError
from lossviz.experiments.words import count
from lossviz.sharing.library import DAYS, DEFAULT_DAYS, MB
from lossviz.ui.library.database import library
from lossviz.ui.library.published import link_of
from lossviz.ui.library.publishing import Publishing
from lossviz.ui.library.shelf import Shelf, shelf
from lossviz.ui.parts.follow import follow
from lossviz.ui.parts.progress import gone_on, progress
from lossviz.ui.parts.words import plain

LONGEST_NAME = 80
WARNING = (
    "Everybody who has the link can then read these texts and their labels. Leave it off if they "
    "are private, or not yours to publish."
)


def _closed() -> None:
    mine = shelf()
    if mine.publishing is not None:
        mine.publishing.gathering.stop()
    mine.publishing = None


@st.dialog("Publish this run", width="medium", on_dismiss=_closed)
def publish_dialog(shelf: Shelf, publishing: Publishing) -> None:
    """Name, how long, what is stored; then the two links."""
    if publishing.links is not None:
        _links(publishing)
        return
    st.text("A link that nobody can guess opens the run, read-only, in any browser.")
    st.text_input("Name", _name(publishing), max_chars=LONGEST_NAME, key="publish-name")
    st.selectbox(
        "Kept for",
        DAYS,
        index=DAYS.index(DEFAULT_DAYS),
        key="publish-days",
        format_func=_until,
        help="Then it is deleted, and its link opens nothing. You can delete it earlier.",
    )
    texts = len(publishing.texts)
    ticked = st.checkbox(
        f"Include the held-out texts ({count(texts, 'text')} that visitors can read)",
        key="publish-texts",
    )
    if ticked:
        st.warning(WARNING, icon=":material/warning:")
    _rest(shelf, publishing, with_texts=ticked)


def _rest(shelf: Shelf, publishing: Publishing, *, with_texts: bool) -> None:
    """What follows the weights as they come: a fragment in the dialog, so that a half-typed name
    stays. A run of the page would make the dialog anew."""

    def look() -> Hashable:
        state = gone_on(publishing.gathering)
        publishing.weigh()
        return state, publishing.sizes is None, publishing.links is None

    def draw() -> None:
        if publishing.links is not None:
            st.rerun()
        _weights(publishing)
        _stored(publishing, with_texts=with_texts)
        if publishing.problem:
            st.error(plain(publishing.problem), icon=":material/error:")
        st.button(
            "Publish",
            type="primary",
            icon=":material/share:",
            key="publish-now",
            disabled=publishing.sizes is None,
            on_click=_publish,
            args=(shelf, publishing),
        )

    follow("publish", look, draw)


def _name(publishing: Publishing) -> str:
    run = publishing.run
    return run.name or f"{run.experiment.formulation} on {publishing.bench.data.title}"[:80]


def _until(days: int) -> str:
    then = datetime.now(UTC) + timedelta(days=days)
    return f"{days} days, until {then:%Y-%m-%d}"


def _weights(publishing: Publishing) -> None:
    """Its weights are fetched while the name is typed."""
    gathering = publishing.gathering
    if gathering.complete:
        return
    progress(gathering, "publish")
    if gathering.busy:
        st.button("Stop", icon=":material/stop:", key="publish-stop", on_click=gathering.stop)
    else:
        st.button(
            "Fetch the weights",
            icon=":material/deployed_code:",
            key="publish-fetch",
            on_click=gathering.start,
            help="A run is published with its weights.",
        )


def _stored(publishing: Publishing, *, with_texts: bool) -> None:
    surface = "the surface, " if publishing.surfaces else ""
    texts = "the held-out texts, " if with_texts else ""
    what = (
        f"Stored are the experiment, the names of the labels, the curve, the answers on held-out "
        f"texts, {texts}{surface}and the weights"
    )
    if publishing.sizes is None:
        st.caption(f"{what}.")
        return
    size = publishing.sizes[with_texts]
    st.caption(f"{what}: {size / MB:.2g} MB.")


def _publish(shelf: Shelf, publishing: Publishing) -> None:
    kept = st.session_state
    name = kept["publish-name"].strip()[:LONGEST_NAME] or _name(publishing)
    texts = publishing.texts if kept["publish-texts"] else None
    try:
        publication = publishing.publication(name, texts=texts)
        links = library().publish(publication, days=kept["publish-days"])
    except LossVizError as error:
        publishing.problem = str(error)
        return
    publishing.problem = ""
    publishing.links = links
    shelf.known[links.id] = links.secret


def _links(publishing: Publishing) -> None:
    links = publishing.links
    assert links is not None
    st.text("It is published. The link for everybody:")
    st.code(link_of(links.id), language=None, wrap_lines=True)
    st.text("And your own link, which also deletes it:")
    st.code(link_of(links.id, links.secret), language=None, wrap_lines=True)
    st.warning(
        "Your own link is shown once, here. Keep it, and give it to nobody.",
        icon=":material/key:",
    )
    if st.button("Done", type="primary", key="publish-done"):
        _closed()
        st.rerun()
