"""A process of the cluster on this machine: the scheduler, or the nanny of a worker.

It ends with the process that started it, also where that had no time to tell it, and takes its
worker with it. Dask's own ``death_timeout`` does not do it: a nanny starts its worker again and
again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
import time

import dask
from distributed import Nanny, Scheduler, Worker, WorkerPlugin

from lossviz.compute.memory import Tidying, give_back

LOOK_SECONDS = 1.0
HOST = "127.0.0.1"
LATEST_SECONDS = 60.0
"""After which a worker gives memory back though it trains."""
NEVER_WAIT = {f"distributed.worker.memory.{what}": False for what in ("target", "spill", "pause")}
"""Runs can neither be put on disk nor wait for memory to come back: a worker goes on until its
nanny ends it, at ``terminate`` (0.95) of its limit."""


async def schedule() -> None:
    """Be the scheduler, and print its address.

    A task that takes its worker down is not tried again by itself: it would take the next one down
    as well, with the runs of everybody in it.
    """
    async with Scheduler(
        host=HOST, port=0, dashboard=False, dashboard_address=f"{HOST}:0", allowed_failures=0
    ) as scheduler:
        print(scheduler.address, flush=True)
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nobody reads it any further
        await scheduler.finished()


class Tidies(WorkerPlugin):
    """A worker gives back what its sessions needed, once they rest."""

    def setup(self, worker: Worker) -> None:
        """In the worker's own process."""
        Tidying(give_back, latest=LATEST_SECONDS).start()


async def nurse(scheduler: str, memory: int) -> None:
    """Keep a worker running, of so many bytes at most."""
    dask.config.set(NEVER_WAIT)
    async with Nanny(
        scheduler,
        nthreads=1,
        host=HOST,
        memory_limit=memory,
        env={"MALLOC_ARENA_MAX": "2"},  # each thread's own would keep what that one once needed
        plugins=(Tidies(),),
        silence_logs=logging.WARNING,
        dashboard=False,
        dashboard_address=f"{HOST}:0",
    ) as nanny:
        await nanny.finished()


def _end_with(parent: int) -> None:
    """Once this is nobody's child any more, end all that belongs to it: by its group, as what
    stands still does not end by itself."""
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os.killpg(0, signal.SIGKILL)


def main(parent: str, *nanny_of: str) -> None:
    """With a scheduler's address and a number of bytes: a nanny; without: a scheduler."""
    threading.Thread(target=_end_with, args=(int(parent),), daemon=True).start()
    logging.getLogger("distributed").setLevel(logging.WARNING)
    if nanny_of:
        scheduler, memory = nanny_of
        asyncio.run(nurse(scheduler, int(memory)))
    else:
        asyncio.run(schedule())


if __name__ == "__main__":
    main(*sys.argv[1:])
