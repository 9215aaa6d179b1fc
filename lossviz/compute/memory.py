"""Memory: how much a worker may take, so that the kernel never has to choose what to end; and how
a process gives back what it needs no more."""

from __future__ import annotations

import ctypes
import gc
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from math import inf
from pathlib import Path

from distributed.system import MEMORY_LIMIT

SHARE = 0.75
"""Of the memory there is, for all workers together: the web process, the scheduler and the nannies
take about half a gigabyte beside them, and more while files are uploaded."""
VERSION_1 = ("memory.limit_in_bytes",)
VERSION_2 = ("memory.max", "memory.high")
LOOK_SECONDS, AGAIN_SECONDS = 5.0, 30.0
"""Between two looks whether a process rests; and between two times that it gives back while it
does, as it may be told later what it needs no more."""
BUSY = 0.15
"""The share of a core that a process takes at least while somebody uses it."""


def worker_limit(workers: int, root: Path = Path("/")) -> int:
    """Bytes that each of so many workers on this machine may take."""
    return int(SHARE * min([MEMORY_LIMIT, *group_limits(root)]) / workers)


def group_limits(root: Path = Path("/")) -> Iterator[int]:
    """The limits of the control groups that this process is in, and of those around them.

    Dask reads those of the outermost group alone, which is the process's own in a container that
    has a view of its own; elsewhere (a service, a batch job) that one has no limit.

    :param root: of the file system; replaced in tests.
    """
    memberships = root / "proc" / "self" / "cgroup"
    if not memberships.exists():
        return
    for line in memberships.read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        mounted = root / "sys" / "fs" / "cgroup"
        if controllers and "memory" not in controllers.split(","):
            continue
        mounted, names = (mounted / "memory", VERSION_1) if controllers else (mounted, VERSION_2)
        group = mounted / path.lstrip("/")
        for folder in (group, *group.parents):
            for name in names:
                limit = _number(folder / name)
                if limit:
                    yield limit
            if folder == mounted:
                break


def _number(file: Path) -> int:
    """What a file says; 0 where there is none, or it says ``max``."""
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return 0


def give_back() -> None:
    """Let the system have the memory that is free in this process. Garbage is collected first, as
    what is in cycles waits for long otherwise."""
    gc.collect()
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another library than glibc
            ctypes.CDLL(None).malloc_trim(0)


class Tidying:
    """Gives memory back whenever this process comes to rest after some work, and now and then while
    it rests: then nobody waits for it.

    :param actions: how.
    :param latest: seconds after which it is done though there is no rest; it takes 0.05 of one.
    :param clock: seconds of a core that this process has used; replaced in tests.
    """

    def __init__(
        self,
        *actions: Callable[[], None],
        latest: float = inf,
        clock: Callable[[], float] = time.process_time,
    ) -> None:
        self._actions = actions
        self._clock = clock
        self._ended = threading.Event()
        self._used = clock()
        self._latest = latest
        self._due, self._late = 0.0, latest
        """Seconds of rest until it is time, and of work."""

    def start(self) -> None:
        """Look from now on."""
        threading.Thread(target=self._watch, name="lossviz-tidying", daemon=True).start()

    def end(self) -> None:
        """Look no more."""
        self._ended.set()

    def look(self) -> None:
        """Some seconds after the last time."""
        busy = self._clock() - self._used > BUSY * LOOK_SECONDS
        self._due = 0.0 if busy else self._due - LOOK_SECONDS
        self._late -= LOOK_SECONDS
        if self._late <= 0 or (not busy and self._due <= 0):
            self._due, self._late = AGAIN_SECONDS, self._latest
            for action in self._actions:
                action()
        self._used = self._clock()  # giving was work, too

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            self.look()
