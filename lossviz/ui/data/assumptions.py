"""What was taken for granted about a file that is being mapped, and a press that overrules each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from lossviz.data import Assumption, ColumnMapping, LabelParts, LeftOut
from lossviz.data.account import merging
from lossviz.data.labels.parts import SIDES, sides_of
from lossviz.ui.data.upload import read_draft
from lossviz.ui.parts.words import plain
from lossviz.ui.state.session import Draft, Session

MOST_LINES = 12
"""Columns that are not proposed and have a line of their own."""


def assumption_section(session: Session, draft: Draft, read: LabelParts | None) -> None:
    """A line for each assumption, and one for each column that is not proposed."""
    proposal = draft.proposal
    if proposal is None or draft.content is None:
        return
    lines = (*proposal.assumptions, *(merging(read.merged) if read else ()))
    if lines:
        st.markdown("**What was assumed**")
    for assumption in lines:
        _line(assumption.words, *_press(session, draft, assumption), key=assumption.what)
    if proposal.left_out:
        st.markdown("**Not proposed as a part of the label**")
    for column in proposal.left_out[:MOST_LINES]:
        _left_out(draft, column)
    if rest := proposal.left_out[MOST_LINES:]:
        st.caption(plain("; ".join(column.words for column in rest)))


Press = tuple[str, Callable[[], None] | None]


def _line(words: str, label: str, press: Callable[[], None] | None, *, key: str) -> None:
    with st.container(
        horizontal=True, vertical_alignment="center", wrap=False, key=f"assumed-{key}"
    ):
        st.text(words, width="stretch")
        if press is not None:
            st.button(label, key=f"overrule-{key}", on_click=press)


def _press(session: Session, draft: Draft, assumption: Assumption) -> Press:
    """What a button says, and what it does; none where the fields below are the press."""
    if assumption.deniable:
        return "Not so", partial(_deny, session, draft, assumption.what)
    if assumption.what == "parts" and assumption.runner_up:
        return "The other way", partial(_read_as, draft, assumption.runner_up)
    if assumption.what == "text":
        return "The other one", partial(_text, draft, assumption)
    return "", None


def _deny(session: Session, draft: Draft, what: str) -> None:
    assert draft.content is not None
    choices = draft.choices.copy()
    choices["without"] = [*choices.get("without", ()), what]
    read_draft(session, draft.table.name, draft.content, **choices)


def _read_as(draft: Draft, title: str) -> None:
    if draft.mapping is not None:
        st.session_state[draft.reading_key(draft.mapping.labels)] = title


def _text(draft: Draft, assumption: Assumption) -> None:
    rival = next((c for c in draft.table.columns if f"{c!r}" in assumption.runner_up), None)
    if rival is not None:
        st.session_state[f"{draft.id}-text"] = rival


def _left_out(draft: Draft, column: LeftOut) -> None:
    _line(f"{column.words}.", "Use it", partial(_use, draft, column.column), key=column.column)


def _use(draft: Draft, column: str) -> None:
    """Among the label columns, in the file's order."""
    key = f"{draft.id}-labels"
    labels = {*st.session_state.get(key, ()), column}
    st.session_state[key] = [name for name in draft.table.columns if name in labels]


def split_field(draft: Draft, mapping: ColumnMapping) -> str:
    """The column that is used as the split, where there is one and it is ticked."""
    split = draft.proposal.split if draft.proposal else mapping.split
    if not split or split in mapping.labels or split == mapping.text:
        return ""
    sides = sides_of(draft.table, split).tolist()
    counts = ", ".join(f"{side} {sides.count(k):,}" for k, side in enumerate(SIDES))
    ticked = st.checkbox(
        plain(f"Use the split that the column {split!r} tells: {counts}"),
        value=bool(draft.mapping and draft.mapping.split),
        key=f"{draft.id}-split",
        help="Without it the texts that judge are drawn by lot.",
    )
    return split if ticked else ""
