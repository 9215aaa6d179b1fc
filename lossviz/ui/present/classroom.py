"""The classroom: what is presented in one window, and in another the QR code and link to it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

import segno
import streamlit as st

from lossviz.errors import LossVizError
from lossviz.ui.address.addresses import TITLES, base_from, base_now, link_to, local
from lossviz.ui.address.link import query_of
from lossviz.ui.parts.follow import follow
from lossviz.ui.parts.words import plain
from lossviz.ui.state.session import Session, stage
from lossviz.ui.state.stage import Stage

FINE = 85
"""Modules along an edge from which on a phone at the back row finds the code hard to read."""
REACH = (
    "Others cannot reach this address: it means their own machine. Start the app with "
    "`streamlit run app.py --server.address=0.0.0.0`, open it under this machine's name or "
    "address, or type that here."
)
KEPT = 500
"""Rooms of one server; the one that was entered longest ago goes first."""


@dataclass(frozen=True)
class Presented:
    """What the audience is to open.

    :param name: of the scene, or of the page.
    :param page: its address.
    :param query: the rest of the address, by key.
    :param file: the name of the presenter's own file that it is about; "" for a sample.
    """

    name: str
    page: str
    query: tuple[tuple[str, str], ...]
    file: str


class Rooms:
    """The rooms of this process, by ids that cannot be guessed."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._rooms: OrderedDict[str, Presented] = OrderedDict()

    def tell(self, room: str, shown: Presented) -> None:
        """What is presented there now."""
        with self._lock:
            self._rooms[room] = shown
            self._rooms.move_to_end(room)
            while len(self._rooms) > self._kept:
                self._rooms.popitem(last=False)

    def shown(self, room: str) -> Presented | None:
        """What is presented there; None where there is no such room."""
        with self._lock:
            return self._rooms.get(room)


ROOMS = Rooms()


def shown_in(session: Session, now: Stage, page: str) -> Presented:
    """The current scene of a session; without one, this page as it is."""
    file = "" if session.data.sample else session.data.title
    scene = now.current
    if scene is not None and scene.page in TITLES:
        return Presented(scene.name, scene.page, scene.query, file)
    return Presented(f"{TITLES[page]} page", page, tuple(query_of(session, page).items()), file)


@dataclass(frozen=True)
class QrCode:
    """A QR code.

    :param svg: black on white, with the quiet zone around it.
    :param modules: along an edge, without the quiet zone.
    """

    svg: str
    modules: int


def code_of(link: str) -> QrCode:
    """The coarsest code for a link: of a long one with less repair, so that it stays readable."""
    code = segno.make(link, error="m" if len(link) < 200 else "l", micro=False, boost_error=False)
    svg = code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
    return QrCode(svg, len(code.matrix))


def classroom(session: Session) -> None:
    """The page: it follows whoever presents, in this window or in another."""
    now = stage()
    room = st.query_params.get("room", "")
    elsewhere = bool(room) and room != now.room
    if elsewhere and ROOMS.shown(room) is None:
        st.error(
            "Nobody presents under this address any more. Open the classroom page anew from "
            "presenter mode.",
            icon=":material/error:",
        )
        return

    def shown() -> Presented | None:
        return ROOMS.shown(room) if elsewhere else shown_in(session, now, now.page)

    def draw() -> None:
        presented = shown()
        if presented is not None:
            _code(now, presented)

    with st.container(key="classroom"):
        follow("presented", shown, draw)


def _code(now: Stage, shown: Presented) -> None:
    link = link_to(now.base or base_now(), shown.page, dict(shown.query))
    code = code_of(link)
    left, right = st.columns([3, 2], gap="large", vertical_alignment="center")
    with left, st.container(key="qr"):
        st.image(code.svg, alt=f"QR code that opens {link}", width="stretch")
    with right, st.container(key="qr-words"):
        st.title(plain(shown.name), anchor=False)
        with st.container(key="qr-link"):
            st.markdown(f"[{plain(link)}]({link})")
        if code.modules > FINE:
            st.caption("The link is long and its code fine: stand close, or type a shorter one.")
        if shown.file:
            st.warning(
                f"The link is about your own file {plain(shown.file)}, which is not in it. The "
                "audience needs the file as well, or a run published on the Library page.",
                icon=":material/description:",
            )
        _base(now)


def _base(now: Stage) -> None:
    """Under which address the audience reaches the app; the presenter knows it better."""
    alone = local(now.base or base_now())

    def take() -> None:
        typed = str(st.session_state["classroom-base"])
        try:
            now.base = base_from(typed) if typed.strip() else ""
            st.session_state["classroom-problem"] = ""
        except LossVizError as error:
            st.session_state["classroom-problem"] = str(error)

    with st.container(key="classroom-base-box"):
        if alone:
            st.warning(REACH, icon=":material/wifi_off:")
        with st.expander("Another address", expanded=alone, icon=":material/lan:"):
            st.session_state.setdefault("classroom-base", now.base)
            st.text_input(
                "The app's address, as the audience reaches it",
                key="classroom-base",
                placeholder=base_now(),
                max_chars=200,
                on_change=take,
            )
            if problem := st.session_state.get("classroom-problem"):
                st.error(plain(problem), icon=":material/error:")
