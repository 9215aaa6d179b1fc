"""Formulations: what each loss asks for, seen without training anything."""

import streamlit as st

from lossviz.ui.chip import data_chip
from lossviz.ui.formulations.formulation import code, formulation_list, what_it_asks, when_to_use
from lossviz.ui.formulations.landscape import how_to_read, landscape, landscape_controls
from lossviz.ui.questions import four_questions
from lossviz.ui.state.session import state

own = state()

data_chip(own.source)
left, right = st.columns([3, 10], gap="medium")
with left:
    formulation_list(own.explorer)


@st.fragment
def explained() -> None:
    what_it_asks(own.explorer)
    landscape_controls(own)
    landscape(own, key="formulations", formulations=own.explorer.shown, view=own.explorer.view)
    how_to_read()
    when_to_use(own.explorer)
    code(own)
    own.visit.follow()


with right:
    explained()
four_questions()
