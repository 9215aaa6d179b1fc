"""Choosing data: a sample, or a file of one's own."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Unpack

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from lossviz.apart import Reading, Stored
from lossviz.data import Table, propose, read_table, samples
from lossviz.data.files.apart import packed, read_apart
from lossviz.data.files.table import Choices
from lossviz.errors import LossVizError
from lossviz.guards import MAX_UPLOAD
from lossviz.ui.parts.follow import outdated
from lossviz.ui.parts.progress import bar
from lossviz.ui.parts.words import plain
from lossviz.ui.root import ROOT
from lossviz.ui.state.session import Draft, Incoming, Session, this_session
from lossviz.ui.uploads import taken_together

SMALL = 500_000
"""Bytes of text that are read while the page waits: about a tenth of a second."""
PATIENCE = 0.5
"""Seconds to wait for a reading at first, and between two looks at it."""


def choose_data(session: Session) -> None:
    """Samples on one side, a file on the other."""
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("A sample", anchor=False)
        for sample in samples():
            used = session.data.sample == sample.id
            with st.container(horizontal=True, wrap=False, vertical_alignment="center"):
                st.button(
                    "In use" if used else "Use",
                    key=f"sample-{sample.id}",
                    on_click=session.use_sample,
                    args=(sample.id,),
                    disabled=used,
                    width=90,
                )
                st.markdown(f"**{sample.title}.** {sample.description}", width="stretch")
    with right:
        st.subheader("Your own file", anchor=False)
        file_field("upload")


def file_field(key: str) -> None:
    """Take a file, or several as one; what cannot be read leaves everything as it was."""

    session = this_session()

    def take() -> None:
        # And not those that were taken before.
        files = [file for file in st.session_state[key] if isinstance(file, UploadedFile)]
        session.refused, refused = False, session.refused
        if files and not refused:
            names = " + ".join(file.name for file in files)
            read_draft(session, names, taken_together(files))

    st.file_uploader(
        f"CSV, TSV, JSON, Parquet, Excel or OpenDocument, up to {MAX_UPLOAD >> 20} MB",
        key=key,
        accept_multiple_files=True,
        on_change=take,
        help="A text and its label in each row; any delimiter, with or without a header, in any "
        "encoding; .gz and .zip too. Several files that are chosen together, or in a zip, are read "
        "as one; train.csv, dev.csv and test.csv are the split. It stays on this server, for a day "
        "after you used it last, and goes nowhere else. For larger files there is the command "
        "line: `python -m lossviz fit FILE`.",
    )
    outdated("upload-problem", lambda: session.upload_problem)
    if session.upload_problem:
        st.error(plain(session.upload_problem), icon=":material/error:")
        st.caption("The data in use, and their runs, are as they were.")
    _incoming(session)


def progress_of(reading: Reading[Any]) -> str:
    """How far a file is: read for how long already, or how many are read before it."""
    before, wait = reading.before
    if not before:
        return f"Reading {reading.name[:60]}, {time.monotonic() - reading.since:.0f} s"
    others = "1 other is" if before == 1 else f"{before:,} others are"
    return f"{others} being read; {reading.name[:60]} starts in about {max(wait, 1):.0f} s"


def read_draft(session: Session, name: str, content: Stored, **choices: Unpack[Choices]) -> None:
    """Read a file as a draft, or remember in one sentence why not.

    Small text is read here, everything else in a process of its own, which the page waits for.
    """
    session.upload_problem = ""
    give_up_reading(session)
    if content.size > MAX_UPLOAD:
        session.upload_problem = (
            f"{name} has {content.size / 2**20:.0f} MB; up to {MAX_UPLOAD >> 20} MB can be used in "
            "the browser. The command line takes larger ones: python -m lossviz fit FILE."
        )
    elif content.size <= SMALL and not packed(text := content.read()):
        _take_in(session, content, choices, lambda: read_table(text, name, **choices))
    else:
        session.incoming = Incoming(name, content, read_apart(content, name, **choices), choices)
        if session.incoming.reading.wait(PATIENCE):
            _arrive(session, session.incoming)


def _take_in(
    session: Session, content: Stored, choices: Choices, read: Callable[[], Table]
) -> None:
    try:
        table = read()
    except LossVizError as error:
        session.upload_problem = str(error)
        return
    try:
        proposal, problem = propose(table, without=choices.get("without", ())), ""
    except LossVizError as error:
        proposal, problem = None, str(error)
    session.draft = (
        Draft(content, table, None, problem, choices=choices)
        if proposal is None
        else Draft(content, proposal.table, proposal.mapping, problem, proposal, choices)
    )


def _arrive(session: Session, incoming: Incoming) -> None:
    session.incoming = None
    _take_in(session, incoming.content, incoming.choices, incoming.reading.result)


def _incoming(session: Session) -> None:
    """A file that is being read: for how long already, and a button that gives it up."""
    incoming = session.incoming
    if incoming is None:
        return
    if incoming.reading.done:
        _arrive(session, incoming)
        st.rerun()

    outdated("read", lambda: incoming.reading.done, False)
    with st.container(horizontal=True, vertical_alignment="center", key="incoming"):
        bar("reading", lambda: (None, progress_of(incoming.reading)))
        st.button(
            "Stop",
            icon=":material/stop:",
            key="stop-reading",
            on_click=give_up_reading,
            args=(session,),
        )


def give_up_reading(session: Session) -> None:
    """Forget the file that is being read, if there is one."""
    if session.incoming is not None:
        session.incoming.reading.stop()
        session.incoming = None


def to_data_page_if_read(session: Session) -> None:
    """From another page on to the Data page, once a file has been chosen."""
    read = session.draft is not None and not session.draft.announced
    if read or session.incoming is not None:
        if session.draft is not None:
            session.draft.announced = True
        st.switch_page(ROOT / "pages" / "data.py")
