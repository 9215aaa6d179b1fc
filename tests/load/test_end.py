"""The server's end: whatever page is open, nothing of it is left."""

from __future__ import annotations

import asyncio
import os
import signal
import time

import psutil
import pytest

from tests.load.browser import Browser
from tests.load.server import Server, serve
from tests.support.loops import run
from tests.support.waiting import wait_until

pytestmark = pytest.mark.slow


def left(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [
        process
        for process in processes
        if process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    ]


@pytest.mark.parametrize(("how", "seconds"), [(signal.SIGTERM, 5.0), (signal.SIGKILL, 10.0)])
def test_no_process_is_left(how: signal.Signals, seconds: float) -> None:
    async def end(server: Server) -> float:
        browser = Browser(server.host)
        await browser.open("train")
        processes = [server.process, *server.process.children(recursive=True)]
        begun = time.monotonic()
        os.kill(server.process.pid, how)
        while left(processes) and time.monotonic() - begun < 2 * seconds:
            await asyncio.sleep(0.1)
        await browser.close()
        return time.monotonic() - begun

    with serve() as server:
        wait_until(lambda: server.warm, pause=0.2)
        assert run(end(server)) < seconds
