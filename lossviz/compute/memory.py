"""How much memory a worker may take, so that the kernel never has to choose what to end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from distributed.system import MEMORY_LIMIT

SHARE = 0.75
"""Of the memory there is, for all workers together: the web process, the scheduler and the nannies
take about half a gigabyte beside them, and more while files are uploaded."""
VERSION_1 = ("memory.limit_in_bytes",)
VERSION_2 = ("memory.max", "memory.high")


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
