"""When a part of a page is woken, in a real browser: not while something is under way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.support.still import ASSETS, still

BODY = '<main data-test-script-state="notRunning"><a href="/next">next</a></main>'
OPEN = """async () => {
  window.WebSocket = class { static OPEN = 1; send() {} close() {} };
  const { default: wake } = await import("/line.js");
  window.acts = [];
  wake({
    data: { token: "t", topic: "part", number: 1 },
    parentElement: document.body,
    setTriggerValue: (_, number) => window.acts.push(number),
  });
  document.querySelector("a").addEventListener("click", (event) => event.preventDefault());
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with still(browser, BODY) as page:
        page.route("**/line.js", lambda route: route.fulfill(path=ASSETS / "line.js"))
        page.evaluate(OPEN)
        page.clock.install(time=0)
        page.clock.pause_at(1000)  # it goes on only where it is told to
        yield page


def wake(page: Page, number: int) -> None:
    page.evaluate("(number) => window.lossvizLine.tell('wake/part', number)", number)


def state(page: Page, state: str) -> None:
    page.evaluate(
        "(state) => (document.querySelector('main').dataset.testScriptState = state)", state
    )


def acts(page: Page, after: int) -> list[int]:
    page.clock.run_for(after)
    found: list[int] = page.evaluate("window.acts")
    return found


def test_at_once_where_nothing_is_under_way(page: Page) -> None:
    wake(page, 1)
    assert acts(page, 0) == [1]


def test_what_was_drawn_since_is_not_drawn_again(page: Page) -> None:
    wake(page, 0)
    assert acts(page, 100) == []


def test_once_a_run_is_over_and_its_end_is_not_waited_for_for_ever(page: Page) -> None:
    state(page, "running")
    wake(page, 1)
    assert acts(page, 4000) == []
    state(page, "notRunning")
    assert acts(page, 100) == [1]
    state(page, "running")
    wake(page, 2)
    assert acts(page, 4900) == [1]
    assert acts(page, 200) == [1, 2]


def test_not_between_a_click_on_a_link_and_its_page(page: Page) -> None:
    page.get_by_role("link").click()
    wake(page, 1)
    assert acts(page, 1000) == []
    state(page, "running")
    page.evaluate("history.pushState({}, '', '/next')")
    assert acts(page, 1000) == []
    state(page, "notRunning")
    assert acts(page, 100) == [1]


def test_a_link_that_leads_nowhere_is_not_waited_for_for_ever(page: Page) -> None:
    page.get_by_role("link").click()
    wake(page, 1)
    assert acts(page, 29_000) == []
    assert acts(page, 2000) == [1]
