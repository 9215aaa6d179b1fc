"""Every page, looked at by axe-core: nothing serious."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support.browsing import begin, go, settled, uncomplaining
from tests.support.publishing import TICK
from tests.support.training import train_an_epoch

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


def trained(page: Page) -> None:
    """The Train page, after an epoch."""
    begin(page, "Train")
    train_an_epoch(page)
    settled(page)


def serious_in_the_dark(page: Page) -> list[str]:
    """Of contrast alone: all else is the same."""
    page.emulate_media(color_scheme="dark")
    problems = serious(page, CONTRAST)
    page.emulate_media(color_scheme="light")
    return problems


def test_a_page_of_text_controls_and_charts_has_no_serious_violation(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    begin(page, "Data")
    page.locator("[data-chart='data-classes'] .main-svg").first.wait_for()
    settled(page)
    problems = serious(page, STANDARD)
    assert not problems, "\n".join(problems)


@pytest.mark.slow
def test_no_page_has_a_serious_violation(browser: Browser, address: str) -> None:
    with uncomplaining(browser, address, color_scheme="light") as page:
        trained(page)
        problems = []
        for name in PAGES:
            go(page, name)
            settled(page)
            problems += serious(page, STANDARD)
            if name in IN_THE_DARK:
                problems += serious_in_the_dark(page)
        for way in (published, presented, shown_in_class):
            way(page)
            problems += serious(page, STANDARD)
        assert not problems, "\n".join(problems)


def published(page: Page) -> None:
    """The Library, with the dialog in which the first run is published."""
    page.get_by_test_id("stDataFrame").first.click(position={"x": TICK[0], "y": TICK[1]})
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("dialog").get_by_label("Name")).to_be_visible()


def presented(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    go(page, "Train")
    page.locator("[data-chart='losses-A'] .main-svg").first.wait_for()
    page.keyboard.press("f")
    page.locator(".st-key-present-panel .main-svg").first.wait_for()


def shown_in_class(page: Page) -> None:
    page.goto("/classroom")
    page.locator(".st-key-qr img").wait_for()


IN_THE_DARK = ("Train", "Formulations", "Library")
"""Between them they have every kind of control and of text."""
PAGES = ("Home", "Train", "Data", "Formulations", "Weights", "Trade-off", "Surfaces", "Library")
