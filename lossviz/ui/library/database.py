"""The way to the library's database."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from streamlit.errors import StreamlitAPIException

from lossviz.errors import LossVizError
from lossviz.sharing.library import KeptSessions, Library, Limits

VARIABLE, CONNECTION = "LOSSVIZ_LIBRARY", "library"
SCHEMES = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}


def library() -> Library:
    """The library of this server.

    Its database is that of the variable ``LOSSVIZ_LIBRARY``, else that of ``secrets.toml``, else
    a file of this server's own. It is asked for the first time when something is wanted of it.

    :raises LossVizError: where the address is none of a database.
    """
    return _library(os.environ.get(VARIABLE, ""), Limits.from_environment())


def kept_sessions() -> KeptSessions | None:
    """What browsers come back to; None where none is kept here, or the address is none of a
    database."""
    try:
        sessions = library().sessions
    except LossVizError:
        return None
    return sessions if sessions.on else None


@st.cache_resource(show_spinner=False)
def _library(address: str, limits: Limits) -> Library:
    given = _given(address)
    try:
        connection = st.connection(CONNECTION, type="sql", pool_pre_ping=True, **given)
        return Library(connection.engine, limits)
    except (SQLAlchemyError, StreamlitAPIException, ImportError, ValueError, TypeError) as error:
        # The address may hold a password, so it is not repeated.
        raise LossVizError(
            f"The library's database cannot be used ({type(error).__name__}). Expected in "
            f"{VARIABLE} is an address such as postgresql://user:password@host/name or "
            "sqlite:////folder/library.db; everything else works without it."
        ) from error


def _given(address: str) -> Mapping[str, Any]:
    """What Streamlit does not find in its secrets."""
    if not address:
        secrets = _secrets()
        if secrets is None:
            return {"url": URL.create("sqlite", database=str(_usual_file()))}
        if "url" not in secrets:
            return {}
        address = str(secrets["url"])
    scheme, colon, rest = address.partition(":")
    return {"url": f"{SCHEMES.get(scheme, scheme)}{colon}{rest}"}


def _secrets() -> Mapping[str, Any] | None:
    if not st.secrets.load_if_toml_exists():
        return None
    secrets: Mapping[str, Any] | None = st.secrets.get("connections", {}).get(CONNECTION)
    return secrets


def _usual_file() -> Path:
    """In the user's data folder; nobody else may look into it."""
    wanted = os.environ.get("XDG_DATA_HOME", "")
    base = Path(wanted) if Path(wanted).is_absolute() else Path.home() / ".local" / "share"
    folder = base / "lossviz"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise LossVizError(
            f"The library's folder {folder} cannot be made ({error.strerror}). Name a database in "
            f"{VARIABLE}, such as sqlite:////folder/library.db; everything else works without it."
        ) from error
    return folder / "library.db"
