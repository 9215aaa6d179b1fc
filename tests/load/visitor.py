"""A visitor: opens Train, presses Play, and moves α of run A every two seconds."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from websockets.exceptions import ConnectionClosed

from tests.load.browser import Browser

PAGE = "train"
EVERY = 2.0
LEAST, MOST = 0.1, 10.0
START_SECONDS = 45.0
WATCH_SECONDS = 0.02


@dataclass(frozen=True)
class Move:
    """A weight that was moved.

    :param sent: when, by the loop's clock.
    :param seconds: until its effect was known; None where it had none.
    """

    sent: float
    seconds: float | None


@dataclass(frozen=True)
class Counts:
    """What a visitor has seen so far."""

    steps: int
    updates: int
    messages: int
    bytes: int
    script_runs: int
    wakes: int
    """Of the script runs those that the channel asked for as all runs were over."""

    def since(self, before: Counts) -> Counts:
        """What came after that."""
        return Counts(
            *(
                now - then
                for now, then in zip(vars(self).values(), vars(before).values(), strict=True)
            )
        )


class Visitor:
    """Somebody in front of a browser."""

    def __init__(self, host: str, seed: int) -> None:
        self.browser = Browser(host)
        self.line = self.browser.line
        self.opened = 0.0
        """Seconds until the page was open."""
        self.first_curve: float | None = None
        """Seconds from Play until there was a curve."""
        self.moves: list[Move] = []
        self._rng = random.Random(seed)

    @property
    def counts(self) -> Counts:
        """So far."""
        line, browser = self.line, self.browser
        return Counts(
            line.steps,
            line.updates,
            line.messages,
            line.bytes,
            browser.script_runs,
            browser.wakes["runs"],
        )

    @property
    def errors(self) -> list[str]:
        """What went wrong."""
        return [*self.browser.errors, *self.line.errors]

    @property
    def notices(self) -> list[str]:
        """What a page said that it says rarely."""
        return [*self.browser.notices, *self.line.notices]

    async def arrive(self) -> None:
        """Open the page."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        try:
            await self.browser.open(PAGE)
        except (TimeoutError, OSError) as error:
            self.browser.errors.append(f"the page did not open: {error!r}")
        self.opened = loop.time() - start

    async def begin(self) -> None:
        """Open the page and press Play."""
        await self.arrive()
        await self.play()

    async def close(self) -> None:
        """Go."""
        await self.browser.close()

    async def play(self) -> None:
        """Press Play, and wait for a curve."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        await self._send(do="play")
        deadline = start + START_SECONDS
        while not self.line.trained.is_set():
            if self.line.queued:
                deadline = loop.time() + START_SECONDS
            if loop.time() > deadline:
                self.line.errors.append(f"no step {START_SECONDS:.0f} seconds after Play")
                return
            await asyncio.sleep(WATCH_SECONDS)
        self.first_curve = loop.time() - start

    async def stay(self, going: Callable[[], bool], *, again: bool = True) -> None:
        """Move α every two seconds.

        :param again: whether to press Play again once the runs are over.
        """
        loop = asyncio.get_running_loop()
        due = loop.time() + self._rng.uniform(0, EVERY)
        while True:
            await asyncio.sleep(due - loop.time())
            if not going():
                return
            if again and self.line.lab.get("over"):
                await self._send(do="play")
            elif not self.line.queued:
                value = LEAST * (MOST / LEAST) ** self._rng.random()
                sent = loop.time()
                seconds = await self._send(do="weigh", run="A", k=0, value=round(value, 3))
                self.moves.append(Move(sent, seconds))
            due = max(due + EVERY, loop.time())

    async def compare(self) -> None:
        """Pause, and look whether a browser that comes anew is shown what stands here."""
        if self.errors or await self._send(do="pause") is None:
            return
        await self.line.close()
        fresh = self.line.again()
        try:
            await asyncio.wait_for(fresh.trained.wait(), START_SECONDS)
        except TimeoutError:
            self.line.errors.append("a browser that comes anew is shown nothing")
        else:
            if fresh.charts != self.line.charts:
                self.line.errors.append("a browser that comes anew is shown something else")
        await fresh.close()

    async def _send(self, **command: Any) -> float | None:
        try:
            return await self.line.send(**command)
        except (TimeoutError, ConnectionClosed):
            return None
