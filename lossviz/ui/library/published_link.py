"""The links of a published run."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

RUN, OWN = "run", "own"
"""Keys of the address: the run, and its owner's secret."""
PAGE = "/library"


def link_of(id: str, secret: str = "") -> str:
    """What opens the run in any browser; with the secret, what deletes it.

    Built from the address that the visitor sees, as the server may stand behind another.
    """
    here = urlsplit(st.context.url or "")
    base = here.path.rstrip("/").removesuffix(PAGE)
    query = {RUN: id, **({OWN: secret} if secret else {})}
    return urlunsplit((here.scheme, here.netloc, base + PAGE, urlencode(query), ""))


def leave() -> None:
    """From a published run back to the library."""
    for key in (RUN, OWN):
        if key in st.query_params:
            del st.query_params[key]
