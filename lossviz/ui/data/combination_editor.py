"""Leaving combinations of a draft's label out: rare ones, and those that cannot be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from lossviz.data import EditedLabels, LabelParts, edit_labels
from lossviz.data.labels.edited import IMPOSSIBLE
from lossviz.experiments.words import count
from lossviz.schema import Codes
from lossviz.ui.state.session import Draft

Combination = tuple[tuple[str, str], ...]
SHOWN = 1_000
HEIGHT = 320


def combination_editor(draft: Draft, read: LabelParts, edited: EditedLabels) -> EditedLabels:
    """A number below which combinations are left out, and a table in which to tick some."""
    key = f"{draft.id}-{draft.edition}-least"
    least = st.number_input(
        "Leave out combinations with fewer texts than",
        min_value=0,
        max_value=1_000_000,
        value=draft.edits.least,
        key=key,
        width=320,
    )
    draft.edits = draft.edits.changed(least=least)
    _table(draft, edited)
    edited = edit_labels(read, draft.edits)
    _left_out(edited)
    return edited


def _table(draft: Draft, edited: EditedLabels) -> None:
    shape = hash((edited.parts, edited.values, edited.combinations.tobytes()))
    key = f"{draft.id}-{draft.edition}-combinations-{shape}"
    order = np.argsort(edited.rows, kind="stable")[:SHOWN]
    if key not in st.session_state or key not in draft.ticks:
        draft.ticks = {key: _combinations(edited, order)}
    table = draft.ticks[key]
    names = {f"part{k}": name for k, name in enumerate(edited.names)}
    st.data_editor(
        table,
        key=key,
        hide_index=True,
        height=min(38 + 35 * len(table), HEIGHT),
        disabled=[*names, "texts"],
        column_config={
            "impossible": st.column_config.CheckboxColumn("impossible", pinned=True),
            "texts": st.column_config.NumberColumn("texts", format="localized"),
            **names,
        },
        on_change=_tick,
        args=(draft, edited, order, key),
        alt="Combinations that occur, the rarest first, and whether they are impossible",
    )
    if len(order) < len(edited.rows):
        st.caption(f"The {SHOWN:,} rarest of {len(edited.rows):,} combinations.")


def _combinations(edited: EditedLabels, order: Codes) -> pd.DataFrame:
    columns = {
        f"part{k}": [values[code] for code in edited.combinations[order, k].tolist()]
        for k, values in enumerate(edited.values)
    }
    ticked = [edited.reasons[c] == IMPOSSIBLE for c in order.tolist()]
    return pd.DataFrame({"impossible": ticked, **columns, "texts": edited.rows[order]})


def _tick(draft: Draft, edited: EditedLabels, order: Codes, key: str) -> None:
    """Combinations as they are ticked now."""
    marked = {frozenset(own): own for own in draft.edits.impossible}
    for row, cells in st.session_state[key]["edited_rows"].items():
        combination = edited.combination(int(order[int(row)]))
        if cells.get("impossible"):
            marked[frozenset(combination)] = combination
        else:
            _free(marked, combination, edited)
    draft.edits = draft.edits.changed(impossible=tuple(marked.values()))


def _free(
    marked: dict[frozenset[tuple[str, str]], Combination],
    combination: Combination,
    edited: EditedLabels,
) -> None:
    """Take the mark off one combination; of a mark on some of its parts, the others keep theirs."""
    for own in [own for own in marked if own <= set(combination)]:
        del marked[own]
        for c in range(len(edited.rows)):
            other = edited.combination(c)
            if own <= set(other) and other != combination:
                marked[frozenset(other)] = other


def _left_out(edited: EditedLabels) -> None:
    for reason in dict.fromkeys(filter(None, edited.reasons)):
        which = np.array([text == reason for text in edited.reasons])
        texts = count(int(edited.rows[which].sum()), "text")
        st.text(f"{texts} of {count(int(which.sum()), 'combination')} left out: {reason}.")
