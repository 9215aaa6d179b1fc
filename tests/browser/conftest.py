"""A running app, and a real browser in front of it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import ROOT
from tests.support.browsing import Window, opened
from tests.support.serving import serving

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
MEASURED = ROOT / "tests" / "measured"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving("app.py", tmp_path_factory.mktemp("app") / "log.txt") as own:
        yield own


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


@pytest.fixture(scope="package")
def window(browser: Browser, address: str) -> Iterator[Window]:
    with opened(browser, address) as own:
        yield own


@pytest.fixture
def page(window: Window) -> Iterator[Page]:
    """It has not gone anywhere yet."""
    with window.lent() as own:
        yield own


@pytest.fixture(scope="package")
def report() -> Iterator[dict[str, object]]:
    """Figures that the browser tests measured, written to ``tests/measured/browser.json``."""
    figures: dict[str, object] = {}
    yield figures
    if figures:
        MEASURED.mkdir(exist_ok=True)
        (MEASURED / "browser.json").write_text(json.dumps(figures, indent=2))
        print("\nmeasured in the browser:", json.dumps(figures))
