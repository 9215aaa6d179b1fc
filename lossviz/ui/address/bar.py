"""The browser's address bar: what stands there, and how it is changed."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lossviz.sharing.address import KEYS, own_part
from lossviz.ui.channel.channel import Channel
from lossviz.ui.parts.chart import mounted

_bar = st.components.v2.component(
    "lossviz.address_bar", js=mounted("address.js"), isolate_styles=False
)


def given() -> dict[str, str]:
    """The part of the query that is an address."""
    return own_part(st.query_params.to_dict())


def by_history() -> bool:
    """Whether the page runs because Back or Forward was pressed."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def complete(page: str, query: Mapping[str, str], arrival: str) -> None:
    """Let a page that was opened without a query have this one.

    :param arrival: tells one arrival from the others; each is completed once.
    """
    data = {
        "page": page,
        "keys": KEYS,
        "query": urlencode(query),
        "arrival": arrival,
    }
    _bar(data=data, key="address-bar")


def write(query: Mapping[str, str]) -> None:
    """Let the address bar show this: one more entry of the browser's history.

    What is not part of an address stays.
    """
    others = {key: st.query_params.get_all(key) for key in st.query_params if key not in KEYS}
    st.query_params.from_dict({**query, **others})


def push(channel: Channel, page: str, query: Mapping[str, str], number: int) -> None:
    """The same where no script runs.

    :param number: of the change: each is made once.
    """
    channel.say("address", {"page": page, "query": urlencode(query), "number": number})
