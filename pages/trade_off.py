"""Trade-off: does it matter what α and β are? A grid of them, trained over several seeds."""

import streamlit as st

from lossviz.ui.chip import data_chip
from lossviz.ui.state.session import this_session
from lossviz.ui.study.live import nothing_to_weigh
from lossviz.ui.sweep.controls import sweep_controls
from lossviz.ui.sweep.costs import costs_and_recommendation
from lossviz.ui.sweep.live import evidence, live_verdict, sweep_of
from lossviz.ui.sweep.point import point_panel

session = this_session()

data_chip(session.source)
st.title("Does it matter what α and β are?", anchor=False)
if nothing_to_weigh(session):
    st.stop()
bench = sweep_of(session)
said, advised = st.columns(2, gap="small")
with said:
    live_verdict(session, bench)
with advised:
    costs_and_recommendation(bench)
sweep_controls(bench)
evidence(session, bench)
point_panel(bench)
