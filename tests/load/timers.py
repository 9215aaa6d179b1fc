"""The browser's timers: plain intervals that know nothing of answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress

from websockets.exceptions import ConnectionClosed


class Timers:
    """One interval for each fragment that polls."""

    def __init__(self, poll: Callable[[str], Awaitable[None]]) -> None:
        self._poll = poll
        self._running: dict[str, tuple[float, asyncio.Task[None]]] = {}

    def start(self, fragment: str, interval: float) -> None:
        """Poll a fragment from now on. The interval that it has already goes on undisturbed."""
        if self._running.get(fragment, (0.0, None))[0] != interval:
            self.stop([fragment])
            task = asyncio.create_task(self._tick(fragment, interval))
            self._running[fragment] = interval, task

    def stop(self, fragments: Iterable[str] | None = None) -> None:
        """End the polling of these fragments, or of all."""
        for fragment in list(self._running if fragments is None else fragments):
            if fragment in self._running:
                self._running.pop(fragment)[1].cancel()

    async def _tick(self, fragment: str, interval: float) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        with suppress(ConnectionClosed):
            while True:
                due = max(due + interval, loop.time())
                await asyncio.sleep(due - loop.time())
                await self._poll(fragment)
