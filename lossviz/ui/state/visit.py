"""A visit to a page: what its address said, and what is written there since."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from secrets import token_urlsafe

from lossviz.sharing.address import DataAddress

SEEN_KEPT = 8
"""A click can come with an address that is a few changes old."""
ECHO_SECONDS = 2.0
"""A part that runs again by itself may send a control's old value after Back has changed it; 0.3 s
later, on a busy machine."""


def _nothing() -> None:
    """No shell is there yet, so no address either."""


@dataclass(frozen=True)
class Pending:
    """A link about a file that this session does not have."""

    page: str
    query: Mapping[str, str]
    data: DataAddress


@dataclass
class Visit:
    """The page that is open, and its address.

    :param page: its part of the address; None before the first.
    :param url: the query that the browser shows, as far as it is known here.
    :param query: what the page showed when it was looked at last; None on arrival.
    :param seen: what the browser has shown during this visit.
    :param arrivals: by page, what it showed when it was opened without a query.
    :param arrival: tells the last one from those before.
    :param notes: about the link that was opened.
    """

    page: str | None = None
    url: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] | None = None
    seen: deque[Mapping[str, str]] = field(default_factory=lambda: deque(maxlen=SEEN_KEPT))
    arrivals: dict[str, Mapping[str, str]] = field(default_factory=dict)
    arrival: str = ""
    notes: tuple[str, ...] = ()
    pending: Pending | None = None
    command: int = 0
    """The last one that came over the channel, when it was looked at."""
    settled: bool = True
    """Whether the address has what the commands changed."""
    follow: Callable[[], None] = _nothing
    """Writes the address, if the page shows something else than it says. The shell sets it; a
    fragment calls it where it ends."""
    _left: Mapping[str, str] | None = None
    """What the page showed before a link was opened on it, until it has run without an echo."""
    _opened: float = 0.0

    def to_open(
        self, page: str, given: Mapping[str, str], *, by_history: bool
    ) -> Mapping[str, str] | None:
        """The query that the page has to be brought to; None where the session leads.

        A query that the browser has shown before is no link: it may be a little old, because
        somebody was quicker than the answer. Back and Forward are links whatever they say; to a
        page that was opened without a query they lead to what it showed.
        """
        if page != self.page:
            self._come(page)
        if by_history:
            self._opens(given or self.arrivals.get(page, {}))
            return self.url or None
        if not given or given in self.seen:
            return None
        self._opens(given)
        return given

    def _opens(self, query: Mapping[str, str]) -> None:
        self._left, self._opened = self.query, time.monotonic()
        self._shows(query)

    def echoed(self, query: Mapping[str, str]) -> bool:
        """Whether the page is back at what it showed before the link, without anybody's doing.

        So it is where the run after the link brings the controls' old values.
        """
        recent = time.monotonic() - self._opened < ECHO_SECONDS
        echo = recent and self._left is not None and self._left == query != self.query
        if not echo:
            self._left = None
        return echo

    def leave(self, page: str, given: Mapping[str, str]) -> None:
        """A page without an address of its own is open."""
        self._come(page)
        self.url = given

    def _come(self, page: str) -> None:
        self.page, self.query, self._left, self.notes = page, None, None, ()
        self.seen.clear()
        self.seen.append(self.url)

    def arrived(self, query: Mapping[str, str]) -> None:
        """The page was opened without a query, and shows this."""
        self.arrival = token_urlsafe(6)
        self.arrivals[self.page or ""] = self.query = query
        self._shows(query)

    def wrote(self, query: Mapping[str, str]) -> None:
        """The browser is told to show this."""
        self.query = query
        self._shows(query)

    def _shows(self, query: Mapping[str, str]) -> None:
        self.url = query
        self.seen.append(query)
