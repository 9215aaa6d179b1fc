"""A tie between a control and the value that it is about, which does not live in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypedDict

import streamlit as st


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
