"""The frame around every page: configuration, style and navigation."""

import streamlit as st

from lossviz.ui.address.link import arrive, link_notes
from lossviz.ui.embedding import around
from lossviz.ui.parts.follow import open_line
from lossviz.ui.returning import come_back, former_note
from lossviz.ui.root import ROOT
from lossviz.ui.state.session import this_session

st.set_page_config(layout="wide", page_icon=str(ROOT / "assets" / "icon.svg"))
st.html(ROOT / "assets" / "lossviz.css")

PAGES = [
    st.Page(ROOT / "pages" / "home.py", title="Home", icon=":material/home:", default=True),
    st.Page(ROOT / "pages" / "data.py", title="Data", icon=":material/table:"),
    st.Page(ROOT / "pages" / "train.py", title="Train", icon=":material/play_circle:"),
    st.Page(ROOT / "pages" / "formulations.py", title="Formulations", icon=":material/functions:"),
    st.Page(ROOT / "pages" / "weights.py", title="Weights", icon=":material/tune:"),
    st.Page(
        ROOT / "pages" / "trade_off.py",
        title="Trade-off",
        icon=":material/balance:",
        url_path="trade-off",
    ),
    st.Page(ROOT / "pages" / "surfaces.py", title="Surfaces", icon=":material/landscape:"),
    st.Page(ROOT / "pages" / "library.py", title="Library", icon=":material/library_books:"),
    st.Page(ROOT / "pages" / "present.py", title="Present", visibility="hidden"),
    st.Page(ROOT / "pages" / "classroom.py", title="Classroom", visibility="hidden"),
]
page = st.navigation(PAGES, position="top")
come_back(page.url_path)
session = this_session()
session.channel.turn_page()
open_line()
arrive(session, page.url_path)
link_notes(session)
former_note()
around(session, page.url_path)
with session.channel.drawing:
    page.run()
