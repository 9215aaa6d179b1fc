"""Pages in a real browser: opened, walked through, and waited for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, expect

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


WINDOW = ViewportSize(width=1440, height=900)


@dataclass
class Window:
    """A page, and what it has complained of."""

    page: Page
    complaints: list[str]

    @contextmanager
    def lent(self) -> Iterator[Page]:
        """The page, as a new one would be, but for the code that its browser has compiled already:
        to load it anew takes most of what a short test takes."""
        self.complaints.clear()
        yield self.page
        self.page.goto("about:blank")
        self.page.context.clear_cookies()  # what is done here is not found again
        self.page.mouse.up()
        self.page.mouse.move(0, 0)
        self.page.set_viewport_size(WINDOW)
        self.page.emulate_media(color_scheme="null", reduced_motion="null")
        assert not self.complaints


@contextmanager
def opened(browser: Browser, address: str, **context: Any) -> Iterator[Window]:
    """A window with memories of its own, unasked at 1440 × 900. What its page must not do is a
    complaint, and so is running out of WebGL contexts."""
    context.setdefault("viewport", WINDOW)
    own = browser.new_context(base_url=address, **context)
    own.set_default_timeout(1000 * PATIENCE)
    window = Window(own.new_page(), [])

    def listen(message: ConsoleMessage) -> None:
        if BASE_LOOKED_FOR.search(message.location.get("url", "")):
            return
        if message.type == "error" or "WebGL contexts" in message.text:
            window.complaints.append(message.text)

    window.page.on("console", listen)
    window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
    yield window
    own.close()


@contextmanager
def uncomplaining(browser: Browser, address: str, **context: Any) -> Iterator[Page]:
    """A page in a window of its own, that must not complain."""
    with opened(browser, address, **context) as window:
        yield window.page
    assert not window.complaints


def connected(page: Page) -> None:
    page.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]")
    page.wait_for_selector("[data-testid=stMainBlockContainer]")


def begin(page: Page, name: str = "Home") -> None:
    """Come to the app by the address of one of its pages."""
    page.goto(path_of(name))
    connected(page)


def path_of(name: str) -> str:
    return f"/{name.lower()}" if name != "Home" else "/"


def go(page: Page, name: str) -> None:
    """Another page, through the navigation."""
    page.get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_url(re.compile(rf"^[^?]*{path_of(name)}(\?.*)?$"))


def settled(page: Page) -> None:
    """Wait until the page's script has run, and nothing in it changes from frame to frame."""
    page.evaluate(SETTLED, STILL_FRAMES)


def drawn_anew(page: Page) -> None:
    """Two frames later: a browser hands over only the last of the moves within one frame."""
    page.evaluate(FRAMES)


def wider(page: Page) -> int:
    """By how many pixels what the page shows is wider than its window."""
    return int(page.evaluate(WIDER))
