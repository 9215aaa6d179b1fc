"""Sessions whose browser has gone: the workers need not keep their runs."""

from __future__ import annotations

import asyncio

import pytest
from streamlit.testing.v1 import AppTest

from lossviz.ui.state.session import leave_behind
from tests.ui.conftest import open_page, run_until, state_of


@pytest.fixture
def loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()


def test_who_does_not_come_back_is_left_once_and_whoever_does_goes_on(
    app: AppTest, loop: asyncio.AbstractEventLoop
) -> None:
    open_page(app, "train")
    session = state_of(app)
    session.lab.advance(5)
    run_until(app, lambda: session.lab.runs["A"].step == 5)
    assert session.lab._session.placed
    assert leave_behind(-1.0) == 0, "nobody has been there yet, or somebody is"

    def signal() -> None:
        """Something is there to take."""

    session.channel.connect(loop, signal)
    assert leave_behind(-1.0) == 0
    session.channel.disconnect(signal)
    assert leave_behind(60.0) == 0, "they may come back"
    assert session.lab._session.placed
    assert leave_behind(-1.0) == 1
    assert not session.lab._session.placed
    assert leave_behind(-1.0) == 0
    session.lab.advance(1)
    run_until(app, lambda: session.lab.runs["A"].step == 6)
    assert not session.lab.notice
    loop.close()
