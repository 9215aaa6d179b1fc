"""Visitors who come, train for a while, and go: what memory is left of them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.load.server import Server, serve
from tests.load.visitor import Visitor
from tests.support.loops import run
from tests.support.waiting import wait_until

LEAST, MOST = 4.0, 12.0
"""Seconds that somebody stays after pressing Play."""
EVERY = 60.0
REST = 60.0, 120.0, 180.0, 240.0
"""Seconds after the last visit."""
STAYS = "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL"
"""A closed tab may come back for so many seconds: for two minutes, as ``.streamlit`` says."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Comings:
    """Who comes.

    :param sessions: that are there at the same time.
    :param minutes: that they come and go for.
    :param stays: seconds in which a closed tab may come back; "" for as many as usual.
    :param rest: seconds after the last visit, at which it is looked again.
    """

    sessions: int
    minutes: float
    stays: str = ""
    rest: tuple[float, ...] = REST


@dataclass(frozen=True)
class Moment:
    """How much memory there is in use.

    :param minute: since the first visitor came.
    :param memory: of each kind of process, in MB.
    :param visits: so far.
    """

    minute: float
    memory: dict[str, float]
    visits: int

    def line(self) -> str:
        """For reading."""
        memory = ", ".join(f"{kind} {megabytes:,.0f}" for kind, megabytes in self.memory.items())
        return f"minute {self.minute:4.1f}, {self.visits:4d} visits: {memory} MB"


@dataclass(frozen=True)
class Level:
    """What was measured.

    :param moments: every minute while they come and go, and the last of them at the end.
    :param rest: after the last visit.
    :param errors: on the pages.
    """

    moments: tuple[Moment, ...]
    rest: tuple[Moment, ...]
    errors: tuple[str, ...]
    tracebacks: int

    def grown(self, kind: str) -> float:
        """The memory at the end, as a share of that after a third of the time: before, sessions
        add up that may still come back."""
        early = next(each for each in self.moments if each.minute >= self.moments[-1].minute / 3)
        return self.moments[-1].memory[kind] / early.memory[kind]

    def left(self, kind: str) -> float:
        """The memory at rest, as a share of that before the first visit."""
        return self.rest[-1].memory[kind] / self.moments[0].memory[kind]

    def table(self) -> str:
        """For reading."""
        kinds = [kind for kind, megabytes in self.moments[0].memory.items() if megabytes]
        grown = ", ".join(f"{kind} {self.grown(kind):.2f}" for kind in kinds)
        left = ", ".join(f"{kind} {self.left(kind):.2f}" for kind in kinds)
        return (
            f"at the end, of a third of the time: {grown}\nat rest, of before: {left}\n"
            f"{len(self.errors)} errors on pages, {self.tracebacks} tracebacks"
        )


def measure(comings: Comings, say: Say = lambda _: None) -> Level:
    """Start the app, let them come and go, and watch."""
    with serve(**({STAYS: comings.stays} if comings.stays else {})) as server:
        wait_until(lambda: server.warm, pause=0.2)
        say(f"the app answers at {server.host}, process {server.process.pid}")
        return run(_measure(server, comings, say))


async def _measure(server: Server, comings: Comings, say: Say) -> Level:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    errors: list[str] = []
    visits = 0

    def look() -> Moment:
        moment = Moment((loop.time() - begun) / 60, server.by_kind, visits)
        say(moment.line())
        return moment

    async def come_and_go(place: int) -> None:
        nonlocal visits
        rng = random.Random(place)
        while loop.time() < begun + 60 * comings.minutes:
            visitor = Visitor(server.host, rng.randrange(10**6))
            await visitor.begin()
            until = loop.time() + rng.uniform(LEAST, MOST)
            await visitor.stay(lambda until=until: loop.time() < until)  # type: ignore[misc]
            errors.extend(visitor.errors)
            await visitor.close()
            visits += 1

    moments = [look()]
    crowd = asyncio.gather(*(come_and_go(place) for place in range(comings.sessions)))
    while not crowd.done():
        await asyncio.wait([crowd], timeout=EVERY)
        moments.append(look())
    await crowd
    left = loop.time()
    rest = []
    for seconds in comings.rest:
        await asyncio.sleep(left + seconds - loop.time())
        rest.append(look())
    return Level(tuple(moments), tuple(rest), tuple(errors), server.tracebacks)
