"""A class in front of the app: everyone trains, and moves a slider every two seconds."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import Any

from websockets.exceptions import ConnectionClosed

from tests.load.browser import Browser
from tests.load.server import Server, serve

PAGE, PLAY, SLIDER = "train", "play", "slider-A-0-0"
EVERY = 2.0
ARRIVALS = 0.1
"""Seconds between two visitors."""
START_SECONDS = 45.0


@dataclass(frozen=True)
class Result:
    """What was measured. Latencies in milliseconds; one number per session in the tuples."""

    sessions: int
    seconds: float
    latencies: tuple[float, ...]
    unanswered: int
    errors: tuple[str, ...]
    notices: tuple[str, ...]
    tracebacks: int
    steps: tuple[int, ...]
    updates: tuple[float, ...]
    polls: tuple[float, ...]
    memory_mb: float
    holds_torch: bool
    cores: tuple[float, float, float]
    """Used by the web process, by the workers and by the simulated browsers."""
    load: float

    @property
    def p50(self) -> float:
        """The median latency of a moved slider."""
        return median(self.latencies)

    @property
    def p95(self) -> float:
        """What 95 % of the moved sliders stay below."""
        return quantiles(self.latencies, n=20, method="inclusive")[-1]

    def to_json(self) -> dict[str, Any]:
        """Everything as plain values."""
        return asdict(self) | {"p50": self.p50, "p95": self.p95}

    def table(self) -> str:
        """The numbers, for reading."""
        web, workers, browsers = self.cores
        rows = [
            ("sessions", f"{self.sessions} for {self.seconds:.0f} s"),
            ("slider moves", f"{len(self.latencies)}, unanswered: {self.unanswered}"),
            (
                "slider latency, ms",
                f"p50 {self.p50:.0f}, p95 {self.p95:.0f}, longest {max(self.latencies):.0f}",
            ),
            ("steps of run A", _spread(self.steps, "{:.0f}")),
            ("updates a second", _spread(self.updates, "{:.2f}")),
            ("polls a second", _spread(self.polls, "{:.2f}")),
            (
                "errors",
                f"{len(self.errors)} on pages, {self.tracebacks} tracebacks in the log, "
                f"{len(self.notices)} notices",
            ),
            (
                "web process",
                f"{self.memory_mb:.0f} MB, {'with' if self.holds_torch else 'without'} torch",
            ),
            ("cores used", f"web {web:.2f}, workers {workers:.2f}, browsers {browsers:.2f}"),
            ("load of the machine", f"{self.load:.1f}"),
        ]
        rows += [("  said", own) for own in sorted({*self.errors, *self.notices})[:5]]
        return "\n".join(f"{name:<20} {value}" for name, value in rows)


def _spread(values: tuple[float, ...], form: str) -> str:
    low, middle, high = (form.format(own) for own in (min(values), median(values), max(values)))
    return f"min {low}, median {middle}, max {high}"


def measure(
    sessions: int = 30, seconds: float = 40.0, say: Callable[[str], None] = lambda _: None
) -> Result:
    """Start the app, let so many people in, and watch for so long."""
    with serve() as server:
        say(f"the app answers at {server.host}, process {server.process.pid}")
        return asyncio.run(_measure(server, sessions, seconds, say))


async def _measure(
    server: Server, sessions: int, seconds: float, say: Callable[[str], None]
) -> Result:
    browsers = [Browser(server.host, random.Random(seed)) for seed in range(sessions)]
    try:
        await _start(browsers[0])
        say("the first session trains")
        starts = []
        for browser in browsers[1:]:
            starts.append(asyncio.create_task(_start(browser)))
            await asyncio.sleep(ARRIVALS)
        await asyncio.gather(*starts)
        say("all sessions train")
        return await _watch(server, browsers, seconds)
    finally:
        await asyncio.gather(*(browser.close() for browser in browsers))


async def _start(browser: Browser) -> None:
    """Open the page, press Play, and wait for the first steps."""
    await browser.open(PAGE)
    await browser.press(PLAY)
    deadline = time.monotonic() + START_SECONDS
    while not browser.steps:
        if time.monotonic() > deadline:
            browser.errors.append(f"no step {START_SECONDS:.0f} seconds after Play")
            return
        await asyncio.sleep(0.1)


async def _watch(server: Server, browsers: list[Browser], seconds: float) -> Result:
    before = [(own.steps, own.updates, own.feeds) for own in browsers]
    used, own_used, start = server.seconds, time.process_time(), time.monotonic()
    outcomes = await asyncio.gather(*(_person(own, start + seconds) for own in browsers))
    passed = time.monotonic() - start
    after = [(own.steps, own.updates, own.feeds) for own in browsers]
    spent = [now - then for now, then in zip(server.seconds, used, strict=True)]
    browsing = time.process_time() - own_used
    steps, updates, feeds = zip(
        *(
            [now - then for now, then in zip(late, early, strict=True)]
            for late, early in zip(after, before, strict=True)
        ),
        strict=True,
    )
    latencies = tuple(1000 * own for outcome in outcomes for own in outcome if own is not None)
    return Result(
        sessions=len(browsers),
        seconds=round(passed, 1),
        latencies=latencies,
        unanswered=sum(own is None for outcome in outcomes for own in outcome),
        errors=tuple(error for own in browsers for error in own.errors),
        notices=tuple(notice for own in browsers for notice in own.notices),
        tracebacks=server.tracebacks,
        steps=steps,
        updates=tuple(own / passed for own in updates),
        polls=tuple(own / passed for own in feeds),
        memory_mb=server.memory,
        holds_torch=server.holds_torch,
        cores=(spent[0] / passed, spent[1] / passed, browsing / passed),
        load=os.getloadavg()[0],
    )


async def _person(browser: Browser, until: float) -> list[float | None]:
    """Move α of run A every two seconds, and press Play again when the runs are over."""
    latencies: list[float | None] = []
    due = time.monotonic() + random.uniform(0, EVERY)
    while due < until:
        await asyncio.sleep(due - time.monotonic())
        if browser.label(PLAY) == "Play":
            await browser.press(PLAY)
        else:
            try:
                latencies.append(await browser.move(SLIDER))
            except (TimeoutError, ConnectionClosed):
                latencies.append(None)
        due = max(due + EVERY, time.monotonic())
    return latencies
