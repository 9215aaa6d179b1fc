"""Every page, looked at by axe-core: nothing serious."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support.browsing import connected, go, settled, uncomplaining
from tests.support.publishing import TICK

STANDARD = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    "resultTypes": ["violations"],
}
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}


def serious(page: Page, options: dict[str, Any]) -> list[str]:
    """What axe finds serious or critical."""
    # A chart is one picture with words of its own: what it is drawn of is nobody's business.
    outside = {"exclude": [[".lv-plot > *"]]}
    found = Axe().run(page, context=outside, options=options).response["violations"]
    return [
        f"{page.url}: {own['id']}: {node['html'][:200]}"
        for own in found
        if own["impact"] in ("serious", "critical")
        for node in own["nodes"]
    ]


def test_no_page_has_a_serious_violation(browser: Browser, address: str) -> None:
    with uncomplaining(browser, address, color_scheme="light") as page:
        page.goto("/")
        connected(page)
        found = serious(page, STANDARD)
        go(page, "Train")
        page.get_by_role("button", name="+1 epoch").click()
        expect(page.get_by_text("A: epoch 1 of 10 · 38 steps")).to_be_visible()
        for name in PAGES:
            go(page, name)
            settled(page)
            found += serious(page, STANDARD)
            if name in IN_THE_DARK:
                page.emulate_media(color_scheme="dark")
                found += serious(page, CONTRAST)
                page.emulate_media(color_scheme="light")
        for way in (published, presented, shown_in_class):
            way(page)
            found += serious(page, STANDARD)
        assert not found, "\n".join(found)


def published(page: Page) -> None:
    """The Library, with the dialog in which the first run is published."""
    page.get_by_test_id("stDataFrame").first.click(position={"x": TICK[0], "y": TICK[1]})
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("dialog").get_by_label("Name")).to_be_visible()


def presented(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    go(page, "Train")
    page.locator("[data-chart='loss-A'] .main-svg").first.wait_for()
    page.keyboard.press("f")
    page.locator(".st-key-present-panel .main-svg").first.wait_for()


def shown_in_class(page: Page) -> None:
    page.goto("/classroom")
    page.locator(".st-key-qr img").wait_for()


IN_THE_DARK = ("Train", "Formulations", "Library")
"""Between them they have every kind of control and of text."""
PAGES = ("Train", "Data", "Formulations", "Weights", "Trade-off", "Surfaces", "Library")
