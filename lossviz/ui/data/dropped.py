"""Rows that cannot be used: listed with the reason, and to download."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lossviz.data import Dataset
from lossviz.experiments.words import count
from lossviz.sharing.spreadsheet import neutral_csv

SHOWN = 200


def dropped_rows(dataset: Dataset, *, key: str) -> None:
    """A table of the rows and why they are left out."""
    if not dataset.dropped:
        return
    table = pd.DataFrame(
        {
            "row": [dropped.row for dropped in dataset.dropped],
            "reason": [dropped.reason for dropped in dataset.dropped],
            "content": [dropped.content for dropped in dataset.dropped],
        }
    )
    with st.expander(
        f"{count(len(table), 'row')} left out", icon=":material/filter_alt_off:", expanded=False
    ):
        st.dataframe(table.head(SHOWN), hide_index=True, alt="Rows that are left out")
        if len(table) > SHOWN:
            st.caption(f"The first {SHOWN}; the download has all of them.")
        st.download_button(
            "Download the rows with their reasons",
            lambda: neutral_csv(table),
            file_name="left-out-rows.csv",
            mime="text/csv",
            key=key,
            on_click="ignore",
        )
