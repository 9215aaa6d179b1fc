"""Somebody trains while bombs go off: neither the machine nor they notice much of it."""

from __future__ import annotations

import asyncio

import pytest

from lossviz.guards import MAX_UPLOAD, PROJECT
from tests.data.files.test_corpus import HOSTILE
from tests.load.files import Watched, page_of, watch
from tests.load.server import Server, serve
from tests.load.uploader import Uploader
from tests.load.visitor import Visitor
from tests.security.test_bombs import READERS, Bomb
from tests.support.loops import run
from tests.support.waiting import wait_until

pytestmark = pytest.mark.slow

KEPT = 0.5
"""Of the neighbour's updates and steps, at least; on a machine that nobody else uses it is more."""
WEB, WORKERS, LEFT = 500.0, 150.0, 200.0
"""Megabytes that may be added: to the web process for as long as the labels of a million rows are
read in parts, to the workers, and to the web process at the end."""
READER = 1.5 * (PROJECT.memory >> 20)
"""Megabytes of those that read: two at most, and none of them to its limit."""
BOMBS: dict[str, Bomb] = {
    **{name: make for name, (make, _) in HOSTILE.items()},
    **{f"{name}.lossviz": make for name, make in READERS["project"].bombs.items()},
}


async def beside(server: Server) -> tuple[Watched, dict[str, Watched], dict[str, str]]:
    """Before, while each bomb goes off, and what is said of each."""
    neighbour = Visitor(server.host, 0)
    await neighbour.begin()
    await neighbour.line.send(do="speed", speed="full")
    await asyncio.sleep(3.0)
    before = await watch(server, neighbour, asyncio.sleep(10.0))
    meanwhile, sentences = {}, {}
    for name, make in BOMBS.items():
        bomb = await asyncio.to_thread(make)
        if len(bomb) > MAX_UPLOAD:
            continue  # which is not taken in
        attacker = Uploader(server.host)
        await attacker.open(page_of(name))
        meanwhile[name] = await watch(server, neighbour, attacker.read(name, bomb))
        sentences[name] = attacker.outcome(name)
        assert not attacker.errors, (name, attacker.errors)
        await attacker.close()
    assert not neighbour.errors
    await neighbour.close()
    return before, meanwhile, sentences


def test_whoever_trains_goes_on_while_bombs_go_off() -> None:
    with serve() as server:
        wait_until(lambda: server.warm, pause=0.2)
        before, meanwhile, sentences = run(beside(server))
        assert not server.tracebacks
    print(f"\nbefore: {before.words()}")
    for name, watched in meanwhile.items():
        print(f"{name}: {watched.words()}; {sentences[name][:80]}")
    seconds = sum(watched.seconds for watched in meanwhile.values())
    updates = sum(watched.updates for watched in meanwhile.values()) / seconds
    steps = sum(watched.steps for watched in meanwhile.values()) / seconds
    kept = updates / before.pace[0], steps / before.pace[1]
    print(f"kept: {kept[0]:.0%} of updates, {kept[1]:.0%} of steps, in {seconds:.0f} s")
    assert len(sentences) > 15
    assert all(sentences.values())
    assert min(kept) >= KEPT
    most = {
        kind: max(watched.most(kind) for watched in meanwhile.values()) for kind in before.memory[0]
    }
    assert most["web"] < before.most("web") + WEB
    assert watched.memory[-1]["web"] < before.most("web") + LEFT
    assert most["workers"] < before.most("workers") + WORKERS
    assert most["readers"] < READER
