"""Library: this session's runs, and published ones."""

import streamlit as st

from lossviz.ui.chip import data_chip
from lossviz.ui.library.project_file import project_section
from lossviz.ui.library.published import published_run
from lossviz.ui.library.report import report_section
from lossviz.ui.library.shelf import shelf
from lossviz.ui.library.table import library_section
from lossviz.ui.present.scenes import scenes_section
from lossviz.ui.state.session import state

own, kept = state(), shelf()

if not published_run(own, kept):
    data_chip(own.source)
    st.title("Library", anchor=False)
    library_section(own, kept)
    project_section(own)
    report_section(own)
    scenes_section(own)
