"""Mapping the columns of a file that was read, before it is used."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from lossviz.apart import Stored
from lossviz.data import (
    ColumnMapping,
    Dataset,
    LabelParts,
    LabelReading,
    Table,
    check_trainable,
    edited_dataset,
    live_sample,
    profile,
    propose_readings,
    read_parts,
    reading_for,
)
from lossviz.data.account import merging
from lossviz.data.giveaways import giveaways
from lossviz.data.labels.mapping import EXACT
from lossviz.errors import LossVizError
from lossviz.experiments.words import count
from lossviz.figures.base.chart import shortened
from lossviz.sharing.project import Data
from lossviz.ui.data.assumptions import assumption_section, split_field
from lossviz.ui.data.label_editor import label_editor
from lossviz.ui.data.texts import dropped_rows
from lossviz.ui.data.upload import read_draft
from lossviz.ui.parts.words import plain
from lossviz.ui.state.bench import Source, sample_source
from lossviz.ui.state.session import Draft, Session, Usable

PREVIEW_ROWS = 8
LONGEST_NAME = 60
DELIMITERS = {
    "found": None,
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "bar |": "|",
    "colon": ":",
}
ENCODINGS = ("found", "utf-8", "cp1252", "latin-1", "utf-16")
HEADERS = {"found": None, "first row is a header": True, "no header": False}
OTHER = "split at another character"


def mapping_section(session: Session) -> None:
    """What was read, how it is understood, and the button that puts it to use."""
    draft = session.draft
    if draft is None:
        return
    with st.container(border=True, key="draft"):
        name = plain(shortened(draft.table.name, LONGEST_NAME))
        title = f"{name}: is this right?" if draft.content else f"Edit the labels of {name}"
        st.subheader(title, anchor=False)
        if draft.content:
            st.text(" ".join(draft.table.notes))
            _reread(session, draft, draft.content)
        st.dataframe(draft.table.frame.head(PREVIEW_ROWS), hide_index=True, alt="First rows")
        if draft.problem:
            st.warning(plain(draft.problem), icon=":material/warning:")
        said = st.container()
        mapping = _columns(draft)
        read = _parts(draft, mapping) if mapping else None
        with said:
            assumption_section(session, draft, read)
        edited = label_editor(draft, read) if read else None
        usable = _usable(draft, mapping, read) if mapping and read and edited else None
        _buttons(session, draft, mapping, usable)


def edit_again(session: Session) -> None:
    """A button that makes a draft of the data in use: they stay in use until it is."""

    def open_draft() -> None:
        data = session.data
        session.draft = Draft(None, data.table, data.mapping, edits=data.edits, sample=data.sample)

    st.button(
        "Edit the labels",
        key="edit-labels",
        icon=":material/edit:",
        on_click=open_draft,
        disabled=session.draft is not None,
        help="Rename, reorder or merge values of the data in use, or leave some out",
    )


def _reread(session: Session, draft: Draft, content: Stored) -> None:
    with st.expander("Not read as it should be?"), st.form("reread", border=False):
        left, middle, right, far = st.columns(4)
        sheet = far.text_input(
            "Sheet", max_chars=100, placeholder=draft.table.format.part or "of a workbook"
        )
        delimiter = left.selectbox("Between cells", list(DELIMITERS))
        encoding = middle.selectbox("Text encoding", ENCODINGS)
        header = right.selectbox("Header", list(HEADERS))
        if st.form_submit_button("Read again"):
            read_draft(
                session,
                draft.table.name,
                content,
                delimiter=DELIMITERS[delimiter],
                encoding=None if encoding == "found" else encoding,
                header=HEADERS[header],
                sheet=sheet.strip() or None,
                without=draft.choices.get("without", ()),
            )
            st.rerun()


def _columns(draft: Draft) -> ColumnMapping | None:
    columns = list(draft.table.columns)
    proposed = draft.mapping
    prefix = draft.id
    left, right = st.columns(2)
    text = left.selectbox(
        "Text column",
        columns,
        index=columns.index(proposed.text) if proposed else None,
        key=f"{prefix}-text",
    )
    labels = right.multiselect(
        "Label column, or several: one for each part",
        [column for column in columns if column != text],
        default=[label for label in proposed.labels if label != text] if proposed else [],
        key=f"{prefix}-labels",
        max_selections=12,
    )
    if text is None or not labels:
        st.info("Choose the text column and at least one label column.", icon=":material/info:")
        return None
    reading = _reading(draft, labels)
    if reading is None:
        return None
    mapping = ColumnMapping(text, tuple(labels), reading)
    return replace(mapping, split=split_field(draft, mapping))


def _reading(draft: Draft, labels: list[str]) -> LabelReading | None:
    readings = {reading.title: reading for reading in _readings(draft, labels)}
    choices = list(readings) + ([OTHER] if len(labels) == 1 else [])
    chosen = choices[0]
    if len(choices) > 1:
        mapped = draft.mapping.reading if draft.mapping else None
        known = [title for title, reading in readings.items() if reading == mapped]
        chosen = st.selectbox(
            "How a label is read",
            choices,
            index=choices.index(known[0]) if known else 0,
            key=draft.reading_key(labels),
        )
    if chosen == OTHER:
        separator = st.text_input("Between the parts stands", max_chars=5, key=f"{draft.id}-sep")
        if not separator:
            return None
        try:
            reading = reading_for(_cells(draft, labels), separator, _exact(draft))
        except LossVizError as error:
            st.warning(plain(str(error)), icon=":material/warning:")
            return None
    else:
        reading = readings[chosen]
    st.text(reading.evidence)
    return reading


def _cells(draft: Draft, labels: list[str]) -> list[tuple[str, list[str]]]:
    return [(label, draft.table.cells(label)) for label in labels]


def _exact(draft: Draft) -> tuple[str, ...]:
    """What is not read otherwise than it is written."""
    if draft.content is None and draft.mapping is not None:
        return draft.mapping.reading.exact
    return tuple(word for word in EXACT if word in draft.choices.get("without", ()))


def _readings(draft: Draft, labels: list[str]) -> tuple[LabelReading, ...]:
    """Those that are plausible, and the one by which the draft was mapped; found once."""
    key = tuple(labels)
    if draft.readings is None or draft.readings[0] != key:
        label_readings = propose_readings(_cells(draft, labels), _exact(draft))
        mapped = draft.mapping
        if mapped and mapped.labels == key and mapped.reading not in label_readings:
            label_readings = (mapped.reading, *label_readings)
        draft.readings = (key, label_readings)
    return draft.readings[1]


def _parts(draft: Draft, mapping: ColumnMapping) -> LabelParts | None:
    """The labels as they were read; once for a mapping."""
    if draft.parts is None or draft.parts[0] != mapping:
        try:
            draft.parts = (mapping, read_parts(draft.table, mapping))
        except LossVizError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return None
    return draft.parts[1]


def _usable(draft: Draft, mapping: ColumnMapping, read: LabelParts) -> Usable | None:
    key = (mapping, draft.edits)
    if draft.built is None or draft.built[0] != key:
        try:
            with st.spinner("Reading the labels"):
                dataset = edited_dataset(draft.table, mapping, read, draft.edits)
                check_trainable(dataset)
                draft.built = (key, Usable(len(dataset), dataset.dropped, giveaways(dataset)))
        except LossVizError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return None
    return draft.built[1]


def _buttons(
    session: Session, draft: Draft, mapping: ColumnMapping | None, usable: Usable | None
) -> None:
    for giveaway in usable.giveaways if usable is not None and draft.content else ():
        st.warning(plain(giveaway.words), icon=":material/warning:")
    if usable is not None and usable.dropped:
        st.caption(f"{count(len(usable.dropped), 'row')} cannot be used; see below.")

    label = f"Use these {count(usable.texts, 'text')}" if usable else "Use these texts"
    with st.container(horizontal=True):
        # Acted on here, not in a callback: by now a name that was just typed has arrived.
        use = st.button(label, type="primary", key="use-draft", disabled=usable is None)
        forget = st.button("Put it away" if draft.content else "Cancel", key="forget-draft")
    if use and mapping is not None and draft.parts is not None:
        dataset = edited_dataset(draft.table, mapping, draft.parts[1], draft.edits)
        session.use(_source(draft, mapping, dataset))
    if use or forget:
        session.draft = None
        st.rerun()
    if usable is not None:
        dropped_rows(usable.dropped, key="draft-dropped")


def _told(draft: Draft) -> Table:
    """The table, and what was taken for granted on the way to it, for whoever looks later."""
    proposal, parts = draft.proposal, draft.parts
    if proposal is None:
        return draft.table
    merged = merging(parts[1].merged) if parts else ()
    lines = [one.words for one in (*proposal.assumptions, *merged)]
    lines += [f"Not proposed: {column.words}." for column in proposal.left_out]
    return replace(draft.table, notes=(*draft.table.notes, *lines))


def _source(draft: Draft, mapping: ColumnMapping, dataset: Dataset) -> Source:
    """The data that the draft has become: what is trained on, and the profile of all of it.

    It is still one of the samples that come along where nothing of it was changed.
    """
    if draft.sample:
        sample = sample_source(draft.sample)
        if sample.data.dataset.digest == dataset.digest:
            return sample
    table = _told(draft)
    data = Data(table.name, "", table, mapping, live_sample(dataset), draft.edits)
    return Source(data, profile(dataset))
