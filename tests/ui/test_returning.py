"""Who has a session: a page that slept finds a copy where another one has taken it over."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.ui.conftest import open_page, run_until, state_of


def test_a_page_that_slept_goes_on_with_a_copy(app: AppTest) -> None:
    open_page(app, "train")
    session = state_of(app)
    session.lab.advance(5)
    run_until(app, lambda: session.lab.runs["A"].step == 5)
    assert state_of(app) is session
    session.holder = "another page"
    app.run()
    copy = state_of(app)
    assert copy is not session
    assert copy.lab.runs["A"].step == 5
    assert copy.channel.token != session.channel.token
    app.run()
    assert state_of(app) is copy
