"""The presenter's keys, and the discreet buttons that they press."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from lossviz.ui.address.addresses import base_now, file_of, link_to
from lossviz.ui.address.link import query_of
from lossviz.ui.parts.keys import Key, listen
from lossviz.ui.parts.words import plain
from lossviz.ui.present.place import Place, Ways
from lossviz.ui.present.scenes import add_scene
from lossviz.ui.state.session import Session
from lossviz.ui.state.stage import Stage

KEYS: dict[str, Key] = {
    "ArrowRight": ("present-next", "→", "the next one; also Page Down and Space"),
    "PageDown": ("present-next", "Page Down", ""),
    " ": ("present-next", "Space", ""),
    "ArrowLeft": ("present-previous", "←", "the one before; also Page Up and Shift + Space"),
    "PageUp": ("present-previous", "Page Up", ""),
    "Shift ": ("present-previous", "Shift + Space", ""),
    "ArrowDown": ("present-down", "↓", "the next run or map in this panel"),
    "ArrowUp": ("present-up", "↑", "the one before in this panel"),
    "Home": ("present-first", "Home", "the first"),
    "End": ("present-last", "End", "the last"),
    "p": ("present-play", "p", "play or pause"),
    "n": ("present-notes", "n", "the note for whoever presents"),
    "Escape": ("present-leave", "Esc", "back to the page"),
}


def presenter_bar(session: Session, now: Stage, place: Place, ways: Ways) -> None:
    """Everything that can be done, seen with the pointer or the focus, and where one is."""
    with st.container(key="present-buttons", horizontal=True, vertical_alignment="center"):
        _button(now, "previous", "Previous", "arrow_back", ways.previous)
        _button(now, "next", "Next", "arrow_forward", ways.next)
        _button(now, "first", "First", "first_page", ways.first)
        _button(now, "last", "Last", "last_page", ways.last)
        aspects = list(ways.aspects)
        at = aspects.index(place.aspect) if aspects else 0
        if len(aspects) > 1:
            _button(now, "up", "Up", "arrow_upward", ways.aspects[aspects[at - 1]])
            under = ways.aspects[aspects[(at + 1) % len(aspects)]]
            _button(now, "down", "Down", "arrow_downward", under)
        _play(session)
        _act("notes", "Note", "sticky_note_2", lambda: _toggle(now))
        if place.scene is None:
            _act("add", "Add scene", "bookmark_add", lambda: _add(session, place))
        st.link_button(
            "Classroom",
            link_to(base_now(), "classroom", {"room": now.room}),
            icon=":material/qr_code_2:",
            type="tertiary",
            help="The audience's link and QR code, in a window of its own",
        )
        with st.container(key="present-leave", width="content"):
            icon, query = ":material/close:", query_of(session, now.page)
            st.page_link(file_of(now.page), label="Leave", icon=icon, query_params=query)
    with st.container(key="present-count", width="content"):
        st.markdown(f"{ways.number} / {ways.of}")
    listen(KEYS)


def aspect_buttons(now: Stage, place: Place, ways: Ways) -> None:
    """Which run, part or map is seen, and the others one press away."""
    if len(place.panel.aspects) < 2:
        return
    with st.container(key="present-aspects", horizontal=True, gap="small", width="content"):
        for aspect in place.panel.aspects:
            st.button(
                plain(aspect.label),
                key=f"present-aspect-{aspect.id}",
                type="secondary" if aspect.id == place.aspect else "tertiary",
                on_click=_go,
                args=(now, ways.aspects[aspect.id]),
            )


def _button(now: Stage, key: str, label: str, icon: str, query: dict[str, str] | None) -> None:
    st.button(
        label,
        key=f"present-{key}",
        icon=f":material/{icon}:",
        type="tertiary",
        disabled=query is None,
        help=_help(f"present-{key}"),
        on_click=_go,
        args=(now, query),
    )


def _act(key: str, label: str, icon: str, act: Callable[[], None]) -> None:
    st.button(
        label,
        key=f"present-{key}",
        icon=f":material/{icon}:",
        type="tertiary",
        help=_help(f"present-{key}"),
        on_click=act,
    )


def _help(widget: str) -> str | None:
    return next((f"Key: {name}" for button, name, _ in KEYS.values() if button == widget), None)


def _play(session: Session) -> None:
    playing = session.lab.playing
    _act(
        "play",
        "Pause" if playing else "Play",
        "pause" if playing else "play_arrow",
        session.lab.pause if playing else session.lab.play,
    )


def _go(now: Stage, query: dict[str, str] | None) -> None:
    now.wanted = query


def _add(session: Session, place: Place) -> None:
    add_scene(session, place.panel.page, place.query()["panel"])


def _toggle(now: Stage) -> None:
    now.notes = not now.notes
