"""Controls that are tied to values, on a page of their own."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.support.waiting import PATIENCE


def page() -> None:
    """It writes what it is about, so that the test sees it."""
    from types import SimpleNamespace

    import streamlit as st

    from lossviz.ui.parts.controls import tied, tied_to

    lamp = st.session_state.setdefault("lamp", SimpleNamespace(colour="red", steps=[]))
    st.selectbox("Colour", ["red", "green", "blue"], **tied_to(lamp, "colour", "lamp-colour"))
    st.number_input("Steps", 0, 9, **tied("lamp-steps", len(lamp.steps), lamp.steps.append))
    if st.button("Blue"):
        lamp.colour = "blue"
        st.rerun()
    st.text(f"{lamp.colour}, {lamp.steps}")


def test_a_control_shows_its_value_changes_it_and_follows_it() -> None:
    app = AppTest.from_function(page, default_timeout=PATIENCE).run()
    assert app.selectbox[0].value == "red"
    app.selectbox[0].set_value("green").run()
    assert app.text[0].value == "green, []"
    app.button[0].click().run()
    assert app.selectbox[0].value == "blue"
    assert app.text[0].value == "blue, []"


def test_a_control_stands_where_the_value_is_and_not_where_it_was_put() -> None:
    app = AppTest.from_function(page, default_timeout=PATIENCE).run()
    app.number_input[0].set_value(7).run()
    assert app.text[0].value == "red, [7]"
    assert app.number_input[0].value == 1
