"""Rooms: what is presented in one window, for the classroom page in another."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from lossviz.ui.address.addresses import TITLES
from lossviz.ui.address.link import query_of
from lossviz.ui.state.session import Session
from lossviz.ui.state.stage import Stage

KEPT = 500
"""Rooms of one server; the one that was entered longest ago goes first."""


@dataclass(frozen=True)
class Shown:
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
        self._rooms: OrderedDict[str, Shown] = OrderedDict()

    def tell(self, room: str, shown: Shown) -> None:
        """What is presented there now."""
        with self._lock:
            self._rooms[room] = shown
            self._rooms.move_to_end(room)
            while len(self._rooms) > self._kept:
                self._rooms.popitem(last=False)

    def shown(self, room: str) -> Shown | None:
        """What is presented there; None where there is no such room."""
        with self._lock:
            return self._rooms.get(room)


ROOMS = Rooms()


def shown_in(session: Session, now: Stage, page: str) -> Shown:
    """The current scene of a session; without one, this page as it is."""
    file = "" if session.data.sample else session.data.title
    scene = now.current
    if scene is not None and scene.page in TITLES:
        return Shown(scene.name, scene.page, scene.query, file)
    return Shown(f"{TITLES[page]} page", page, tuple(query_of(session, page).items()), file)
