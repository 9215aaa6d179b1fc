"""What is in the data in use."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lossviz.datasets import Profile
from lossviz.figures import class_counts
from lossviz.ui.chart import draw
from lossviz.ui.dropped import dropped_rows
from lossviz.ui.server import ROOT
from lossviz.ui.state import Source
from lossviz.ui.words import count, percent


def profile_section(source: Source) -> None:
    """Counts, what is missing, what repeats, and what guessing would achieve."""
    found = source.profile
    st.subheader("In use", anchor=False)
    st.text(source.title)
    _key_numbers(found)
    for warning in found.warnings:
        st.warning(warning, icon=":material/warning:")
    left, right = st.columns([3, 2], gap="large")
    with left:
        draw(
            class_counts(found.class_names, found.class_counts, found.possible - found.seen),
            key="class-counts",
            height=min(120 + 26 * len(found.class_names), 640),
        )
    with right:
        _components(found)
        _missing(found)
        _repetitions(found)
    dropped_rows(source.dataset, key="dropped")
    with st.expander("How it was read", icon=":material/description:"):
        st.text(" ".join(source.table.notes))
        st.text(
            f"Text: {source.mapping.text}. Label: {', '.join(source.mapping.labels)}. "
            f"{source.mapping.reading.evidence}"
        )
    st.page_link(ROOT / "pages" / "train.py", label="Go on to Train", icon=":material/play_circle:")


def _key_numbers(found: Profile) -> None:
    with st.grid(4, min_column_width=190):
        st.metric(
            "Texts used", f"{found.used:,}", help=f"of {count(found.rows, 'row')} in the file"
        )
        st.metric(
            "Whole labels",
            f"{found.seen:,} of {found.possible:,}",
            help="Combinations of the parts that occur, of those there could be",
        )
        st.metric(
            "Commonest label is right",
            percent(found.majority_accuracy),
            help="The accuracy of always guessing it: the least a model has to beat",
        )
        st.metric("Words in a text (median)", f"{found.words.median:g}")


def _components(found: Profile) -> None:
    rows = [
        (component.name, value, number, f"{100 * number / found.used:.1f} %")
        for component in found.components
        for value, number in zip(component.values, component.counts, strict=True)
    ]
    st.markdown("**The parts and their values**")
    st.dataframe(
        pd.DataFrame(rows, columns=["part", "value", "texts", "share"]),
        hide_index=True,
        height=min(38 + 35 * len(rows), 320),
        alt="How often each value of each part occurs",
    )


def _missing(found: Profile) -> None:
    absent = found.possible - found.seen
    st.markdown("**Combinations that never occur**")
    if not absent:
        st.text("None: every combination of the parts occurs.")
        return
    st.text(f"{absent:,} of {found.possible:,}, for example {', '.join(found.missing[:3])}.")
    with st.popover("List them"):
        st.dataframe(pd.DataFrame({"never occurs": found.missing}), hide_index=True, height=300)
        if absent > len(found.missing):
            st.caption(f"The first {len(found.missing)}.")


def _repetitions(found: Profile) -> None:
    st.markdown("**Repetitions**")
    st.text(
        f"{count(found.duplicates, 'text')} occurred before in the file; "
        f"{count(found.contradictory, 'text')} with more than one label. Identical texts always "
        "end up on the same side of the split."
    )
