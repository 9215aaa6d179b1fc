"""The report on the Library page: what it offers, and what it makes of a session."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from lossviz.ui.library.report import _content
from lossviz.ui.state.session import KEY
from tests.support.documents import Document
from tests.support.waiting import PATIENCE


def script() -> None:
    from lossviz.ui.library.report import report_section
    from lossviz.ui.state.session import this_session

    report_section(this_session())


def test_it_is_offered_with_its_size_and_what_is_missing() -> None:
    page = AppTest.from_function(script, default_timeout=PATIENCE).run()
    assert not page.exception
    [button] = page.get("download_button")
    assert button.proto.label == "Download the report, 5 to 6 MB"
    [caption] = page.caption
    assert "Not in it yet: trained runs, the trade-off, surfaces." in caption.value


def test_a_session_becomes_a_report_of_about_that_size() -> None:
    page = AppTest.from_function(script, default_timeout=PATIENCE).run()
    content = _content(page.session_state[KEY])
    assert 4.8e6 < len(content) < 6e6
    said = Document(content.decode()).words
    assert "What does the loss ask for? Feelings" in said
    assert "not started" in said
