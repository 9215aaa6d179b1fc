"""Home: what this is, and three ways in."""

import streamlit as st

from lossviz.ui.home import doors, headline, live_picture
from lossviz.ui.state.session import this_session

session = this_session()

left, right = st.columns([2, 3], gap="large", vertical_alignment="center")
with left:
    headline()
with right:
    live_picture(session)
doors(session)
