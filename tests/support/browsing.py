"""Pages in a real browser: opened, walked through, and waited for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.support.waiting import PATIENCE

expect.set_options(timeout=1000 * PATIENCE)

BASE_LOOKED_FOR = re.compile(r"/[a-z-]+/_stcore/(health|host-config)$")
"""What Streamlit asks for behind a page's path, to find out where the app begins; not found."""
STILL_FRAMES = 10
# Frames are counted, not seconds: on a busy machine they take longer, and so does what is awaited.
SETTLED = """(frames) => new Promise((done) => {
  let still = 0;
  const seen = new MutationObserver(() => { still = 0; });
  seen.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  const runs = () => document.querySelector(
    "[data-test-script-state]:not([data-test-script-state=notRunning])");
  const look = () => {
    still = runs() ? 0 : still + 1;
    if (still < frames) return requestAnimationFrame(look);
    seen.disconnect();
    done();
  };
  requestAnimationFrame(look);
})"""
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
WIDER = """() => {
  const main = document.querySelector("[data-testid=stMain]");
  return main.scrollWidth - main.clientWidth;
}"""


@contextmanager
def uncomplaining(browser: Browser, address: str, **context: Any) -> Iterator[Page]:
    """A page, unasked at 1440 × 900, that must not complain, nor run out of WebGL contexts."""
    context.setdefault("viewport", {"width": 1440, "height": 900})
    window = browser.new_context(base_url=address, **context)
    window.set_default_timeout(1000 * PATIENCE)
    page = window.new_page()
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if BASE_LOOKED_FOR.search(message.location.get("url", "")):
            return
        if message.type == "error" or "WebGL contexts" in message.text:
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    window.close()
    assert not complaints


def connected(page: Page) -> None:
    page.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]")
    page.wait_for_selector("[data-testid=stMainBlockContainer]")


def go(page: Page, name: str) -> None:
    """Another page, through the navigation."""
    page.get_by_role("link", name=name, exact=True).first.click()
    path = name.lower() if name != "Home" else ""
    page.wait_for_url(re.compile(rf"^[^?]*/{path}(\?.*)?$"))


def settled(page: Page) -> None:
    """Wait until the page's script has run, and nothing in it changes from frame to frame."""
    page.evaluate(SETTLED, STILL_FRAMES)


def drawn_anew(page: Page) -> None:
    """Two frames later: a browser hands over only the last of the moves within one frame."""
    page.evaluate(FRAMES)


def wider(page: Page) -> int:
    """By how many pixels what the page shows is wider than its window."""
    return int(page.evaluate(WIDER))
