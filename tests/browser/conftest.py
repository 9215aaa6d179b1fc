"""A running app, and a real browser in front of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.conftest import ROOT

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
BASE_LOOKED_FOR = re.compile(r"/[a-z-]+/_stcore/(health|host-config)$")
"""What Streamlit asks for behind a page's path, to find out where the app begins; not found."""
MEASURED = ROOT / "tests" / "measured"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What reports figures wants the machine for itself."""
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        item.add_marker(pytest.mark.browser)
        if "report" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


def free_port() -> int:
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        return int(own.getsockname()[1])


@contextmanager
def serving(app: str, log: Path, **environment: str) -> Iterator[str]:
    """The address of an app, started as the README starts ours."""
    port = free_port()
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
        server.wait(20)


def serving_page(page: str, log: Path) -> AbstractContextManager[str]:
    """An app of this one page of ``tests/browser``, with our charts and headers."""
    return serving("tests/browser/page_app.py", log, LOSSVIZ_TEST_PAGE=page)


@pytest.fixture(scope="package")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving("app.py", tmp_path_factory.mktemp("app") / "log.txt") as own:
        yield own


def wait_until_up(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            pytest.fail(f"the app ended: {log.read_text()}")
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/healthz", timeout=1) as reply:
                if json.load(reply)["status"] == "ok":
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the app did not start: {log.read_text()}")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    executable = os.environ.get("LOSSVIZ_CHROMIUM") or shutil.which("chromium")
    if executable is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: apt-get install chromium")
        pytest.skip("no Chromium: apt-get install chromium, or set LOSSVIZ_CHROMIUM")
    with sync_playwright() as play:
        own = play.chromium.launch(executable_path=executable, args=FLAGS)
        yield own
        own.close()


@contextmanager
def uncomplaining(browser: Browser, address: str, **context: Any) -> Iterator[Page]:
    """A page, unasked at 1440 × 900, that must not complain, nor run out of WebGL contexts."""
    context.setdefault("viewport", {"width": 1440, "height": 900})
    window = browser.new_context(base_url=address, **context)
    own = window.new_page()
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if BASE_LOOKED_FOR.search(message.location.get("url", "")):
            return
        if message.type == "error" or "WebGL contexts" in message.text:
            complaints.append(message.text)

    own.on("console", listen)
    own.on("pageerror", lambda error: complaints.append(str(error)))
    yield own
    window.close()
    assert not complaints


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with uncomplaining(browser, address) as own:
        own.goto("/")
        connected(own)
        yield own


def connected(page: Page) -> None:
    page.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]")
    page.wait_for_selector("[data-testid=stMainBlockContainer]")


def go(page: Page, name: str) -> None:
    """Another page, through the navigation."""
    page.get_by_role("link", name=name, exact=True).first.click()
    path = name.lower() if name != "Home" else ""
    page.wait_for_url(re.compile(rf"^[^?]*/{path}(\?.*)?$"))


@pytest.fixture(scope="package")
def report() -> Iterator[dict[str, object]]:
    """Figures that the browser tests measured, written to ``tests/measured/browser.json``."""
    figures: dict[str, object] = {}
    yield figures
    if figures:
        MEASURED.mkdir(exist_ok=True)
        (MEASURED / "browser.json").write_text(json.dumps(figures, indent=2))
        print("\nmeasured in the browser:", json.dumps(figures))
