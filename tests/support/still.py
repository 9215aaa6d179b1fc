"""Our own JavaScript in a real browser, without an app: its modules, and a line whose other end
is the test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, Route

from tests.conftest import ROOT
from tests.support.browsing import drawn_anew, opened

HOST = "http://lossviz.test"
ASSETS = ROOT / "assets"
# The line's module, with nobody at the other end: what is sent is kept, what is said is heard.
LINE = """
const line = (window.line ??= { sent: [], latest: new Map(), listeners: new Map() });
line.tell = (topic, value) => {
  line.latest.set(topic, value);
  line.listeners.get(topic)?.forEach((listener) => listener(value));
};
export const send = (command) => line.sent.push(command);
export function listen(topic, listener) {
  if (!line.listeners.has(topic)) line.listeners.set(topic, new Set());
  line.listeners.get(topic).add(listener);
  if (line.latest.has(topic)) listener(line.latest.get(topic));
  return () => line.listeners.get(topic).delete(listener);
}
"""


@contextmanager
def still(browser: Browser, body: str = "") -> Iterator[Page]:
    """A page with our styles and nothing else on it; it must not complain."""
    styles = (ASSETS / "lossviz.css").read_text()

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HOST).partition("?")[0]
        if path == "/":
            page = f"<!doctype html><title>still</title><style>{styles}</style><body>{body}"
            route.fulfill(body=page, content_type="text/html")
        elif path == "/line.js":
            route.fulfill(body=LINE, content_type="text/javascript")
        elif (ASSETS / path[1:]).is_file():
            route.fulfill(path=ASSETS / path[1:], content_type="text/javascript")
        else:
            route.fulfill(status=204)

    with opened(browser, HOST) as window:
        window.page.route("**/*", answer)
        window.page.goto("/")
        yield window.page
    assert not window.complaints


def mount(page: Page, module: str, data: dict[str, Any]) -> None:
    """Call a module's default function as Streamlit does; again for data that have changed."""
    page.evaluate(
        """async ([module, data]) => {
          const { default: draw } = await import(module);
          draw({ data, parentElement: document.body });
        }""",
        [f"/{module}", data],
    )


def say(page: Page, **topics: Any) -> None:
    """One message of the server's, in this order."""
    told = "(all) => { for (const [topic, value] of all) window.line.tell(topic, value); }"
    page.evaluate(told, list(topics.items()))
    drawn_anew(page)


def sent(page: Page) -> list[dict[str, Any]]:
    """What was sent so far; the number of a command is its place, from 1."""
    commands: list[dict[str, Any]] = json.loads(page.evaluate("JSON.stringify(window.line.sent)"))
    return commands
