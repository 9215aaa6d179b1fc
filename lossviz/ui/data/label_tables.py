"""The tables of a draft's label: its values to be renamed, merged and ordered, its combinations
to be left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import numpy as np
import pandas as pd
import streamlit as st

from lossviz.data import EditedLabels, LabelParts, edit_labels
from lossviz.data.labels.edited import IMPOSSIBLE
from lossviz.data.labels.edits import OTHER, Order, PartEdits
from lossviz.experiments.words import count
from lossviz.schema import Codes
from lossviz.ui.parts.tables import table_height
from lossviz.ui.state.session import Draft

Combination = tuple[tuple[str, str], ...]
SHOWN = 1_000
HEIGHT = 320
SORTS: dict[Order, str] = {
    "name": "by name, numbers by size",
    "count": "the commonest first",
    "file": "as they come in the file",
}


def key_of(draft: Draft, *names: str) -> str:
    """Of a control that edits the draft: another one once it is filled in anew."""
    return "-".join((draft.id, str(draft.edition), *names))


def _table(
    tables: dict[str, pd.DataFrame], key: str, make: Callable[[], pd.DataFrame]
) -> pd.DataFrame:
    """The table as it was when it came: cells are edits of it for as long as it is shown."""
    if key not in st.session_state or key not in tables:
        tables.clear()
        tables[key] = make()
    return tables[key]


def value_editor(draft: Draft, read: LabelParts, edited: EditedLabels) -> None:
    """A part is chosen; its values are a table whose names can be typed over."""
    names = dict(zip(edited.parts, edited.names, strict=True))
    part = edited.parts[0]
    if len(names) > 1:
        part = st.selectbox(
            "Part", list(names), format_func=names.__getitem__, key=f"{draft.id}-values-of"
        )
    if part not in names:  # left out a moment ago
        part = edited.parts[0]
    _rare(draft, part)
    _sort(draft, part)
    _value_table(draft, read, part)
    becoming = len(edited.values[edited.parts.index(part)])
    before = len(read.values[read.names.index(part)])
    if becoming < before:
        st.text(f"{before:,} values become {becoming:,}.")


def _rare(draft: Draft, part: str) -> None:
    part_edits = draft.edits.of(part)
    rare, other = key_of(draft, part, "rare"), key_of(draft, part, "other")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            "Merge values with fewer texts than",
            min_value=0,
            max_value=1_000_000,
            value=part_edits.rare,
            key=rare,
            on_change=_take,
            args=(draft, part, "rare", rare),
            width=240,
        )
        st.text_input(
            "into",
            part_edits.other,
            max_chars=40,
            key=other,
            on_change=_take,
            args=(draft, part, "other", other),
            width=180,
        )


def _sort(draft: Draft, part: str) -> None:
    key = key_of(draft, part, "sort")
    st.selectbox(
        "Order of the values",
        get_args(Order),
        index=get_args(Order).index(draft.edits.of(part).sort),
        format_func=SORTS.__getitem__,
        help="For an order of your own, number the values in the table: those come first.",
        key=key,
        on_change=_take,
        args=(draft, part, "sort", key),
    )


def _take(draft: Draft, part: str, field: str, key: str) -> None:
    value = st.session_state[key] or (OTHER if field == "other" else 0)
    draft.edits = draft.edits.with_part(part, **{field: value})


def _value_table(draft: Draft, read: LabelParts, part: str) -> None:
    key = key_of(draft, part, "values")
    table = _table(draft.tables, key, lambda: _values(read, part, draft.edits.of(part)))
    st.data_editor(
        table,
        key=key,
        hide_index=True,
        height=table_height(len(table), HEIGHT),
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


def combination_editor(draft: Draft, read: LabelParts, edited: EditedLabels) -> EditedLabels:
    """A number below which combinations are left out, and a table in which to tick some."""
    least = st.number_input(
        "Leave out combinations with fewer texts than",
        min_value=0,
        max_value=1_000_000,
        value=draft.edits.least,
        key=key_of(draft, "least"),
        width=320,
    )
    draft.edits = draft.edits.changed(least=least)
    _combination_table(draft, edited)
    edited = edit_labels(read, draft.edits)
    _left_out(edited)
    return edited


def _combination_table(draft: Draft, edited: EditedLabels) -> None:
    shape = hash((edited.parts, edited.values, edited.combinations.tobytes()))
    key = key_of(draft, "combinations", str(shape))
    order = np.argsort(edited.rows, kind="stable")[:SHOWN]
    table = _table(draft.ticks, key, lambda: _combinations(edited, order))
    names = {f"part{k}": name for k, name in enumerate(edited.names)}
    st.data_editor(
        table,
        key=key,
        hide_index=True,
        height=table_height(len(table), HEIGHT),
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
    marked = {frozenset(combination): combination for combination in draft.edits.impossible}
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
    for mark in [mark for mark in marked if mark <= set(combination)]:
        del marked[mark]
        for c in range(len(edited.rows)):
            other = edited.combination(c)
            if mark <= set(other) and other != combination:
                marked[frozenset(other)] = other


def _left_out(edited: EditedLabels) -> None:
    for reason in dict.fromkeys(filter(None, edited.reasons)):
        which = np.array([why == reason for why in edited.reasons])
        texts = count(int(edited.rows[which].sum()), "text")
        st.text(f"{texts} of {count(int(which.sum()), 'combination')} left out: {reason}.")
