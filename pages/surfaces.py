"""Surfaces: the loss around what each run found, and between the runs."""

import streamlit as st

from lossviz.ui.chip import data_chip
from lossviz.ui.state.session import state
from lossviz.ui.surfaces.controls import relief_controls, surface_downloads
from lossviz.ui.surfaces.panels import live_relief, nothing_trained
from lossviz.ui.surfaces.relief import keep_up, relief_of
from lossviz.ui.surfaces.trust import between_runs, doubts_panel

session = state()
relief = relief_of(session)
session.view.forget()  # a full rerun draws every chart again

data_chip(session.source)
st.title("What does the loss look like around a solution?", anchor=False)
if nothing_trained(session.lab):
    st.stop()
keep_up(relief, session.lab)
relief_controls(relief, session.lab)
live_relief(session, relief)
doubts_panel(relief)
between_runs(relief)
surface_downloads(relief, session.lab)
