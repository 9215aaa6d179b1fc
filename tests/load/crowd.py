"""A class in front of the app: everyone trains, and moves a slider every two seconds."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from tests.load.machine import busy, fixed_loop
from tests.load.result import Result
from tests.load.server import Server, serve
from tests.load.visitor import Visitor
from tests.support.loops import run
from tests.support.waiting import wait_until

ARRIVALS = 0.1
"""Seconds between two visitors."""
WITHIN = 1.0
"""Seconds in which a wave presses Play."""
SAMPLE_SECONDS = 10.0
BEFORE, AFTER = 1.0, 5.0
"""Seconds around the end of a wave."""
LONGEST_WAVE = 240.0
Say = Callable[[str], None]


@dataclass(frozen=True)
class Crowd:
    """Who comes, and what else there is.

    :param sessions: those who train.
    :param seconds: that they are watched for; with a wave its end decides.
    :param room: those who have the page open and do not train.
    :param wave: whether all wait until every page is open, and press Play within a second.
    :param steal: the share of a core that something else takes.
    """

    sessions: int = 30
    seconds: float = 40.0
    room: int = 0
    wave: bool = False
    steal: float = 0.0


def measure(crowd: Crowd, say: Say = lambda _: None) -> Result:
    """Start the app, let them in, and watch."""
    before = fixed_loop()
    with busy(crowd.steal), serve() as server:
        wait_until(lambda: server.warm, pause=0.2)
        say(f"the app answers at {server.host}, process {server.process.pid}")
        result = run(_measure(server, crowd, say))
    return replace(result, loops=(before, fixed_loop()))


async def _measure(server: Server, crowd: Crowd, say: Say) -> Result:
    training = [Visitor(server.host, seed) for seed in range(crowd.sessions)]
    room = [
        Visitor(server.host, seed) for seed in range(crowd.sessions, crowd.sessions + crowd.room)
    ]
    everyone = [*room, *training]
    try:
        if crowd.wave:
            await _let_in(everyone, Visitor.arrive)
            say("all pages are open")
            result = await _watched(server, training, _wave(training), together=True)
        else:
            await _let_in([*room, *training[:1]], Visitor.arrive)
            await training[0].play()
            say("the first session trains")
            await _let_in(training[1:], Visitor.begin)
            say("all sessions train")
            result = await _watched(server, training, _class(training, crowd.seconds))
        await asyncio.gather(*(visitor.compare() for visitor in training))
        return replace(
            result,
            room=crowd.room,
            opened=tuple(visitor.opened for visitor in everyone),
            errors=tuple(error for visitor in everyone for error in visitor.errors),
            notices=tuple(notice for visitor in everyone for notice in visitor.notices),
        )
    finally:
        await asyncio.gather(*(visitor.close() for visitor in everyone))


async def _let_in(visitors: Sequence[Visitor], begin: Callable[[Visitor], Awaitable[None]]) -> None:
    """One after the other, without waiting for those before."""
    async with asyncio.TaskGroup() as group:
        for visitor in visitors:
            group.create_task(begin(visitor))
            await asyncio.sleep(ARRIVALS)


async def _class(visitors: Sequence[Visitor], seconds: float) -> None:
    """All stay for so long."""
    until = time.monotonic() + seconds
    await asyncio.gather(*(visitor.stay(lambda: time.monotonic() < until) for visitor in visitors))


async def _wave(visitors: Sequence[Visitor]) -> None:
    """All press Play within a second, and stay until a while after the last run is over."""
    loop = asyncio.get_running_loop()
    latest = loop.time() + LONGEST_WAVE

    def going() -> bool:
        ends = [visitor.line.ended for visitor in visitors]
        last = max((end for end in ends if end is not None), default=loop.time())
        return loop.time() < (latest if None in ends else last + AFTER)

    async def ride(visitor: Visitor) -> None:
        await asyncio.sleep(random.uniform(0, WITHIN))
        await asyncio.gather(visitor.play(), visitor.stay(going, again=False))

    await asyncio.gather(*(ride(visitor) for visitor in visitors))


async def _watched(
    server: Server, visitors: Sequence[Visitor], course: Awaitable[None], *, together: bool = False
) -> Result:
    """What happens meanwhile."""
    memory = [server.memory]
    sampling = asyncio.create_task(_sample(server, memory))
    before = [visitor.counts for visitor in visitors]
    used, used_here, start = server.seconds, time.process_time(), time.monotonic()
    await course
    passed = time.monotonic() - start
    web, workers = (now - then for now, then in zip(server.seconds, used, strict=True))
    browsers = time.process_time() - used_here
    sampling.cancel()
    counts = [visitor.counts.since(early) for visitor, early in zip(visitors, before, strict=True)]
    moves = [move for visitor in visitors for move in visitor.moves]
    return Result(
        sessions=len(visitors),
        seconds=passed,
        first_curves=tuple(v.first_curve for v in visitors if v.first_curve is not None),
        latencies=tuple(1000 * move.seconds for move in moves if move.seconds is not None),
        unanswered=sum(move.seconds is None for move in moves),
        waited=sum(visitor.line.waited for visitor in visitors),
        around_end=_around_end(visitors) if together else None,
        tracebacks=server.tracebacks,
        counts=tuple(counts),
        memory=(*memory, server.memory),
        holds_torch=server.holds_torch,
        cpu=(web, workers, browsers),
        load=os.getloadavg()[0],
    )


async def _sample(server: Server, memory: list[tuple[float, float]]) -> None:
    while True:
        await asyncio.sleep(SAMPLE_SECONDS)
        memory.append(server.memory)


def _around_end(visitors: Sequence[Visitor]) -> float | None:
    """The longest latency, in ms, of what was moved while the runs of the first and the last
    visitor came to their ends."""
    ends = [visitor.line.ended for visitor in visitors if visitor.line.ended is not None]
    if not ends:
        return None
    first, last = min(ends) - BEFORE, max(ends) + AFTER
    moves = [move for visitor in visitors for move in visitor.moves if first < move.sent < last]
    return max((1000 * move.seconds for move in moves if move.seconds is not None), default=None)
