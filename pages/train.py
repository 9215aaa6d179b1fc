"""Train: up to four formulations side by side, live."""

import streamlit as st

from lossviz.ui.chip import data_chip
from lossviz.ui.parts.chart import draw
from lossviz.ui.parts.confusion import matrices
from lossviz.ui.parts.keys import listen
from lossviz.ui.state.session import state
from lossviz.ui.train.code import code_of_runs
from lossviz.ui.train.conclusions import conclusions_of
from lossviz.ui.train.controls import control_bar
from lossviz.ui.train.live import live
from lossviz.ui.train.run_card import run_card
from lossviz.ui.train.sentence import sentence_box

session = state()
lab, view = session.lab, session.view
view.forget()  # a full rerun draws every chart again

data_chip(session.source)
if session.look_for:
    st.caption(session.look_for)
control_bar(lab)
with st.grid(max(2, len(lab.runs)), min_column_width=290, gap="small"):
    for letter in lab.runs:
        with st.container(border=True, key=f"card-{letter}", gap="xsmall"):
            run_card(lab, letter)
            draw(None, key=f"loss-{letter}", height=226)
draw(None, key="errors", height=76 + 48 * (len(lab.dataset.schema.names) + 1))
concluded = conclusions_of(lab)
matrices(lab, view)
sentence_box(lab)
code_of_runs(lab)
listen()
live(lab, view, concluded)
