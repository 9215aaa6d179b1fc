"""The class table: how often each whole label occurs, and what never does."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lossviz.data import ClassRow, Profile
from lossviz.experiments.words import count
from lossviz.figures.data.shown import ShownProfile
from lossviz.figures.exhibits import EXHIBITS
from lossviz.ui.parts.exhibits import hang
from lossviz.ui.parts.tables import download_table, show_table

HEIGHT = 420
EXPECTED = (
    "Expected: the texts a label would have if its parts had nothing to do with each other (the "
    "number of texts times the share of each of its values). Found far from expected means that "
    "the parts go together, or avoid each other."
)


def class_section(profile: Profile) -> None:
    """The bars, the table with what is expected, and the parts with their values."""
    left, right = st.columns(2, gap="large")
    with left:
        hang(EXHIBITS["classes"], ShownProfile(profile), "data")
    with right:
        _table(profile)
    with st.expander("The parts and their values", icon=":material/account_tree:"):
        _components(profile)


def _table(profile: Profile) -> None:
    st.markdown("**Found, and expected by chance**")
    st.text(_absent_words(profile))
    classes = profile.classes
    if classes.missing:
        present, missing = st.tabs(
            [f"Occur ({len(classes.present):,})", f"Never occur ({classes.absent:,})"]
        )
        with present:
            _show(class_frame(classes.present, profile), "class-table")
        with missing:
            _show(class_frame(classes.missing, profile), "missing-table")
    else:
        _show(class_frame(classes.present, profile), "class-table")
    if len(profile.components) > 1:
        st.caption(EXPECTED)
    download_table(
        "Download the class table",
        lambda: class_frame(classes.rows, profile),
        "classes.csv",
        key="classes-csv",
    )


def _show(frame: pd.DataFrame, key: str) -> None:
    show_table(
        frame,
        most=HEIGHT,
        columns={
            "whole label": st.column_config.TextColumn(width="medium"),
            "texts": st.column_config.NumberColumn(format="localized", width=70),
            "share, %": st.column_config.NumberColumn(format="%.1f", width=70),
            "expected": st.column_config.NumberColumn(format="localized", width=85, help=EXPECTED),
        },
        key=key,
        alt="Each whole label with its texts, their share, and how many chance would bring",
    )


def class_frame(rows: Sequence[ClassRow], profile: Profile) -> pd.DataFrame:
    """Rows of the class table; what is expected only where there are several parts."""
    frame = pd.DataFrame(
        {
            "whole label": [row.label for row in rows],
            "texts": [row.found for row in rows],
            "share, %": [round(100 * row.found / profile.used, 2) for row in rows],
            "expected": [round(row.expected, 1) for row in rows],
            "surprising": ["expected, but never occurs" if r.surprising else "" for r in rows],
        }
    )
    if len(profile.components) == 1:
        frame = frame.drop(columns="expected")
    return frame if frame["surprising"].any() else frame.drop(columns="surprising")


def _absent_words(profile: Profile) -> str:
    classes = profile.classes
    if len(profile.components) == 1:
        return "A label with a single part: there are no combinations."
    if not classes.absent:
        return "Every combination of the parts occurs."
    never = "never occurs" if classes.absent == 1 else "never occur"
    absent = f"{classes.absent:,} of {count(profile.possible, 'combination')} {never}"
    if len(classes.missing) < classes.absent:
        absent += f"; the table has the {len(classes.missing)} that are missed most"
    if not classes.surprising:
        return f"{absent}. No surprise: chance alone would bring fewer than 5 texts of any."
    first = classes.missing[0]
    return (
        f"{absent}. Of {classes.surprising:,} chance would bring 5 texts or more; most of "
        f"{first.label}: expected {first.expected:,.1f}, found 0."
    )


def _components(profile: Profile) -> None:
    rows = [
        (component.name, value, number, 100 * number / profile.used)
        for component in profile.components
        for value, number in zip(component.values, component.counts, strict=True)
    ]
    show_table(
        pd.DataFrame(rows, columns=["part", "value", "texts", "share"]),
        most=320,
        columns={"share": st.column_config.NumberColumn(format="%.1f %%")},
        alt="How often each value of each part occurs",
    )
