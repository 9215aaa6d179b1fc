"""Mapping the columns of a file that was read, before it is used."""

from __future__ import annotations

import streamlit as st

from lossviz.datasets import (
    ColumnMapping,
    Dataset,
    LabelReading,
    Table,
    build_dataset,
    check_trainable,
    profile,
    propose_readings,
    reading_for,
)
from lossviz.errors import LossVizError
from lossviz.ui.dropped import dropped_rows
from lossviz.ui.state import Draft, Source, State
from lossviz.ui.upload import read_draft
from lossviz.ui.words import count

PREVIEW_ROWS = 8
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


def mapping_section(own: State) -> None:
    """What was read, how it is understood, and the button that puts it to use."""
    draft = own.draft
    if draft is None:
        return
    with st.container(border=True, key="draft"):
        st.subheader(f"{_name(draft.table)}: is this right?", anchor=False)
        st.text(" ".join(draft.table.notes))
        _reread(own, draft)
        st.dataframe(draft.table.frame.head(PREVIEW_ROWS), hide_index=True, alt="First rows")
        if draft.problem:
            st.warning(draft.problem, icon=":material/warning:")
        mapping = _columns(draft)
        names = _component_names(mapping) if mapping else ()
        dataset = _built(draft, mapping, names) if mapping else None
        _buttons(own, draft, mapping, dataset)


def _name(table: Table) -> str:
    return "".join(f"\\{c}" if c in r"\`*_[]$:<>~" else c for c in table.name[:60])


def _reread(own: State, draft: Draft) -> None:
    with st.expander("Not read as it should be?"), st.form("reread", border=False):
        left, middle, right = st.columns(3)
        delimiter = left.selectbox("Between cells", list(DELIMITERS))
        encoding = middle.selectbox("Text encoding", ENCODINGS)
        header = right.selectbox("Header", list(HEADERS))
        if st.form_submit_button("Read again"):
            read_draft(
                own,
                draft.table.name,
                draft.content,
                delimiter=DELIMITERS[delimiter],
                encoding=None if encoding == "found" else encoding,
                header=HEADERS[header],
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
        default=[own for own in proposed.labels if own != text] if proposed else [],
        key=f"{prefix}-labels",
        max_selections=12,
    )
    if text is None or not labels:
        st.info("Choose the text column and at least one label column.", icon=":material/info:")
        return None
    reading = _reading(draft, labels)
    return ColumnMapping(text, tuple(labels), reading) if reading else None


def _reading(draft: Draft, labels: list[str]) -> LabelReading | None:
    cells = [(label, draft.table.cells(label)) for label in labels]
    readings = {_title(own): own for own in propose_readings(cells)}
    if len(labels) == 1:
        chosen = st.selectbox(
            "How a label is read",
            [*readings, OTHER],
            key=f"{draft.id}-reading-{labels[0]}",
        )
    else:
        chosen = next(iter(readings))
    if chosen == OTHER:
        separator = st.text_input("Between the parts stands", max_chars=5, key=f"{draft.id}-sep")
        if not separator:
            return None
        try:
            reading = reading_for(cells, separator)
        except LossVizError as error:
            st.warning(str(error), icon=":material/warning:")
            return None
    else:
        reading = readings[chosen]
    st.text(reading.evidence)
    return reading


def _title(reading: LabelReading) -> str:
    parts = f"{len(reading.names)} parts"
    return {
        "whole": "as one part",
        "characters": f"{parts}, one character each",
        "columns": f"{parts}, one column each",
        "separator": f"{parts}, split at “{reading.separator}”",
    }[reading.kind]


def _component_names(mapping: ColumnMapping) -> tuple[str, ...]:
    proposed = mapping.reading.names
    st.caption("What each part is called, on every page:")
    with st.container(horizontal=True):
        return tuple(
            st.text_input(
                f"Part {k + 1}",
                name,
                max_chars=40,
                key=f"name-{k}-{'·'.join(mapping.labels)}-{mapping.reading.separator}",
            ).strip()
            or name
            for k, name in enumerate(proposed)
        )


def _built(draft: Draft, mapping: ColumnMapping, names: tuple[str, ...]) -> Dataset | None:
    key = (mapping, names)
    if draft.built is None or draft.built[0] != key:
        try:
            with st.spinner("Reading the labels"):
                dataset = build_dataset(draft.table, mapping, names=names)
                check_trainable(dataset)
                draft.built = (key, dataset)
        except LossVizError as error:
            st.error(str(error), icon=":material/error:")
            return None
    return draft.built[1]


def _buttons(
    own: State, draft: Draft, mapping: ColumnMapping | None, dataset: Dataset | None
) -> None:
    if dataset is not None and dataset.dropped:
        st.caption(f"{count(len(dataset.dropped), 'row')} cannot be used; see below.")

    label = f"Use these {count(len(dataset), 'text')}" if dataset else "Use these texts"
    with st.container(horizontal=True):
        # Acted on here, not in a callback: by now a name that was just typed has arrived.
        use = st.button(label, type="primary", key="use-draft", disabled=dataset is None)
        forget = st.button("Put it away", key="forget-draft")
    if use and mapping is not None and dataset is not None:
        own.use(Source(draft.table.name, draft.table, mapping, dataset, profile(dataset)))
    if use or forget:
        own.draft = None
        st.rerun()
    if dataset is not None:
        dropped_rows(dataset, key="draft-dropped")
