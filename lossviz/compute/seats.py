"""Seats: in a process, as many at a time compute as have one."""

from __future__ import annotations

import threading
from collections import deque


class Seats:
    """Who has a seat, and who waits for one, in the order in which they came.

    How many there are is said by whoever asks, as it is known by then.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._taken: set[object] = set()
        self._queue: deque[object] = deque()

    def take(self, who: object, seats: int) -> bool:
        """Whether there is one at once; or else it waits behind the others."""
        with self._changed:
            self._queue.append(who)
            return self._sits_down(who, seats)

    def comes(self, who: object, seats: int, seconds: float) -> bool:
        """Whether there is one for it within so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._sits_down(who, seats), seconds)

    def leave(self, who: object) -> None:
        """It wants none any more."""
        with self._changed:
            self._taken.discard(who)
            if who in self._queue:
                self._queue.remove(who)
            self._changed.notify_all()

    def _sits_down(self, who: object, seats: int) -> bool:
        if len(self._taken) >= seats or self._queue[0] != who:
            return False
        self._taken.add(self._queue.popleft())
        self._changed.notify_all()
        return True
