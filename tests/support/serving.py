"""An app in a process of its own, and whether it answers."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tests.conftest import ROOT
from tests.support.waiting import PATIENCE, wait_until


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(app: str, log: Path, port: int = 0, **environment: str) -> Iterator[str]:
    """The address of an app, started as the README starts ours.

    :param port: 0 for any that is free.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", app, f"--server.port={port}"]
    with log.open("w") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, stdout=output, stderr=output, env={**os.environ, **environment}
        )
    try:
        wait_until_up(port, server, log)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(PATIENCE)


def serving_page(page: str, log: Path) -> AbstractContextManager[str]:
    """An app of this one page of ``tests/browser``, with our charts and headers."""
    return serving("tests/browser/page_app.py", log, LOSSVIZ_TEST_PAGE=page)


def wait_until_up(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    def answers() -> bool:
        assert server.poll() is None, f"the app ended: {log.read_text()}"
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/healthz", timeout=5) as reply:
                return bool(json.load(reply)["status"] == "ok")
        except OSError:
            return False

    wait_until(answers, pause=0.1, told=lambda: f"the app did not start: {log.read_text()}")
