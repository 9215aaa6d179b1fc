"""Every page, looked at by axe-core: nothing serious."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from .conftest import connected, go, uncomplaining

WAIT = 30_000
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
        expect(page.get_by_text("A: epoch 1 of 10")).to_be_visible(timeout=WAIT)
        for name in PAGES:
            go(page, name)
            page.locator("[data-test-script-state=notRunning]").wait_for(timeout=WAIT)
            page.wait_for_timeout(400)
            found += serious(page, STANDARD)
            if name in IN_THE_DARK:
                page.emulate_media(color_scheme="dark")
                found += serious(page, CONTRAST)
                page.emulate_media(color_scheme="light")
        assert not found, "\n".join(found)


IN_THE_DARK = ("Train", "Formulations", "Library")
"""Between them they have every kind of control and of text."""
PAGES = ("Train", "Data", "Formulations", "Weights", "Trade-off", "Surfaces", "Library")
