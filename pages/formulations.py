"""Formulations: what each loss asks for, seen without training anything."""

import streamlit as st

from lossviz.ui.chip import data_chip
from lossviz.ui.formulations.formulation import code, formulation_list, what_it_asks, when_to_use
from lossviz.ui.formulations.landscape import how_to_read, landscape, landscape_controls
from lossviz.ui.questions import four_questions
from lossviz.ui.state.session import this_session

session = this_session()

data_chip(session.source)
left, right = st.columns([3, 10], gap="medium")
with left:
    formulation_list(session.explorer)


@st.fragment
def explained() -> None:
    what_it_asks(session.explorer)
    landscape_controls(session)
    landscape(
        session,
        key="formulations",
        formulations=session.explorer.shown,
        view=session.explorer.look.view,
    )
    how_to_read()
    when_to_use(session.explorer)
    code(session)
    session.visit.follow()


with right:
    explained()
four_questions()
