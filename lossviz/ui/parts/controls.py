"""Controls: tied to the value that they are about, which does not live in them; and downloads."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import PurePath
from typing import Any, Protocol, TypedDict

import streamlit as st

KINDS = {".csv": "text/csv", ".json": "application/json", ".html": "text/html"}
"""What a browser is told of a file, by the end of its name."""


class Tie(TypedDict):
    """What a control needs for it: ``st.selectbox("Plane", PLANES, **tied(…))``."""

    key: str
    on_change: Callable[[], None]


def tied(key: str, value: object, put: Callable[[Any], None]) -> Tie:
    """A control that shows a value, and what comes of a change.

    It is written before each run: a link, another control or other data change it too.

    :param key: the control's.
    :param put: takes what was chosen, before the page runs again.
    """
    st.session_state[key] = value
    return Tie(key=key, on_change=lambda: put(st.session_state[key]))


def tied_to(thing: object, attribute: str, key: str) -> Tie:
    """A control that shows an attribute, and sets it."""
    return tied(key, getattr(thing, attribute), partial(setattr, thing, attribute))


class Looked(Protocol):
    """What has a look that is changed as a whole: an explorer, a sweep, surfaces."""

    @property
    def look(self) -> Any:
        """How the reader looks at it."""

    def change(self, **fields: Any) -> None:
        """Look at it in another way."""


def tied_to_look(looked: Looked, field: str, key: str) -> Tie:
    """A control that shows a field of a look, and changes it."""
    return tied(key, getattr(looked.look, field), lambda value: looked.change(**{field: value}))


def download(
    label: str,
    content: bytes | str | Callable[[], bytes],
    file_name: str,
    *,
    key: str,
    icon: str | None = ":material/download:",
    help: str | None = None,
) -> None:
    """A file to download; the page does not run again for it.

    A table is downloaded by :func:`lossviz.ui.parts.tables.download_table`.

    :param content: or what makes it, once somebody asks for it.
    """
    st.download_button(
        label,
        content,
        file_name=file_name,
        mime=KINDS.get(PurePath(file_name).suffix, "application/octet-stream"),
        key=key,
        icon=icon,
        on_click="ignore",
        help=help,
    )
