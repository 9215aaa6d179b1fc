"""Data: choose or upload, map the columns, and see what is in them."""

import streamlit as st

from lossviz.ui.data.mapping import mapping_section
from lossviz.ui.data.profile import profile_section
from lossviz.ui.data.upload import choose_data
from lossviz.ui.mark import kept_mark
from lossviz.ui.state.session import this_session

session = this_session()

with st.container(horizontal=True, vertical_alignment="center"):
    st.title("Data", anchor=False, width="stretch")
    kept_mark(session)
choose_data(session)
mapping_section(session)
profile_section(session)
