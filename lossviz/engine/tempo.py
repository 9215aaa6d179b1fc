"""Tempo: a worker's time for live runs, shared by what they cost.

A step of most sessions takes a few milliseconds, and they take it together. Where one takes long,
whoever is beside it would have to wait for it at every step of theirs; so such sessions take theirs
by turns, one in a call at most, and pause behind each as long as leaves most of the time to others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from lossviz.experiments.runs.progress import Want

if TYPE_CHECKING:
    from lossviz.engine.live import LiveRuns

LONG_SECONDS = 0.02
"""A step of a session's runs that takes longer is a long one."""
LONG_SHARE = 0.15
"""Of the time, for long steps of all sessions where others train beside them; and for judging the
runs of one that train, wherever that is."""


class Tempo:
    """How long steps and judgements of each session take, and when it may have the next.

    :param clock: seconds; replaced in tests.
    """

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self.clock = clock
        self._seconds: WeakKeyDictionary[LiveRuns, tuple[float, float]] = WeakKeyDictionary()
        """Of each session's last two steps."""
        self._ended: WeakKeyDictionary[LiveRuns, float] = WeakKeyDictionary()
        """When its last long step was over."""
        self._judged: WeakKeyDictionary[LiveRuns, float] = WeakKeyDictionary()
        """When its runs may be judged again while they train."""
        self._free = 0.0
        """When the next long step may begin beside others."""

    def long(self, session: LiveRuns) -> bool:
        """Whether its steps take long: both of the last two, as one may have been held up."""
        return min(self._seconds.get(session, (0.0, 0.0))) > LONG_SECONDS

    def together(self, sessions: Collection[LiveRuns]) -> list[LiveRuns]:
        """Those that take their steps in this call together."""
        return [session for session in sessions if len(sessions) == 1 or not self.long(session)]

    def alone(self, sessions: Collection[LiveRuns]) -> LiveRuns | None:
        """The one that takes a long step in this call, if any does: of those whose steps take long
        the one that has waited longest."""
        together = self.together(sessions)
        long = [session for session in sessions if session not in together]
        if not long or (together and self.clock() < self._free):
            return None
        return min(long, key=lambda session: self._ended.get(session, 0.0))

    def stepped(self, sizes: Mapping[LiveRuns, int], seconds: float) -> None:
        """These have taken a step together.

        :param sizes: the numbers that each has in the largest array of it.
        """
        total = max(sum(sizes.values()), 1)
        for session, size in sizes.items():
            _, last = self._seconds.get(session, (0.0, 0.0))
            self._seconds[session] = last, seconds * size / total
            if self.long(session):
                self._ended[session] = self.clock()
                self._free = self.clock() + seconds * (1.0 / LONG_SHARE - 1.0)

    def eased(self, session: LiveRuns, want: Want) -> Want:
        """The same without judgements of runs that train, where it is too early for them."""
        if self.clock() >= self._judged.get(session, 0.0):
            return want
        orders = {
            letter: replace(order, evaluate=False, surface=False)
            if order.train and (order.evaluate or order.surface)
            else order
            for letter, order in want.orders.items()
        }
        return replace(want, orders=orders)

    def judged(self, sessions: Sequence[LiveRuns], seconds: float) -> None:
        """The runs of these have been judged together."""
        for session in sessions:
            self._judged[session] = self.clock() + seconds / len(sessions) / LONG_SHARE


TEMPO = Tempo()
"""Of this process."""
EVEN = Tempo(lambda: 0.0)
"""Time stands still: every session takes its steps with the others."""
