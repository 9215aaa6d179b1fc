"""Limits of memory, wherever they are written."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest
from distributed.system import MEMORY_LIMIT

from lossviz.compute.memory import (
    AGAIN_SECONDS,
    BUSY,
    LOOK_SECONDS,
    SHARE,
    Tidying,
    give_back,
    group_limits,
    worker_limit,
)

UNLIMITED = "9223372036854771712"


def system(root: Path, memberships: str, limits: dict[str, str]) -> Path:
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(memberships)
    for path, limit in limits.items():
        file = root / "sys/fs/cgroup" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{limit}\n")
    return root


@pytest.mark.parametrize(
    ("memberships", "limits", "least"),
    [
        ("0::/\n", {"memory.max": "3000"}, 3000),
        ("0::/a.slice/b\n", {"a.slice/memory.max": "max", "a.slice/b/memory.max": "5000"}, 5000),
        ("0::/a.slice/b\n", {"a.slice/memory.high": "4000", "a.slice/b/memory.max": "5000"}, 4000),
        (
            "9:cpu:/c\n4:memory:/a/b\n0::/a/b\n",
            {
                "memory/memory.limit_in_bytes": UNLIMITED,
                "memory/a/memory.limit_in_bytes": "7000",
                "memory/a/b/memory.limit_in_bytes": "9000",
                "cpu/c/memory.limit_in_bytes": "1",
            },
            7000,
        ),
        ("4:memory:/not/in/sight\n", {"memory/memory.limit_in_bytes": "6000"}, 6000),
    ],
    ids=["container", "service", "around it", "version 1", "version 1 in a container"],
)
def test_the_least_of_all_groups_around_this_process_counts(
    tmp_path: Path, memberships: str, limits: dict[str, str], least: int
) -> None:
    root = system(tmp_path, memberships, limits)
    assert min(group_limits(root)) == least
    assert worker_limit(1, root) == int(SHARE * least)
    assert worker_limit(4, root) == int(SHARE * least / 4)


def test_where_there_are_no_groups_there_is_the_machine_s_memory(tmp_path: Path) -> None:
    assert worker_limit(2, tmp_path) == int(SHARE * MEMORY_LIMIT / 2)
    assert 0 < 3 * worker_limit(3) < MEMORY_LIMIT, "something is left for the web process"


def test_memory_is_given_back_when_a_process_comes_to_rest_and_now_and_then_after() -> None:
    seconds = [0.0]
    given: list[float] = []
    tidying = Tidying(lambda: given.append(seconds[0]), clock=lambda: seconds[0])
    idle, busy = BUSY * LOOK_SECONDS / 2, LOOK_SECONDS
    again = int(AGAIN_SECONDS / LOOK_SECONDS)
    for used in (idle, idle, busy, busy, *[idle] * (again + 1), busy, idle):
        seconds[0] += used
        tidying.look()
    first, second, third, fourth = given
    assert first == idle, "what it took to start"
    assert second == 3 * idle + 2 * busy, "it has come to rest"
    assert third == (3 + again) * idle + 2 * busy, "it rests"
    assert fourth == (4 + again) * idle + 3 * busy


def test_it_is_given_back_now_and_then_where_there_is_no_rest() -> None:
    seconds = [0.0]
    given: list[float] = []
    tidying = Tidying(
        lambda: given.append(seconds[0]), latest=3 * LOOK_SECONDS, clock=lambda: seconds[0]
    )
    for _ in range(7):
        seconds[0] += LOOK_SECONDS
        tidying.look()
    assert given == [3 * LOOK_SECONDS, 6 * LOOK_SECONDS]


def test_what_is_free_goes_back_to_the_system() -> None:
    def resident() -> int:
        return int(psutil.Process().memory_info().rss) >> 20

    pieces = [bytes(20_000) for _ in range(10_000)]  # below what is mapped by itself
    last = pieces[-1]
    before = resident()
    del pieces
    give_back()
    assert resident() < before - 100
    assert len(last) == 20_000, "it keeps all before it from going by itself"
