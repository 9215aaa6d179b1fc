"""Changing the values of one part of a draft's label: names, what becomes one, order."""

from __future__ import annotations

from typing import get_args

import pandas as pd
import streamlit as st

from lossviz.data import EditedLabels, LabelParts
from lossviz.data.labels.edits import OTHER, Order, PartEdits
from lossviz.ui.state.session import Draft

SHOWN = 1_000
HEIGHT = 320
SORTS: dict[Order, str] = {
    "name": "by name, numbers by size",
    "count": "the commonest first",
    "file": "as they come in the file",
}


def value_editor(draft: Draft, read: LabelParts, edited: EditedLabels) -> None:
    """A part is chosen; its values are a table whose names can be typed over."""
    names = dict(zip(edited.parts, edited.names, strict=True))
    part = edited.parts[0]
    if len(names) > 1:
        part = st.selectbox(
            "Part", list(names), format_func=lambda value: names[value], key=f"{draft.id}-values-of"
        )
    if part not in names:  # left out a moment ago
        part = edited.parts[0]
    _rare(draft, part)
    _sort(draft, part)
    _table(draft, read, part)
    k = edited.parts.index(part)
    becoming = len(edited.values[k])
    before = len(read.values[read.names.index(part)])
    if becoming < before:
        st.text(f"{before:,} values become {becoming:,}.")


def _rare(draft: Draft, part: str) -> None:
    part_edits = draft.edits.of(part)
    key = f"{draft.id}-{draft.edition}-{part}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            "Merge values with fewer texts than",
            min_value=0,
            max_value=1_000_000,
            value=part_edits.rare,
            key=f"{key}-rare",
            on_change=_take,
            args=(draft, part, "rare", f"{key}-rare"),
            width=240,
        )
        st.text_input(
            "into",
            part_edits.other,
            max_chars=40,
            key=f"{key}-other",
            on_change=_take,
            args=(draft, part, "other", f"{key}-other"),
            width=180,
        )


def _sort(draft: Draft, part: str) -> None:
    key = f"{draft.id}-{draft.edition}-{part}-sort"
    st.selectbox(
        "Order of the values",
        get_args(Order),
        index=get_args(Order).index(draft.edits.of(part).sort),
        format_func=lambda value: SORTS[value],
        help="For an order of your own, number the values in the table: those come first.",
        key=key,
        on_change=_take,
        args=(draft, part, "sort", key),
    )


def _take(draft: Draft, part: str, field: str, key: str) -> None:
    value = st.session_state[key] or (OTHER if field == "other" else 0)
    draft.edits = draft.edits.with_part(part, **{field: value})


def _table(draft: Draft, read: LabelParts, part: str) -> None:
    key = f"{draft.id}-{draft.edition}-{part}-values"
    if key not in st.session_state or key not in draft.tables:
        # Kept as it was when it came: cells are edits of this table for as long as it is shown.
        draft.tables = {key: _values(read, part, draft.edits.of(part))}
    table = draft.tables[key]
    st.data_editor(
        table,
        key=key,
        hide_index=True,
        height=min(38 + 35 * len(table), HEIGHT),
        disabled=["value", "texts"],
        column_config={
            "texts": st.column_config.NumberColumn("texts", format="localized"),
            "shown": st.column_config.TextColumn(
                "shown as", help="Values with the same name become one", max_chars=60
            ),
            "place": st.column_config.NumberColumn(
                "place", help="Values with a place come first, in this order", min_value=1, step=1
            ),
        },
        on_change=_take_cells,
        args=(draft, part, key),
        placeholder="",
        alt="The values of a part, their texts, and what they are called",
    )
    if len(table) < len(read.values[read.names.index(part)]):
        st.caption(f"The {SHOWN:,} commonest values.")


def _values(read: LabelParts, part: str, edits: PartEdits) -> pd.DataFrame:
    k = read.names.index(part)
    shown = [edits.value(value) for value in read.values[k]]
    places = {value: place for place, value in enumerate(edits.first, start=1)}
    table = pd.DataFrame(
        {
            "value": read.values[k],
            "texts": read.value_counts(k),
            "shown": shown,
            "place": pd.array([places.get(value) for value in shown], dtype="Int64"),
        }
    )
    return table.sort_values("texts", ascending=False, kind="stable", ignore_index=True)[:SHOWN]


def _take_cells(draft: Draft, part: str, key: str) -> None:
    """What was typed into the table, as edits."""
    table = draft.tables[key].copy()
    for row, cells in st.session_state[key]["edited_rows"].items():
        for column, cell in cells.items():
            table.loc[int(row), column] = cell if cell is not None else pd.NA
    called = {
        value: name.strip()
        for value, name in zip(table["value"], table["shown"].fillna(""), strict=True)
        if name.strip()
    }
    part_edits = draft.edits.of(part)
    shown = dict(part_edits.shown) | called
    placed = table.dropna(subset=["place"]).sort_values("place", kind="stable")
    first = dict.fromkeys(called.get(value, value) for value in placed["value"])
    draft.edits = draft.edits.with_part(
        part,
        shown={value: name for value, name in shown.items() if part_edits.rest or name != value},
        first=tuple(first),
    )
