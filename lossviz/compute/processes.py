"""The cluster on this machine: a scheduler, and workers with a nanny each."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from lossviz.compute import node
from lossviz.compute.memory import worker_limit

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
"""After so long a scheduler that has not said where it is does not come."""
AGAIN_SECONDS = 5.0
"""Between two starts of a nanny that ends by itself."""


class Node:
    """A process of :mod:`lossviz.compute.node`, and all that it starts: a group of their own, so
    that they end together, and no Ctrl-C reaches them before this process."""

    def __init__(self, *nanny_of: str) -> None:
        # They import this package, wherever this process was started from.
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        command = [sys.executable, "-m", node.__name__, str(os.getpid()), *nanny_of]
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            command,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
            stdin=subprocess.DEVNULL,
            stdout=None if nanny_of else subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    @property
    def ended(self) -> bool:
        """Whether it is not there any more; its worker may be."""
        return self.process.poll() is not None

    def first_line(self) -> str:
        """What it prints first.

        :raises RuntimeError: when it ends before, or takes too long.
        """
        printed = self.process.stdout
        assert printed is not None
        with printed:
            readable, _, _ = select.select([printed], [], [], START_SECONDS)
            line = printed.readline().strip() if readable else ""
        if not line:
            raise RuntimeError("a scheduler did not start")
        return line

    def end(self) -> None:
        """At once, with all that it started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Processes:
    """A scheduler and so many workers. A worker that ends is started anew by its nanny, a nanny
    that ends by :meth:`look`; a scheduler that ends takes its workers with it, and all of them are
    to be replaced.

    :raises RuntimeError: when they do not start.
    """

    def __init__(self, workers: int) -> None:
        self.scheduler = Node()
        try:
            self.address = self.scheduler.first_line()
        except BaseException:
            self.scheduler.end()
            raise
        memory = str(worker_limit(workers))
        self._nanny_of = (self.address, memory)
        self.nannies = [Node(*self._nanny_of) for _ in range(workers)]

    @property
    def ended(self) -> bool:
        """Whether there is no scheduler any more."""
        return self.scheduler.ended

    def look(self) -> None:
        """Start nannies anew that have ended."""
        for place, nanny in enumerate(self.nannies):
            if nanny.ended and time.monotonic() - nanny.started > AGAIN_SECONDS:
                nanny.end()
                self.nannies[place] = Node(*self._nanny_of)

    def close(self) -> None:
        """End them all."""
        for each in (*self.nannies, self.scheduler):
            each.end()
