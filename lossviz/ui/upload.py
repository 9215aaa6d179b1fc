"""Choosing data: a sample, or a file of one's own."""

from __future__ import annotations

import streamlit as st

from lossviz.datasets import propose_mapping, read_table, samples
from lossviz.errors import LossVizError
from lossviz.ui.server import ROOT
from lossviz.ui.state import Draft, State, state

MOST_BYTES = 50 * 2**20


def choose_data(own: State) -> None:
    """Samples on one side, a file on the other."""
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("A sample", anchor=False)
        for sample in samples():
            used = own.source.sample == sample.id
            with st.container(horizontal=True, wrap=False, vertical_alignment="center"):
                st.button(
                    "In use" if used else "Use",
                    key=f"sample-{sample.id}",
                    on_click=own.use_sample,
                    args=(sample.id,),
                    disabled=used,
                    width=90,
                )
                st.markdown(f"**{sample.title}.** {sample.description}", width="stretch")
    with right:
        st.subheader("Your own file", anchor=False)
        file_field("upload")


def file_field(key: str) -> None:
    """Take a file; what cannot be read leaves everything as it was."""

    def take() -> None:
        file = st.session_state[key]
        if file is not None:
            read_draft(state(), file.name, file.getvalue())

    st.file_uploader(
        "CSV or TSV with a text and its label in each row",
        key=key,
        on_change=take,
        help="Any delimiter, with or without a header, UTF-8 or not. At most 50 MB. It stays in "
        "this server's memory until you close the page, and goes nowhere else.",
    )
    problem = state().upload_problem
    if problem:
        st.error(problem, icon=":material/error:")
        st.caption("The data in use, and their runs, are as they were.")


def read_draft(own: State, name: str, content: bytes, **options: object) -> None:
    """Read a file as a draft, or remember in one sentence why not."""
    own.upload_problem = ""
    if len(content) > MOST_BYTES:
        own.upload_problem = (
            f"{name} has {len(content) / 2**20:.0f} MB; up to 50 MB can be used in the browser. "
            "The command line takes larger ones: python -m lossviz fit FILE."
        )
        return
    try:
        table = read_table(content, name, **options)  # type: ignore[arg-type]
    except LossVizError as error:
        own.upload_problem = str(error)
        return
    try:
        mapping, problem = propose_mapping(table), ""
    except LossVizError as error:
        mapping, problem = None, str(error)
    own.draft = Draft(content, table, mapping, problem)


def to_data_page_if_read(own: State) -> None:
    """From another page on to the Data page, once a file has been read."""
    if own.draft is not None and not own.draft.announced:
        own.draft.announced = True
        st.switch_page(ROOT / "pages" / "data.py")
