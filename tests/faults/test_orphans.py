"""What is left of a server, or of a command, that has no time to end what it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from tests.conftest import ROOT
from tests.load.server import serve
from tests.load.test_end import left
from tests.support.waiting import wait_until

pytestmark = pytest.mark.slow

SECONDS = 10.0
SAMPLE = ROOT / "assets" / "samples" / "feelings.csv"


def all_end(parent: psutil.Process) -> None:
    """Within the seconds that are promised, the parent is killed and nothing is left."""
    children = parent.children(recursive=True)
    assert len(children) >= 3
    begun = time.monotonic()
    parent.kill()
    wait_until(lambda: not left(children), told=lambda: left(children))
    assert time.monotonic() - begun < SECONDS


def test_a_server_that_is_killed_leaves_nothing_not_even_what_stands_still() -> None:
    with serve() as server:
        wait_until(lambda: server.warm, pause=0.2)
        children = server.process.children(recursive=True)
        worker = max(children, key=lambda process: process.memory_info().rss)
        os.kill(worker.pid, signal.SIGSTOP)
        all_end(server.process)


def test_a_server_that_is_killed_while_it_starts_leaves_nothing() -> None:
    with serve() as server:
        wait_until(lambda: len(server.process.children(recursive=True)) >= 3, pause=0.01)
        all_end(server.process)


def test_a_command_that_is_killed_leaves_nothing() -> None:
    command = [sys.executable, "-m", "lossviz", "sweep", str(SAMPLE), "--workers", "2"]
    with subprocess.Popen(
        [*command, "--epochs", "500", "--json"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        parent = psutil.Process(process.pid)
        wait_until(lambda: len(parent.children(recursive=True)) >= 5)
        all_end(parent)
