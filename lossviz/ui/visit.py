"""A visit to a page: what its address said, and what is written there since."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_urlsafe

from lossviz.address import DataAddress

SEEN_KEPT = 8
"""A click can come with an address that is a few changes old."""


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
            self._shows(given or self.arrivals.get(page, {}))
            return self.url or None
        if not given or given in self.seen:
            return None
        self._shows(given)
        return given

    def leave(self, page: str, given: Mapping[str, str]) -> None:
        """A page without an address of its own is open."""
        self._come(page)
        self.url = given

    def _come(self, page: str) -> None:
        self.page, self.query, self.notes = page, None, ()
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
