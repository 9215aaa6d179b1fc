"""A sweep in a real browser: press, watch the map fill, stop, go on, read the verdict, look
closer."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.support.browsing import begin, go, settled
from tests.support.waiting import wait_until

BOXES = """() => [...document.querySelectorAll('[data-chart], .st-key-sweep-verdict')]
  .map((own) => { const box = own.getBoundingClientRect();
                  return [own.dataset.chart ?? 'verdict', box.top + scrollY, box.height]; })"""
MAP = "[data-chart='map-wrong1']"


def done(page: Page) -> int:
    found = re.search(r"([\d,]+) of [\d,]+ trained", page.locator("body").inner_text())
    return int(found[1].replace(",", "")) if found else 0


def choose(page: Page, key: str, name: str) -> None:
    radio = page.locator(f".st-key-{key}").get_by_role("radio", name=name, exact=True)
    radio.click()
    settled(page)
    expect(radio).to_be_checked()


def open_map(page: Page, steps: int) -> Locator:
    """The Trade-off page with every α and every β; returns the button that trains it."""
    begin(page, "Trade-off")
    page.wait_for_selector("[data-chart='front'] .main-svg")
    settled(page)
    choose(page, "sweep-steps", str(steps))
    choose(page, "sweep-kind", "Size too")
    page.wait_for_selector(f"{MAP} .main-svg")
    start = page.get_by_role("button", name=re.compile(rf"Train {5 * steps**2:,} models, about"))
    expect(start).to_be_visible()
    return start


def test_a_sweep_from_the_first_press_to_its_verdict(page: Page) -> None:
    start = open_map(page, 15)
    title = page.locator(f"{MAP} .lv-title")
    expect(title).to_have_text("Wrong on feeling")
    settled(page)
    before = page.evaluate(BOXES)
    start.click()
    # The map fills, and the same cells get sharper with every seed.
    expect(title).to_contain_text(re.compile(r"Wrong on feeling: [\d.]+ % at α"))
    assert page.evaluate(BOXES) == before  # nothing jumps
    wait_until(lambda: done(page) > 0)  # charts come first
    first = done(page)
    assert first < 1125

    stop = page.get_by_role("button", name="Stop")
    stop.click()
    go_on = page.get_by_role("button", name=re.compile(r"Train the other [\d,]+"))
    expect(go_on).to_be_visible()
    expect(page.get_by_text(re.compile("stopped, and kept"))).to_be_visible()
    kept = done(page)
    settled(page)
    assert done(page) == kept >= first
    verdict = page.locator(".st-key-sweep-verdict")
    if kept < 3 * 225:
        expect(verdict).to_contain_text("No claim yet")

    go_on.click()
    expect(page.get_by_role("button", name="Trained", exact=True)).to_be_visible()
    expect(verdict).to_contain_text(re.compile("no effect|trade|matter"))
    expect(verdict).to_contain_text("n = 303 held-out texts each")
    expect(page.locator(".st-key-sweep-costs-box")).to_contain_text("How sure:")
    assert page.evaluate(BOXES) == before

    go(page, "Train")
    page.wait_for_selector("[data-chart='losses-A'] .main-svg")
    go(page, "Trade-off")
    expect(verdict).to_contain_text("n = 303 held-out texts each")
    expect(title).to_contain_text("Wrong on feeling")


def test_a_click_in_the_map_shows_that_points_confusions_without_training(page: Page) -> None:
    open_map(page, 5).click()
    expect(page.get_by_role("button", name="Trained", exact=True)).to_be_visible()
    errors = page.locator("[data-chart='point'] .lv-title")
    expect(errors).to_contain_text("α 1, β 1")
    whole = page.locator("[data-chart='point-whole'] .main-svg").first
    expect(whole).to_be_visible()
    plot = page.locator(f"{MAP} .nsewdrag").first
    box = plot.bounding_box()
    assert box is not None
    # The lower right cell: α at its highest, β at its lowest.
    plot.click(position={"x": 0.9 * box["width"], "y": 0.9 * box["height"]})
    expect(errors).to_contain_text("α 10, β 0.1")
    assert done(page) == 125
    # And the same by keyboard, once the sliders stand there too.
    settled(page)
    slider = page.locator(".st-key-point-1").get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(errors).to_contain_text("α 10, β 0.32")


def test_three_parts_choose_a_pair(page: Page) -> None:
    begin(page, "Data")
    page.locator(".st-key-sample-helpdesk button").click()
    expect(page.get_by_text("14 of 18")).to_be_visible()
    go(page, "Trade-off")
    page.wait_for_selector("[data-chart='front'] .main-svg")
    choose(page, "sweep-kind", "Size too")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for target in (0, 1, 3):
            page.wait_for_selector(f"[data-chart='map-wrong{target + 1}'] .main-svg")
        pair = page.locator(".st-key-sweep-pair").get_by_role("combobox")
        expect(pair).to_have_value("α topic × β kind")
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
