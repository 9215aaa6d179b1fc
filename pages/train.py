"""Train: up to four formulations side by side, live."""

import streamlit as st

from lossviz.ui.chip import data_chip
from lossviz.ui.parts.confusion import matrices
from lossviz.ui.parts.keys import listen
from lossviz.ui.state.session import this_session
from lossviz.ui.train.answers import code_of_runs, errors_compared, sentence_box
from lossviz.ui.train.controls import control_bar
from lossviz.ui.train.live import live, run_exhibits
from lossviz.ui.train.run_card import run_cards

session = this_session()
lab, view = session.lab, session.view
live(session)

data_chip(session.source)
if session.look_for:
    st.caption(session.look_for)
control_bar(lab)
run_exhibits(
    session,
    {
        "losses": lambda: run_cards(lab),
        "errors": lambda: errors_compared(session.bench),
        "confusion": lambda: matrices(lab, view),
        "sentence": lambda: sentence_box(lab),
    },
)
code_of_runs(lab)
listen()
