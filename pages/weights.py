"""Weights: can α and β be learned? Learned weightings beside fixed ones, over several seeds."""

import streamlit as st

from lossviz.ui.chip import data_chip
from lossviz.ui.state.session import this_session
from lossviz.ui.study.controls import ideas, study_controls
from lossviz.ui.study.live import (
    live_answer,
    nothing_to_weigh,
    study_exhibits,
    study_of,
)

session = this_session()
study, view = study_of(session), session.view
view.forget()  # a full rerun draws every chart again

data_chip(session.source)
st.title("Can α and β be learned?", anchor=False)
if nothing_to_weigh(session):
    st.stop()
live_answer(study, view)
study_controls(study)
study_exhibits(study)
ideas(study)
