"""The browser's address bar: what stands there, and how it is changed."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lossviz.sharing.address import KEYS, own_part

# What a page shows when it is opened completes the entry that is there: another one would have to
# be gone back through. Streamlit can only add entries, and while a page is opened it would add them
# to the page before. The box takes no room.
_arrival = st.components.v2.component(
    "lossviz.address_bar",
    js="""
export default function ({ data, parentElement }) {
  const { page, keys, query, arrival } = data;
  const box = parentElement.closest("[data-testid=stElementContainer]");
  if (box) box.style.position = "absolute";
  let looks = 0;
  const look = () => {
    if (window.lossvizArrival === arrival) return;
    const here = new URL(window.location.href);
    const last = here.pathname.split("/").filter(Boolean).pop() ?? "";
    if (page ? last !== page : !here.pathname.endsWith("/")) {
      if (looks++ < 50) setTimeout(look, 20);
      return;
    }
    window.lossvizArrival = arrival;
    if (keys.some((key) => here.searchParams.has(key))) return;
    here.search = [query, here.search.slice(1)].filter(Boolean).join("&");
    window.history.replaceState(window.history.state, "", here);
  };
  look();
}
""",
    isolate_styles=False,
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
    _arrival(data=data, key="address-bar")


def write(query: Mapping[str, str]) -> None:
    """Let the address bar show this: one more entry of the browser's history.

    What is not part of an address stays.
    """
    others = {key: st.query_params.get_all(key) for key in st.query_params if key not in KEYS}
    st.query_params.from_dict({**query, **others})
