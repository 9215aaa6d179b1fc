"""Changing the labels of a draft: what its parts are called, their order, which ones stay."""

from __future__ import annotations

from math import prod

import numpy as np
import streamlit as st

from lossviz.data import UNEDITED, EditedLabels, LabelEdits, LabelParts, edit_labels
from lossviz.errors import LossVizError
from lossviz.experiments.words import count
from lossviz.ui.data.label_tables import combination_editor, key_of, value_editor
from lossviz.ui.parts.words import plain
from lossviz.ui.state.bench import sample_source
from lossviz.ui.state.session import Draft

SUMMARISED = 4


def label_editor(draft: Draft, read: LabelParts) -> EditedLabels | None:
    """The parts, each in a row; their values and combinations are one click away.

    What is changed stands in the draft, so that nothing is lost while the page runs again.
    """
    st.markdown("**The parts of the label**, called on every page:")
    edited = _edited(draft, read)
    ordered = draft.edits.ordered(read.names)
    for place, part in enumerate(ordered):
        _part_row(draft, read, edited, part, place, len(ordered))
    edited = _edited(draft, read)
    if edited is None:
        return None
    left, right = st.columns(2)
    with left, st.expander("Values: rename, merge, order", icon=":material/edit:"):
        value_editor(draft, read, edited)
    with right, st.expander("Combinations: leave some out", icon=":material/grid_off:"):
        edited = combination_editor(draft, read, edited)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(_result(edited, len(read.rows)))
        if draft.edits != _first_edits(draft):
            st.button(
                "Start over",
                key=f"{draft.id}-start-over",
                icon=":material/undo:",
                help="The labels as they stand in the file",
                on_click=_start_over,
                args=(draft,),
            )
    return edited


def _edited(draft: Draft, read: LabelParts) -> EditedLabels | None:
    try:
        return edit_labels(read, draft.edits)
    except LossVizError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return None


def _part_row(
    draft: Draft,
    read: LabelParts,
    edited: EditedLabels | None,
    part: str,
    place: int,
    parts: int,
) -> None:
    key = key_of(draft, part)
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}-row"):
        name = st.text_input(
            f"Part {place + 1}",
            draft.edits.of(part).name or part,
            max_chars=40,
            key=f"{key}-name",
            label_visibility="collapsed",
            width=220,
        )
        called = name.strip() if name.strip() != part else ""
        draft.edits = draft.edits.with_part(part, name=called)
        st.text(_summary(edited, part), width="stretch")
        if parts > 1:
            _place_and_stay(draft, read, part, place, parts)


def _place_and_stay(draft: Draft, read: LabelParts, part: str, place: int, parts: int) -> None:
    key = key_of(draft, part)
    together = st.container(
        horizontal=True, wrap=False, vertical_alignment="center", width="content"
    )
    for by, icon, words in ((-1, "arrow_upward", "up"), (1, "arrow_downward", "down")):
        together.button(
            "",
            key=f"{key}-{words}",
            icon=f":material/{icon}:",
            help=f"One place {words}",
            disabled=not 0 <= place + by < parts,
            on_click=_move,
            args=(draft, read, part, by),
        )
    together.checkbox(
        "Leave out",
        part in draft.edits.without,
        key=f"{key}-without",
        on_change=_leave_out,
        args=(draft, part, f"{key}-without"),
    )


def _summary(edited: EditedLabels | None, part: str) -> str:
    """The values of a part with their texts, the commonest first."""
    if edited is None or part not in edited.parts:
        return "left out"
    k = edited.parts.index(part)
    values = sorted(zip(edited.values[k], edited.counts[k], strict=True), key=lambda pair: -pair[1])
    listed = ", ".join(f"{value[:30]} {number:,}" for value, number in values[:SUMMARISED])
    rest = len(values) - SUMMARISED
    return f"{listed} and {count(rest, 'more value')}" if rest > 0 else listed


def _result(edited: EditedLabels, rows: int) -> str:
    """``2 parts, 4 of 4 combinations, 4,850 texts; 12 left out``."""
    used = edited.used
    texts = int(edited.rows[used].sum())
    possible = prod(len(np.unique(column)) for column in edited.combinations[used].T)
    parts = count(len(edited.parts), "part")
    words = f"{parts}, {int(used.sum()):,} of {possible:,} combinations, {count(texts, 'text')}"
    return words + (f"; {rows - texts:,} left out." if texts < rows else ".")


def _move(draft: Draft, read: LabelParts, part: str, by: int) -> None:
    draft.edits = draft.edits.moved(read.names, part, by)


def _leave_out(draft: Draft, part: str, key: str) -> None:
    others = tuple(name for name in draft.edits.without if name != part)
    without = (*others, part) if st.session_state[key] else others
    draft.edits = draft.edits.changed(without=without)


def _first_edits(draft: Draft) -> LabelEdits:
    return sample_source(draft.sample).data.edits if draft.sample else UNEDITED


def _start_over(draft: Draft) -> None:
    draft.edits = _first_edits(draft)
    draft.edition += 1
