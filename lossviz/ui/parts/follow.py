"""Parts of a page that are drawn again once they would show something else."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import streamlit as st

from lossviz.ui.parts.chart import mounted
from lossviz.ui.state.session import this_session

Look = Callable[[], Hashable]

_wake = st.components.v2.component("lossviz.wake", js=mounted("line.js"), isolate_styles=False)


def open_line() -> None:
    """What moves on this page comes over its own line."""
    _wake(data={"token": this_session().channel.token}, key="line", height=1)


def follow(name: str, look: Look, draw: Callable[[], None]) -> None:
    """A part of the page.

    :param look: what it would show, as a value that is another one once it has to be drawn again;
        it is called a few times a second while the page is open, and goes on with the work.
    :param draw: draws it.
    """

    @st.fragment
    def part() -> None:
        with this_session().channel.drawing:
            _watch(name, look, whole=False)
            draw()

    part()


def outdated(name: str, look: Look, *drawn: Hashable) -> None:
    """Run the page as a whole once it would show something else than now; in a fragment, that.

    It comes before parts whose look goes on with the work: what is drawn was drawn before that.

    :param drawn: what it shows, where that is known and no longer what a look says.
    """
    _watch(name, look, *drawn, whole=True)


def over(name: str) -> None:
    """Nothing of this name is outdated any more; in a fragment, which is drawn without the page."""
    this_session().channel.topics.pop(name, None)


def bind(topic: str, look: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Have the components that listen for a topic told what it says, now and whenever that is
    something else: no script runs for it.

    :returns: what it says now.
    """
    now: dict[str, Any] = this_session().channel.bind(topic, look)
    return now


def _watch(name: str, look: Look, *drawn: Hashable, whole: bool) -> None:
    channel = this_session().channel
    number = channel.follow(name, look, drawn[0] if drawn else look(), whole=whole)
    data = {"token": channel.token, "topic": name, "number": number}
    _wake(data=data, key=f"wake-{name}", height=1, on_again_change=_nothing)


def _nothing() -> None:
    """That it is run again is all."""
