"""Library: this session's runs, and published ones."""

import streamlit as st

from lossviz.ui.chip import data_chip
from lossviz.ui.library.project_file import project_section
from lossviz.ui.library.published import published_run
from lossviz.ui.library.report import report_section
from lossviz.ui.library.saved_model import saved_model_section
from lossviz.ui.library.shelf import shelf
from lossviz.ui.library.table import library_section
from lossviz.ui.present.scenes import scenes_section
from lossviz.ui.state.session import this_session

session, kept = this_session(), shelf()

if not published_run(session, kept):
    data_chip(session.source)
    st.title("Library", anchor=False)
    library_section(session, kept)
    project_section(session)
    saved_model_section(session)
    report_section(session)
    scenes_section(session)
