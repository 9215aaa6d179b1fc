"""``python -m tests.load.neighbour``: what somebody who trains has left while others ask for a lot,
and after they have gone."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from lossviz.data import load_sample, samples
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.specs import OptimiserSpec
from lossviz.sharing.address import LETTERS, Address, DataAddress, TradeOffView
from tests.load.browser import Browser
from tests.load.server import Server, serve
from tests.load.visitor import START_SECONDS, Visitor
from tests.support.loops import run
from tests.support.waiting import wait_until

Say = Callable[[str], None]
GRACE_SECONDS = 15.0
"""After which nothing is left of what the others have asked for."""
LOOK_SECONDS = 0.25


@dataclass(frozen=True)
class Others:
    """Those who come, and what each of them presses on the page that a link opens.

    :param page: of the address.
    :param address: the rest of it, for a data set's usual experiment.
    :param press: the button; empty where Play is meant.
    """

    tabs: int
    page: str
    address: Callable[[Experiment], Address]
    press: str = ""


def _largest_sweep(usual: Experiment) -> Address:
    """12,500 models, each from several starts."""
    hidden = usual.unwatched.where({"model.kind": "hidden", "model.width": 16})
    view = TradeOffView(steps=25, kind="map", seeds=20)
    return Address(data=_DATA, sweep=hidden, view=view)


def _small_batches(usual: Experiment) -> Address:
    """Four runs of many units, a step for each text."""
    wide = {"model.kind": "hidden", "model.width": 256}
    batches = {"optimiser": OptimiserSpec(batch_size=1)}
    runs = {
        letter: usual.where({**wide, "seed": k}).changed(**batches)
        for k, letter in enumerate(LETTERS)
    }
    return Address(data=_DATA, runs=runs)


_DATA = DataAddress(sample=samples()[0].id)
OTHERS = {
    "a sweep": Others(1, "trade-off", _largest_sweep, "sweep-start"),
    "ten sweeps": Others(10, "trade-off", _largest_sweep, "sweep-start"),
    "small batches": Others(1, "train", _small_batches),
}


@dataclass(frozen=True)
class Left:
    """What the neighbour had: updates a second alone, beside the others, and after they have gone.

    :param memory: of web process and workers at the end of each time, in MB.
    """

    alone: float
    beside: float
    after: float
    memory: tuple[tuple[float, float], ...]

    @property
    def kept(self) -> tuple[float, float]:
        """The share of what it had alone: beside the others, and after them."""
        return self.beside / self.alone, self.after / self.alone

    def line(self, name: str) -> str:
        """Of a table."""
        beside, after = self.kept
        memory = ", ".join(f"{web:,.0f} + {workers:,.0f}" for web, workers in self.memory)
        return (
            f"{name}: {self.alone:.1f} updates a second alone, {self.beside:.1f} beside "
            f"({beside:.0%}), {self.after:.1f} after ({after:.0%}); MB {memory}"
        )


def measure(others: Others, seconds: float, say: Say = lambda _: None) -> Left:
    """Start the app, let a neighbour train, and let the others come and go."""
    with serve() as server:
        wait_until(lambda: server.warm, pause=0.2)
        say(f"the app answers at {server.host}, process {server.process.pid}")
        return run(_measure(server, others, seconds, say))


async def _measure(server: Server, others: Others, seconds: float, say: Say) -> Left:
    neighbour = Visitor(server.host, 0)
    updates, memory = [], []

    async def watched() -> None:
        before, begun = neighbour.line.updates, asyncio.get_running_loop().time()
        await _train(neighbour, seconds)
        passed = asyncio.get_running_loop().time() - begun
        updates.append((neighbour.line.updates - before) / passed)
        memory.append(server.memory)
        say(f"{updates[-1]:.1f} updates a second, {memory[-1]} MB")

    await neighbour.begin()
    await _train(neighbour, 5.0)
    await watched()
    tabs = await asyncio.gather(*(_begun(server.host, others) for _ in range(others.tabs)))
    say(f"{len(tabs)} tabs have begun")
    await watched()
    errors = [error for tab in (neighbour, *tabs) for error in tab.errors]
    await asyncio.gather(*(tab.close() for tab in tabs))
    await _train(neighbour, GRACE_SECONDS)
    await watched()
    errors += neighbour.errors
    await neighbour.close()
    if errors:
        raise RuntimeError("; ".join(errors))
    return Left(updates[0], updates[1], updates[2], tuple(memory))


async def _train(neighbour: Visitor, seconds: float) -> None:
    """Whoever has trained to the end begins again."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while loop.time() < until:
        await asyncio.sleep(LOOK_SECONDS)
        if neighbour.line.lab.get("over"):
            await neighbour.play()


async def _begun(host: str, others: Others) -> Browser:
    """One more tab, which has pressed its button."""
    usual = Experiment.for_dataset(load_sample(_DATA.sample)[2])
    query = others.address(usual).query(others.page, usual)
    tab = Browser(host)
    await tab.open(others.page, urlencode(query))
    if others.press:
        await tab.press(others.press)
        return tab
    async with asyncio.timeout(START_SECONDS):
        await tab.line.send(do="play")
        await tab.line.send(do="speed", speed="full")
    return tab


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.neighbour", description=__doc__)
    parser.add_argument("others", nargs="*", help=f"of {', '.join(OTHERS)}; by default all")
    parser.add_argument("--seconds", type=float, default=15.0, help="of each time")
    options = parser.parse_args()
    for name in options.others or OTHERS:
        left = measure(OTHERS[name], options.seconds, lambda text: print(text, file=sys.stderr))
        print(left.line(name), flush=True)


if __name__ == "__main__":
    main()
