"""The machine: how fast it is at the moment, and somebody else who uses it."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

ROUNDS = 400_000
PAUSE_SECONDS = 0.01


@dataclass(frozen=True)
class Loop:
    """What a fixed loop takes, in milliseconds. Beside it other figures can be compared with those
    of another machine, or of another hour."""

    cpu: float
    """What it needs: more where the other cores are busy too."""
    wall: float
    """How long it is waited for: more where it has to share its core."""


def fixed_loop() -> Loop:
    """The best of three times."""
    return min((_timed() for _ in range(3)), key=lambda loop: loop.cpu)


def _timed() -> Loop:
    cpu, wall = time.process_time(), time.perf_counter()
    numbers: dict[int, int] = {}
    for k in range(ROUNDS):
        numbers[k % 1000] = numbers.get(k % 997, 0) ^ k
    return Loop(1000 * (time.process_time() - cpu), 1000 * (time.perf_counter() - wall))


@contextmanager
def busy(share: float) -> Iterator[None]:
    """Something else takes so much of a core, also where it has to fight for it."""
    if not share:
        yield
        return
    process = multiprocessing.get_context("spawn").Process(target=_burn, args=(share,), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


def _burn(share: float) -> None:
    start = time.monotonic() - time.process_time() / share
    while True:
        if time.process_time() < share * (time.monotonic() - start):
            _timed()
        else:
            time.sleep(PAUSE_SECONDS)
