"""The data chip: one line that says what every number on the page is about."""

from __future__ import annotations

import streamlit as st

from lossviz.ui.server import ROOT
from lossviz.ui.state import Source
from lossviz.ui.words import count, percent


def data_chip(source: Source) -> None:
    """``EmoBank · 4,850 texts · arousal × valence · guessing the commonest …``, a link to Data."""
    schema = source.dataset.schema
    label = " · ".join(
        [
            _plain(source.title),
            count(len(source.dataset), "text"),
            _plain(" × ".join(schema.names)),
            f"guessing the commonest label is right {percent(source.profile.majority_accuracy)}",
        ]
    )
    st.page_link(ROOT / "pages" / "data.py", label=label, icon=":material/table:")


def _plain(text: str) -> str:
    """A name from outside as a label that markdown leaves as it is."""
    return "".join(
        f"\\{character}" if character in r"\`*_{}[]()#+-.!|~<>$:" else character
        for character in text[:80]
    )
