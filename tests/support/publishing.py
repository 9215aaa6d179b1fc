"""A run is published, as a person does it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect

from tests.support.browsing import connected, settled, uncomplaining
from tests.support.training import train_an_epoch

GONE = "There is no published run under this link. It may have expired, or been deleted."
TICK = (16, 53)
"""In the table: where the first run is ticked."""


@contextmanager
def visiting(browser: Browser, link: str) -> Iterator[Page]:
    """Somebody with a browser of their own, who follows a link."""
    with uncomplaining(browser, "") as page:
        page.goto(link)
        connected(page)
        yield page


def publish(page: Page) -> tuple[str, str]:
    """Train for an epoch, and publish the first run.

    :returns: the link for everybody, and the owner's.
    """
    train_an_epoch(page)
    page.get_by_role("link", name="Library", exact=True).first.click()
    table = page.get_by_test_id("stDataFrame").first
    table.locator("canvas").first.wait_for()
    settled(page)
    table.click(position={"x": TICK[0], "y": TICK[1]})
    page.get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Known to all")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(dialog.get_by_text("It is published.")).to_be_visible()
    expect(dialog.locator("code")).to_have_count(2)
    everybody, own = dialog.locator("code").all_inner_texts()
    return everybody, own


def moved(link: str, address: str) -> str:
    """The link on a server with another port."""
    return address + link[link.index("/library") :]
