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
study = study_of(session)

data_chip(session.source)
st.title("Can α and β be learned?", anchor=False)
if nothing_to_weigh(session):
    st.stop()
live_answer(study)
study_controls(study)
study_exhibits(study)
ideas(study)
