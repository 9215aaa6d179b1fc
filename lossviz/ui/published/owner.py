"""What the owner of a published run sees beside everybody else: how to delete it."""

from __future__ import annotations

import streamlit as st

from lossviz.errors import LossVizError
from lossviz.ui.library.database import library
from lossviz.ui.library.shelf import Shelf
from lossviz.ui.published.link import leave
from lossviz.ui.words import plain

DELETED = "The run was deleted. Its link opens nothing any more."


def owners_part(shelf: Shelf, id: str, secret: str) -> None:
    """Where the address has the owner's secret; a forged one gets a sentence."""
    if not secret:
        return
    try:
        owned = library().owned(id, secret)
    except LossVizError as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return
    if not owned:
        st.warning(
            "This is not the owner's link, so it cannot delete the run. Everything else is as it "
            "should be.",
            icon=":material/key_off:",
        )
        return
    shelf.known[id] = secret
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="owner"):
        st.text("This is your own link: give others the one without “own”.", width="stretch")
        with st.popover("Delete", icon=":material/delete:", key="owner-delete"):
            st.text("The link then opens nothing any more. This cannot be undone.")
            st.button(
                "Delete for everybody",
                type="primary",
                key="owner-delete-sure",
                on_click=_delete,
                args=(shelf, id, secret),
            )


def _delete(shelf: Shelf, id: str, secret: str) -> None:
    try:
        library().delete(id, secret)
    except LossVizError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    shelf.forget(id)
    shelf.said = DELETED
    leave()
