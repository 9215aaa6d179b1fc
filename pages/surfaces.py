"""Surfaces: the loss around what each run found, and between the runs."""

import streamlit as st

from lossviz.ui.chip import data_chip
from lossviz.ui.state.session import this_session
from lossviz.ui.surfaces.controls import surface_controls, surface_downloads
from lossviz.ui.surfaces.panels import live_surfaces, nothing_trained
from lossviz.ui.surfaces.pictures import keep_up, surfaces_of
from lossviz.ui.surfaces.trust import between_runs, doubts_panel

session = this_session()
bench = surfaces_of(session)

data_chip(session.source)
st.title("What does the loss look like around a solution?", anchor=False)
if nothing_trained(session.lab):
    st.stop()
keep_up(bench, session.lab)
surface_controls(bench, session.lab)
live_surfaces(session, bench)
doubts_panel(bench)
between_runs(bench)
surface_downloads(bench, session.lab)
