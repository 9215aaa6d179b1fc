"""Turns: who may hand out work next, where several want the same workers.

Workers are shared by visitors, not by tasks: first by the computers that they sit at, then by
their sessions, so that ten tabs of one person get as much as another person's one. It is start-time
fair queueing (Goyal, Vin and Cheng 1996), once for each of the two.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple
from weakref import WeakMethod, WeakSet

AHEAD_SECONDS = 2.0
"""Work handed out at once for each lane: enough that workers do not wait for the next look, and all
that is computed for nothing when nobody looks any more."""
MOST_AHEAD = 16
"""Blocks handed out beyond those that workers are at."""
LEAD_SECONDS = 1.0
"""That one may be ahead of whoever is first: they are asked a few times a second only."""
PRESENT_SECONDS = 2.0
"""Who has not told how it is for so long is not waited for: another page is open, or none."""
GRACE_SECONDS = 10.0
"""After which what is handed out is taken back: a page that is loaded again is there by then."""


@dataclass(frozen=True)
class Visitor:
    """Somebody for whom work is done.

    :param address: of the computer, where it is known.
    :param session: what is open there.
    """

    address: str = ""
    session: str = ""


class Queue(NamedTuple):
    """What is before somebody's next block.

    :param others: visitors who want the same workers.
    :param seconds: until the block begins, about.
    """

    others: int
    seconds: float


class Claim:
    """What is handed out for somebody, and whether more waits to be.

    :param rest: takes back what is handed out; a method, which is held weakly.
    """

    def __init__(self, turns: Turns, visitor: Visitor, rest: Callable[[], None] | None) -> None:
        self.visitor = visitor
        self.under_way: tuple[float, ...] = ()
        self.next: float | None = None
        self.measured = False
        self.told = -inf
        self._turns = turns
        self._rest = None if rest is None else WeakMethod(rest)

    def tell(self, under_way: Sequence[float], waiting: float | None, measured: bool) -> None:
        """How it is; whoever does not tell for a while is not there.

        :param under_way: seconds of the blocks that are handed out.
        :param waiting: those of the block that waits; None where none does.
        :param measured: whether it is known how long its blocks take here.
        """
        self.under_way, self.next, self.measured = tuple(under_way), waiting, measured
        self.told = self._turns.now()

    def leave(self) -> None:
        """It is not there any more, and nothing is handed out for it."""
        self.under_way, self.next, self.told = (), None, -inf

    def comes(self, lanes: int) -> bool:
        """Whether the block that waits may be handed out now; if so, it counts as that."""
        return self._turns.comes(self, lanes)

    def queue(self, lanes: int) -> Queue:
        """What is before the block that waits."""
        return self._turns.queue(self, lanes)

    def rest(self) -> None:
        """Take back what is handed out."""
        rest = None if self._rest is None else self._rest()
        if rest is not None:
            rest()


class Turns:
    """Whose turn it is.

    :param clock: seconds; replaced in tests.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.now = clock
        self._lock = threading.Lock()
        self._claims: WeakSet[Claim] = WeakSet()
        self._addresses = _Shares()
        self._sessions: dict[str, _Shares] = {}

    def claim(self, visitor: Visitor, rest: Callable[[], None] | None = None) -> Claim:
        """A place among those who want work done."""
        claim = Claim(self, visitor, rest)
        with self._lock:
            self._claims.add(claim)
        return claim

    def comes(self, claim: Claim, lanes: int) -> bool:
        """See :meth:`Claim.comes`."""
        with self._lock:
            if claim.next is None or not self._room(claim, lanes):
                return False
            shares = self._shares(claim.visitor)
            if any(each.start > each.first + LEAD_SECONDS for each in shares):
                return False
            for each in shares:
                each.among.charge(each.who, claim.next, each.first)
            claim.under_way = (*claim.under_way, claim.next)
            return True

    def queue(self, claim: Claim, lanes: int) -> Queue:
        """See :meth:`Claim.queue`."""
        with self._lock:
            mine = self._order(claim.visitor)
            others = {
                other.visitor: other.next or 0.0
                for other in self._waiting()
                if other.visitor != claim.visitor
            }
            before = [seconds for who, seconds in others.items() if self._order(who) < mine]
            return Queue(len(others), (sum(self._under_way) + sum(before)) / max(lanes, 1))

    def take_back(self) -> None:
        """What is handed out for those who are not there any more: to be called now and then."""
        late = self.now() - GRACE_SECONDS
        with self._lock:
            claims = list(self._claims)
            known = {claim.visitor.address for claim in claims}
            self._sessions = {one: each for one, each in self._sessions.items() if one in known}
        gone = [claim for claim in claims if claim.under_way and claim.told < late]
        for claim in gone:
            claim.rest()

    def _waiting(self) -> list[Claim]:
        now = self.now()
        return [
            claim
            for claim in self._claims
            if claim.next is not None and now - claim.told < PRESENT_SECONDS
        ]

    @property
    def _under_way(self) -> list[float]:
        return [seconds for claim in self._claims for seconds in claim.under_way]

    def _room(self, claim: Claim, lanes: int) -> bool:
        under_way = self._under_way
        if len(under_way) <= lanes:
            return True
        few = len(under_way) < lanes + MOST_AHEAD and sum(under_way) < AHEAD_SECONDS * lanes
        return few and claim.measured

    def _shares(self, visitor: Visitor) -> tuple[_Turn, _Turn]:
        """Of its computer among all, and of itself among those at the same one."""
        waiting = [claim.visitor for claim in self._waiting()]
        beside = self._sessions.setdefault(visitor.address, _Shares())
        here = [other.session for other in waiting if other.address == visitor.address]
        return (
            _Turn.of(self._addresses, visitor.address, [other.address for other in waiting]),
            _Turn.of(beside, visitor.session, here),
        )

    def _order(self, visitor: Visitor) -> tuple[float, ...]:
        return tuple(share.start for share in self._shares(visitor))


class _Shares:
    """Seconds that each has had, in a time that goes on with whoever has had least; who comes anew
    begins there, neither behind the others nor before them."""

    def __init__(self) -> None:
        self._now = 0.0
        self._had: dict[str, float] = {}

    def start(self, who: str) -> float:
        """Where its next block begins."""
        return max(self._now, self._had.get(who, 0.0))

    def charge(self, who: str, seconds: float, now: float) -> None:
        """It has a block.

        :param now: where that of whoever is first begins.
        """
        start, self._now = self.start(who), now
        self._had[who] = start + seconds
        self._had = {one: had for one, had in self._had.items() if had > now}


class _Turn(NamedTuple):
    """How one stands among others.

    :param start: where its next block begins.
    :param first: where that of the first of them does.
    """

    among: _Shares
    who: str
    start: float
    first: float

    @classmethod
    def of(cls, among: _Shares, who: str, others: Sequence[str]) -> _Turn:
        """With itself among the others or not."""
        starts = [among.start(other) for other in (who, *others)]
        return cls(among, who, starts[0], min(starts))
