"""A browser finds what it had: after a reload, in another tab, after the server's restart."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.support.browsing import begin, connected, go, opened, settled
from tests.support.serving import free_port, serving
from tests.support.training import obeyed, ready, steps, wait_for_steps

MARK = ".lv-kept"


def train(page: Page, least: int = 40) -> int:
    """Train for a while, and pause.

    :returns: the steps of run A.
    """
    begin(page, "Train")
    ready(page)
    page.get_by_role("button", name="Play").click()
    wait_for_steps(page, least)
    page.get_by_role("button", name="Pause").click()
    obeyed(page)
    return steps(page)


def kept(page: Page) -> None:
    expect(page.locator(MARK)).to_have_attribute("data-state", "kept")


def have_it_forgotten(page: Page) -> None:
    page.locator(MARK).click()
    page.get_by_role("dialog").get_by_role("button", name="Forget it").click()
    expect(page.locator(MARK)).to_have_attribute("data-state", "unkept")


def reloaded(page: Page) -> None:
    page.reload()
    connected(page)
    ready(page)


def test_a_reload_finds_the_runs_and_goes_on_with_them(page: Page) -> None:
    before = train(page)
    reloaded(page)
    wait_for_steps(page, before)
    assert steps(page) == before
    page.get_by_role("button", name="Play").click()
    wait_for_steps(page, before + 10)


def test_a_reload_in_the_middle_of_a_sweep_finds_it_and_it_goes_on(page: Page) -> None:
    begin(page, "Trade-off")
    page.locator(".st-key-sweep-steps").get_by_text("15", exact=True).click()
    settled(page)
    seeds = page.get_by_label("Seeds", exact=True)
    seeds.fill("20")
    seeds.press("Enter")
    settled(page)
    page.get_by_role("button", name=re.compile("^Train [0-9,]+ models")).click()
    before = percent(page, 1)
    page.reload()
    connected(page)
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    assert percent(page, 0) >= before
    percent(page, before + 1)
    page.get_by_role("button", name="Stop").click()


def percent(page: Page, least: int) -> int:
    """How far it is, once it is so far."""
    now = "parseInt(document.querySelector('[role=progressbar]')?.ariaValueNow)"
    page.wait_for_function(f"(least) => {now} >= least", arg=least)
    return int(page.evaluate(now))


def test_a_second_tab_has_the_same_and_goes_its_own_way(page: Page) -> None:
    before = train(page)
    other = page.context.new_page()
    begin(other, "Train")
    ready(other)
    wait_for_steps(other, before)
    other.get_by_role("button", name="Play").click()
    wait_for_steps(other, before + 20)
    assert steps(page) == before
    later = steps(other)
    reloaded(other)  # each finds what it had itself
    assert steps(other) >= later
    reloaded(page)
    assert steps(page) == before
    other.close()


def test_another_browser_finds_nothing(page: Page, browser: Browser, address: str) -> None:
    train(page)
    with opened(browser, address) as window:
        begin(window.page, "Train")
        ready(window.page)
        assert steps(window.page) == 0


def test_a_link_begins_beside_what_was_there(page: Page) -> None:
    before = train(page)
    page.goto("/train?d=helpdesk")
    connected(page)
    expect(page.get_by_role("link", name=re.compile("Help desk"))).to_be_visible()
    assert steps(page) == 0
    page.get_by_role("button", name="Go back to it").click()
    wait_for_steps(page, before)
    assert steps(page) == before


def test_what_a_link_left_beside_is_found_where_nothing_is_asked_for_or_in_the_list(
    page: Page,
) -> None:
    before = train(page)
    page.goto("/train?d=helpdesk")
    connected(page)
    begin(page, "Train")  # nothing was done there, so this one is gone on with
    wait_for_steps(page, before)
    page.goto("/train?d=helpdesk")
    connected(page)
    ready(page)
    page.get_by_role("button", name="+1 epoch").click()
    wait_for_steps(page, 1)
    kept(page)
    page.locator(MARK).click()
    dialog = page.get_by_role("dialog")
    expect(
        dialog.get_by_text(re.compile("3 trained runs on Feelings, 1 minute ago"))
    ).to_be_visible()
    dialog.get_by_role("button", name="Go on with it").click()
    wait_for_steps(page, before)
    assert steps(page) == before


@pytest.fixture
def library(tmp_path: Path) -> Iterator[str]:
    usual = os.environ["LOSSVIZ_LIBRARY"]
    yield f"sqlite:///{tmp_path / 'own.db'}"
    assert os.environ["LOSSVIZ_LIBRARY"] == usual


def test_after_a_restart_of_the_server_it_is_there(
    browser: Browser, tmp_path: Path, library: str
) -> None:
    port = free_port()
    with opened(browser, f"http://localhost:{port}") as window:
        page = window.page
        with serving("app.py", tmp_path / "first.txt", port, LOSSVIZ_LIBRARY=library):
            before = train(page)
            kept(page)
        with serving("app.py", tmp_path / "second.txt", port, LOSSVIZ_LIBRARY=library):
            reloaded(page)
            wait_for_steps(page, before)
            assert steps(page) == before
            page.get_by_role("button", name="Play").click()
            wait_for_steps(page, before + 10)


def test_what_is_forgotten_is_not_found(page: Page) -> None:
    train(page)
    kept(page)
    have_it_forgotten(page)
    go(page, "Data")
    expect(page.locator(MARK)).to_have_text(re.compile("Not kept"))


def test_until_it_is_kept_leaving_asks(page: Page) -> None:
    asked: list[str] = []

    def go_on(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    train(page)
    kept(page)
    have_it_forgotten(page)
    page.on("dialog", go_on)
    page.reload()
    assert asked == ["beforeunload"]
    connected(page)
    page.locator(MARK).click()
    page.get_by_role("dialog").get_by_role("button", name="Keep it from now on").click()
    kept(page)
    page.reload()
    assert len(asked) == 1
    page.remove_listener("dialog", go_on)
