"""Questions to a worker: a part waits for the answer to its latest one, and no longer."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.support.listening import Listener
from tests.support.waiting import PATIENCE


class Later:
    """A task whose result comes when it is told."""

    done = False

    def result(self, timeout: float) -> str:
        if not self.done:
            raise TimeoutError
        return "the answer"


def script() -> None:
    import streamlit as st

    from lossviz.ui.parts.ask import answer
    from lossviz.ui.state.session import this_session

    st.session_state["channel"] = this_session().channel

    @st.fragment
    def part() -> None:
        st.text(str(answer(st.session_state["task"], "question")))

    part()


def test_what_was_answered_or_asked_otherwise_is_waited_for_no_longer() -> None:
    app = AppTest.from_function(script, default_timeout=PATIENCE)
    first, second = Later(), Later()
    app.session_state["task"] = first
    channel = app.run().session_state["channel"]
    listener = Listener(channel)
    (topic,) = channel.topics
    app.session_state["task"] = second
    app.run()
    first.done = True
    channel.look()
    assert not listener.woken
    second.done = True
    channel.look()
    assert list(listener.woken) == [topic]
    app.run()
    assert app.text[0].value == "the answer"
    assert not channel.topics
    assert not channel.awaited
