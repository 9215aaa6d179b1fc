"""``python -m tests.load.files``: what somebody who trains has left while others upload files.

Printed are the memory of the web process, of its workers and of its readers, and the neighbour's
updates and steps a second, before and meanwhile: ratios, so that they say something on a machine
that others use too.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from lossviz.sharing.project_file import SUFFIX
from tests.load.server import Server, serve
from tests.load.uploader import Uploader
from tests.load.visitor import Visitor
from tests.support.loops import run
from tests.support.waiting import wait_until

LOOK_SECONDS = 0.25
BEFORE_SECONDS = 10.0
AFTER_SECONDS = 20.0
BYTES = 42_000_000


class Course(Protocol):
    """What happens beside somebody who trains."""

    async def prepare(self, server: Server) -> None:
        """Whatever does not count."""

    async def act(self) -> None:
        """What does."""

    async def close(self) -> None:
        """Leave."""


@dataclass
class Watched:
    """What was seen in a stretch of time.

    :param memory: of each kind of process, in MB, at each look.
    :param cpu: seconds that the web process took, and the simulated browsers.
    """

    seconds: float = 0.0
    updates: int = 0
    steps: int = 0
    memory: list[dict[str, float]] = field(default_factory=list)
    cpu: tuple[float, float] = (0.0, 0.0)

    def most(self, kind: str) -> float:
        """The largest of a kind."""
        return max(memory[kind] for memory in self.memory)

    @property
    def pace(self) -> tuple[float, float]:
        """The neighbour's updates and steps a second."""
        return self.updates / self.seconds, self.steps / self.seconds

    def words(self) -> str:
        """A line."""
        updates, steps = self.pace
        memory = ", ".join(
            f"{kind} {self.most(kind):.0f}" for kind in ("web", "workers", "readers")
        )
        return (
            f"{self.seconds:.1f} s: {updates:.1f} updates and {steps:.1f} steps a second; at most "
            f"{memory} MB, at the end web {self.memory[-1]['web']:.0f}; CPU web "
            f"{self.cpu[0]:.1f} s, browsers {self.cpu[1]:.1f} s"
        )


@dataclass(frozen=True)
class Neighbour:
    """Before, meanwhile, and after.

    :param errors: on the neighbour's page.
    """

    before: Watched
    meanwhile: Watched
    after: Watched
    errors: tuple[str, ...]

    @property
    def kept(self) -> float:
        """The share of the updates that the neighbour had meanwhile."""
        return self.meanwhile.pace[0] / self.before.pace[0]

    def table(self) -> str:
        """For reading."""
        stretches = ("before", self.before), ("meanwhile", self.meanwhile), ("after", self.after)
        lines = [f"{name:<10} {watched.words()}" for name, watched in stretches]
        kept = self.meanwhile.pace[1] / self.before.pace[1]
        return "\n".join([*lines, f"kept       {self.kept:.0%} of updates, {kept:.0%} of steps"])


async def watch(server: Server, visitor: Visitor, course: Awaitable[object]) -> Watched:
    """What happens while something takes its course."""
    watched, counts, begun = Watched(), visitor.counts, time.monotonic()
    web, here = server.seconds[0], time.process_time()
    task = asyncio.ensure_future(course)
    while not task.done():
        watched.memory.append(server.by_kind)
        await asyncio.wait([task], timeout=LOOK_SECONDS)
        if visitor.line.lab.get("over"):
            await visitor.line.send(do="play")
    await task
    watched.memory.append(server.by_kind)
    since = visitor.counts.since(counts)
    watched.seconds = time.monotonic() - begun
    watched.cpu = server.seconds[0] - web, time.process_time() - here
    watched.updates, watched.steps = since.updates, since.steps
    return watched


async def beside(server: Server, course: Course) -> Neighbour:
    """Somebody trains at full speed, and something happens."""
    visitor = Visitor(server.host, 0)
    await visitor.begin()
    await visitor.line.send(do="speed", speed="full")
    try:
        await course.prepare(server)
        await asyncio.sleep(2.0)
        before = await watch(server, visitor, asyncio.sleep(BEFORE_SECONDS))
        meanwhile = await watch(server, visitor, course.act())
        after = await watch(server, visitor, asyncio.sleep(AFTER_SECONDS))
        return Neighbour(before, meanwhile, after, tuple(visitor.errors))
    finally:
        await course.close()
        await visitor.close()


def measure(course: Course) -> Neighbour:
    """In a server of its own."""
    with serve() as server:
        wait_until(lambda: server.warm, pause=0.2)
        return run(beside(server, course))


def table_of(size: int) -> bytes:
    """A table of short texts, of about so many bytes."""
    rows, made, k = [b"text,label\n"], 0, 0
    while made < size:
        row = b"some text of a few words that is number %d,%s|%d\n" % (
            k,
            b"ABC"[k % 3 :][:1],
            k % 4,
        )
        rows.append(row)
        made, k = made + len(row), k + 1
    return b"".join(rows)


class Uploads:
    """So many visitors choose a file at once.

    :param files: one for each of them, by name.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.browsers: dict[str, Uploader] = {}

    async def prepare(self, server: Server) -> None:
        """All have the page open that takes their files."""
        for name in self.files:
            self.browsers[name] = Uploader(server.host)
            await self.browsers[name].open(page_of(name))

    async def act(self) -> None:
        """Until the last one is told what came of it."""
        await asyncio.gather(
            *(browser.read(name, self.files[name]) for name, browser in self.browsers.items())
        )

    async def close(self) -> None:
        """All leave."""
        await asyncio.gather(*(browser.close() for browser in self.browsers.values()))

    @property
    def outcomes(self) -> dict[str, str]:
        """What each is told."""
        return {name: browser.outcome(name) for name, browser in self.browsers.items()}


def page_of(name: str) -> str:
    """Where a file is opened."""
    return "library" if name.endswith(SUFFIX) else "data"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.files", description=__doc__)
    parser.add_argument("--uploads", type=int, default=5, metavar="N", help="files at once")
    parser.add_argument("--megabytes", type=int, default=BYTES // 10**6, help="of each")
    options = parser.parse_args()
    table = table_of(options.megabytes * 10**6)
    uploads = Uploads({f"large-{k}.csv": table for k in range(options.uploads)})
    print(measure(uploads).table())
    print(*uploads.outcomes.values(), sep="\n")


if __name__ == "__main__":
    main()
