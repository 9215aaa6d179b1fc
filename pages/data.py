"""Data: choose or upload, map the columns, and see what is in them."""

import streamlit as st

from lossviz.ui.mapping import mapping_section
from lossviz.ui.profile import profile_section
from lossviz.ui.state import state
from lossviz.ui.upload import choose_data

own = state()

st.title("Data", anchor=False)
choose_data(own)
mapping_section(own)
profile_section(own)
