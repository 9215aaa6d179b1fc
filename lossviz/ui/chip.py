"""The data chip: one line that says what every number on the page is about."""

from __future__ import annotations

import streamlit as st

from lossviz.experiments.words import percent
from lossviz.figures.base.chart import shortened
from lossviz.ui.address.link import copy_link
from lossviz.ui.embedding import embedded
from lossviz.ui.mark import kept_mark
from lossviz.ui.parts.words import plain, texts_in_words
from lossviz.ui.present.scenes import present_buttons
from lossviz.ui.root import ROOT
from lossviz.ui.state.bench import Source
from lossviz.ui.state.session import this_session

LONGEST = 80


def data_chip(source: Source) -> None:
    """``EmoBank · 4,850 texts · arousal × valence · guessing the commonest …``, a link to Data."""
    data = source.data
    label = " · ".join(
        [
            plain(shortened(data.title, LONGEST)),
            texts_in_words(data.dataset),
            plain(shortened(" × ".join(data.dataset.schema.names), LONGEST)),
            f"guessing the commonest label is right {percent(source.profile.majority_accuracy)}",
        ]
    )
    with st.container(horizontal=True, vertical_alignment="center", key="data-chip", gap="small"):
        if embedded():
            st.markdown(f":material/table: {label}")
            return
        st.page_link(ROOT / "pages" / "data.py", label=label, icon=":material/table:")
        present_buttons(this_session())
        copy_link(this_session())
        kept_mark(this_session())
