"""Texts that occur more than once, are too short or too long, or cannot be used."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lossviz.data import OddText, Profile, Repeated, Repetitions
from lossviz.data.files.cells import Dropped
from lossviz.experiments.words import count
from lossviz.ui.parts.tables import directed, download_table, show_table

HEIGHT = 300
ROWS_SHOWN = 200
SHOWN = 400
"""Characters of a text in a table; the whole of it is in the file."""


def repetition_section(profile: Profile) -> None:
    """Identical texts, those with more than one label first."""
    repetitions = profile.repetitions
    st.subheader("Texts that occur more than once", anchor=False)
    if not repetitions.group_count:
        st.text("None: every text is there once.")
        return
    st.text(
        f"{count(repetitions.repeated_rows, 'row')} with a text that occurred before, but for case "
        "and "
        f"white space. {_contradictions(repetitions)} Identical texts end up on the same side of a "
        "split."
    )
    show_table(
        _repeated(repetitions.groups),
        most=HEIGHT,
        columns={
            "text": st.column_config.TextColumn(width="large"),
            "times": st.column_config.NumberColumn(width="small"),
            "rows": st.column_config.TextColumn(width=120),
            "labels": st.column_config.TextColumn(width="medium"),
        },
        alt="Texts that occur more than once, with their rows and labels",
    )
    if repetitions.group_count > len(repetitions.groups):
        st.caption(f"The first {len(repetitions.groups)} of {repetitions.group_count:,}.")


def _contradictions(repetitions: Repetitions) -> str:
    if not repetitions.contradictory_texts:
        return "Each of these texts always has the same label."
    return (
        f"{count(repetitions.contradictory_texts, 'text')} with more than one label, in "
        f"{count(repetitions.contradictory_rows, 'row')}: there no model can always be right."
    )


def _repeated(groups: Sequence[Repeated]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "text": [directed(group.text[:SHOWN]) for group in groups],
            "times": [group.rows for group in groups],
            "labels": [_labels(group) for group in groups],
            "rows": [", ".join(str(text.row) for text in group.occurrences) for group in groups],
        }
    )


def _labels(repeated: Repeated) -> str:
    """Each label with how often, the commonest first."""
    counts = pd.Series([text.label for text in repeated.occurrences]).value_counts(sort=True)
    return ", ".join(f"{label} ({number})" for label, number in counts.items())


def length_section(profile: Profile) -> None:
    """What counts as too short or too long, and which texts are."""
    text_lengths = profile.lengths
    st.subheader("Texts too short or too long", anchor=False)
    if text_lengths.run_together:
        measure, unit = text_lengths.characters, "characters"
    else:
        measure, unit = text_lengths.words, "words"
    st.text(
        f"From {measure.minimum:,} to {measure.maximum:,} {unit}, half of the texts up to "
        f"{measure.median:,g}."
    )
    _odd(
        text_lengths.too_short,
        text_lengths.short,
        text_lengths.short_rule,
        "There is little in so short a text to learn from, and what a model says of it is mostly "
        "a guess.",
        "short",
    )
    _odd(
        text_lengths.too_long,
        text_lengths.long,
        text_lengths.long_rule,
        "In so long a text the words that matter weigh less; and it may be several rows that were "
        "read as one.",
        "long",
    )


def _odd(number: int, shown: Sequence[OddText], rule: str, effect: str, key: str) -> None:
    if not number:
        st.text(f"No text has {rule}.")
        return
    have = "text has" if number == 1 else "texts have"
    st.text(f"{number:,} {have} {rule}. {effect}")
    with st.popover(f"List the {'texts' if number == len(shown) else f'first {len(shown)}'}"):
        show_table(
            pd.DataFrame(
                {
                    "row": [odd_text.row for odd_text in shown],
                    "characters": [odd_text.characters for odd_text in shown],
                    "text": [directed(odd_text.text) for odd_text in shown],
                }
            ),
            most=HEIGHT,
            key=f"odd-{key}",
            alt="Texts of an odd length, with their rows",
        )


def dropped_rows(rows: Sequence[Dropped], *, key: str) -> None:
    """A table of the rows and why they are left out."""
    if not rows:
        return
    table = pd.DataFrame(
        {
            "row": [dropped.row for dropped in rows],
            "reason": [dropped.reason for dropped in rows],
            "content": [dropped.content for dropped in rows],
        }
    )
    with st.expander(
        f"{count(len(table), 'row')} left out", icon=":material/filter_alt_off:", expanded=False
    ):
        st.dataframe(table.head(ROWS_SHOWN), hide_index=True, alt="Rows that are left out")
        if len(table) > ROWS_SHOWN:
            st.caption(f"The first {ROWS_SHOWN}; the download has all of them.")
        download_table(
            "Download the rows with their reasons",
            lambda: table,
            "left-out-rows.csv",
            key=key,
            icon=None,
        )
