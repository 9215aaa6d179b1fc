"""Library: this session's runs, and published ones."""

import streamlit as st

from lossviz.ui.chip import data_chip
from lossviz.ui.library_shelf import shelf
from lossviz.ui.library_table import library_section
from lossviz.ui.project_file import project_section
from lossviz.ui.published import published_run
from lossviz.ui.report import report_section
from lossviz.ui.scenes import scenes_section
from lossviz.ui.state import state

own, kept = state(), shelf()

if not published_run(own, kept):
    data_chip(own.source)
    st.title("Library", anchor=False)
    library_section(own, kept)
    project_section(own)
    report_section(own)
    scenes_section(own)
