"""What is in the data in use."""

from __future__ import annotations

import streamlit as st

from lossviz.data import Profile
from lossviz.experiments.words import count, percent
from lossviz.figures.data.shown import ShownProfile
from lossviz.figures.exhibits import EXHIBITS
from lossviz.sharing.project import Data
from lossviz.ui.data.classes import class_section
from lossviz.ui.data.closer_look import closer_look_section
from lossviz.ui.data.mapping import edit_again
from lossviz.ui.data.texts import dropped_rows, length_section, repetition_section
from lossviz.ui.parts.exhibits import hang
from lossviz.ui.parts.words import plain, sample_in_words
from lossviz.ui.root import ROOT
from lossviz.ui.state.session import Session


def dependence_section(profile: Profile) -> None:
    """A dot for each pair of parts, and what it means."""
    pairs = profile.dependences
    if not pairs:
        return
    exhibit = EXHIBITS["dependence"]
    st.subheader(exhibit.title, anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        hang(exhibit, ShownProfile(profile), "data")
    with right:
        for pair in pairs[:3]:
            st.text(f"{pair.first} and {pair.second}: {pair.words}.")
        st.caption(exhibit.note)


TRAIN = ROOT / "pages" / "train.py"
RUN_TOGETHER = (
    "These texts have hardly any spaces between words (as in Chinese, Japanese or Thai): features "
    "are runs of 1 to 3 characters, not words."
)


def profile_section(session: Session) -> None:
    """Key numbers, what stands in the way, and then each thing with its table."""
    data, profile = session.data, session.source.profile
    st.subheader("In use", anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(data.title)
        edit_again(session)
        st.page_link(TRAIN, label="Go on to Train", icon=":material/play_circle:")
    _key_numbers(profile)
    if sampling := sample_in_words(data.dataset):
        st.info(sampling, icon=":material/filter_alt:")
    if profile.lengths.run_together:
        st.info(RUN_TOGETHER, icon=":material/translate:")
    for warning in profile.warnings:
        st.warning(plain(warning), icon=":material/warning:")
    class_section(profile)
    dependence_section(profile)
    repetition_section(profile)
    length_section(profile)
    closer_look_section(session)
    dropped_rows(data.dataset.dropped, key="dropped")
    _how_it_was_read(data)


def _how_it_was_read(data: Data) -> None:
    with st.expander("How it was read", icon=":material/description:"):
        st.text(" ".join(data.table.notes))
        st.text(
            f"Text: {data.mapping.text}. Label: {', '.join(data.mapping.labels)}. "
            f"{data.mapping.reading.evidence}"
        )


def _key_numbers(profile: Profile) -> None:
    with st.grid(4, min_column_width=190):
        st.metric(
            "Texts used", f"{profile.used:,}", help=f"of {count(profile.rows, 'row')} in the file"
        )
        st.metric(
            "Whole labels",
            f"{profile.seen:,} of {profile.possible:,}",
            help="Combinations of the parts that occur, of those there could be",
        )
        st.metric(
            "Commonest label is right",
            percent(profile.majority_accuracy),
            help="The accuracy of always guessing it: the least a model has to beat",
        )
        if profile.lengths.run_together:
            st.metric("Characters in a text (median)", f"{profile.characters.median:g}")
        else:
            st.metric("Words in a text (median)", f"{profile.words.median:g}")
