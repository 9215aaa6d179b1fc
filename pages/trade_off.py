"""Trade-off: does it matter what α and β are? A grid of them, trained over several seeds."""

import streamlit as st

from lossviz.ui.chip import data_chip
from lossviz.ui.state.session import state
from lossviz.ui.study.live import nothing_to_weigh
from lossviz.ui.sweep.controls import sweep_controls
from lossviz.ui.sweep.costs import costs_and_recommendation
from lossviz.ui.sweep.live import evidence, live_verdict, trade_of
from lossviz.ui.sweep.point import point_panel

session = state()
view = session.view
view.forget()  # a full rerun draws every chart again

data_chip(session.source)
st.title("Does it matter what α and β are?", anchor=False)
if nothing_to_weigh(session):
    st.stop()
trade = trade_of(session)
said, advised = st.columns(2, gap="small")
with said:
    live_verdict(session, trade)
with advised:
    costs_and_recommendation(trade)
sweep_controls(trade)
evidence(session, trade)
point_panel(trade)
