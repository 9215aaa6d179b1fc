"""Addresses: of the pages, and of the app as others reach it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import streamlit as st

from lossviz.errors import LossVizError
from lossviz.guards import MAX_ADDRESS
from lossviz.ui.root import ROOT

TITLES = {
    "": "Home",
    "data": "Data",
    "train": "Train",
    "formulations": "Formulations",
    "weights": "Weights",
    "trade-off": "Trade-off",
    "surfaces": "Surfaces",
}
"""The pages whose state an address holds."""
EXPECTED = "expected an address as a browser shows it, such as http://192.168.1.20:8501"
_PATH = re.compile(r"[A-Za-z0-9._~/\-]*")
_HOST = re.compile(r"[A-Za-z0-9.\-:]+")


def file_of(page: str) -> Path:
    """The file of a page."""
    return ROOT / "pages" / f"{page.replace('-', '_') or 'home'}.py"


def base_now() -> str:
    """The address of the app as this browser reaches it, with a slash at its end."""
    address = urlsplit(st.context.url or "http://localhost:8501/")
    path = address.path.rsplit("/", 1)[0] if address.path.rstrip("/") else ""
    return f"{address.scheme}://{address.netloc}{path.rstrip('/')}/"


def link_to(base: str, page: str, query: Mapping[str, str]) -> str:
    """The address of a page in a state."""
    asked = urlencode(query)
    return f"{base}{page}{'?' if asked else ''}{asked}"


def base_from(text: str) -> str:
    """The address of the app from what somebody typed.

    :raises LossVizError: where it is no such address.

    >>> base_from(" lab-7:8501 ")
    'http://lab-7:8501/'
    """
    written = text.strip()
    if len(written) > MAX_ADDRESS:
        raise LossVizError(f"The address is {len(written):,} characters long; {EXPECTED}.")
    whole = written if "://" in written else f"http://{written}"
    try:
        address = urlsplit(whole)
        port = address.port
    except ValueError:
        raise LossVizError(f"“{written}” is no address; {EXPECTED}.") from None
    host = address.hostname or ""
    more = address.username or address.password or address.query or address.fragment
    web = address.scheme in ("http", "https")
    if not web or more or not _HOST.fullmatch(host) or not _PATH.fullmatch(address.path):
        raise LossVizError(f"“{written}” is no address of a server; {EXPECTED}.")
    shown = f"[{host}]" if ":" in host else host
    number = "" if port is None else f":{port}"
    return f"{address.scheme}://{shown}{number}{address.path.rstrip('/')}/"


def local(base: str) -> bool:
    """Whether an address means the machine that one sits at, whoever uses it.

    >>> local("http://localhost:8501/"), local("http://192.168.1.20:8501/")
    (True, False)
    """
    host = urlsplit(base).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
