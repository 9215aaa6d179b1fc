"""Charts that mark in each other what is pointed at, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from math import nan
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browsing import Window, connected, opened, settled
from tests.support.serving import serving_page
from tests.support.waiting import wait_until

STEPS = 7
DRAWN = """() => ["map", "front", "lines", "alone"].every((own) =>
  document.querySelector(`[data-chart=${own}] .lv-plot .main-svg`))"""
PLACE = """([chart, trace, number]) => {
  const plot = document.querySelector(`[data-chart=${chart}] .lv-plot`);
  const own = plot._fullData.find((one) => one.name === trace);
  const { xaxis, yaxis } = plot._fullLayout;
  const box = plot.getBoundingClientRect();
  const [x, y] = [own.x[number], own.y[number]];
  return [box.x + xaxis._offset + xaxis.d2p(x), box.y + yaxis._offset + yaxis.d2p(y)];
}"""
CELL = """([alpha, beta]) => {
  const plot = document.querySelector("[data-chart=map] .lv-plot");
  const { xaxis, yaxis } = plot._fullLayout;
  const box = plot.getBoundingClientRect();
  return [box.x + xaxis._offset + xaxis.d2p(alpha), box.y + yaxis._offset + yaxis.d2p(beta)];
}"""
MEMBERS = """(trace) => document.querySelector("[data-chart=front] .lv-plot")._fullData
  .find((own) => own.name === trace).customdata.map(([own]) => own)"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_page("links_page.py", tmp_path_factory.mktemp("app") / "log.txt") as own:
        yield own


@pytest.fixture(scope="module")
def window(browser: Browser, address: str) -> Iterator[Window]:
    with opened(browser, address) as own:
        yield own


@pytest.fixture
def page(window: Window) -> Iterator[Page]:
    """Nothing on it moves by itself."""
    with window.lent() as own:
        own.emulate_media(reduced_motion="reduce")
        own.goto("/")
        connected(own)
        own.wait_for_function(DRAWN)
        settled(own)
        yield own


def rings(page: Page, chart: str, kind: str = ":not(.lv-kept)") -> Locator:
    return page.locator(f"[data-chart={chart}] .lv-ring{kind}")


def middle(ring: Locator) -> tuple[float, float]:
    """Nowhere while it is drawn anew."""
    if (box := ring.bounding_box()) is None:
        return nan, nan
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def marker(page: Page, member: int) -> tuple[float, float]:
    """Where the front draws it."""
    members = page.evaluate(MEMBERS, "points")
    x, y = page.evaluate(PLACE, ["front", "points", members.index(member)])
    return x, y


def cell(page: Page, member: int) -> tuple[float, float]:
    x, y = page.evaluate(CELL, [member % STEPS, member // STEPS])
    return x, y


def said(page: Page) -> dict[str, Any]:
    own: dict[str, Any] = json.loads(page.locator("#said").text_content() or "")
    return own


def wait_until_chosen(page: Page, member: int) -> None:
    wait_until(lambda: said(page)["point"] == member, told=lambda: said(page))


def check_around(ring: Locator, mark: Callable[[], tuple[float, float]]) -> None:
    """The ring comes to stand around the mark, wherever that is by then."""
    wait_until(
        lambda: middle(ring) == pytest.approx(mark(), abs=1), told=lambda: (middle(ring), mark())
    )


def test_pointing_at_a_cell_marks_its_point_in_the_front(page: Page) -> None:
    for member in (6, 24, 42):
        page.mouse.move(*cell(page, member))
        expect(rings(page, "front")).to_have_count(1)
        expect(rings(page, "map")).to_have_count(1)
        check_around(rings(page, "front"), partial(marker, page, member))
        check_around(rings(page, "map"), partial(cell, page, member))
    for other in ("lines", "alone"):
        expect(rings(page, other)).to_have_count(0)
    page.mouse.move(5, 5)
    expect(rings(page, "front")).to_have_count(0)
    expect(rings(page, "map")).to_have_count(0)
    assert said(page) == {"point": None, "runs": 1}


def test_pointing_at_a_point_of_the_front_marks_its_cell(page: Page) -> None:
    first, *_ = page.evaluate(MEMBERS, "points")
    page.mouse.move(*marker(page, first))
    expect(rings(page, "map")).to_have_count(1)
    own = middle(rings(page, "map"))
    assert any(own == pytest.approx(cell(page, member), abs=1) for member in range(STEPS**2))


def test_a_ring_is_seen_around_the_mark_and_not_by_a_screen_reader(page: Page) -> None:
    page.mouse.move(*cell(page, 24))
    ring = rings(page, "front")
    expect(ring).to_have_css("pointer-events", "none")
    expect(ring).to_have_css("border-top-color", "rgb(255, 255, 255)")
    layer = page.locator("[data-chart=front] .lv-rings")
    expect(layer).to_have_attribute("aria-hidden", "true")


def test_a_click_is_told_and_its_point_stays_marked(page: Page) -> None:
    before = page.evaluate("scrollY") + page.locator(".st-key-point").bounding_box()["y"]
    assert before > 900
    page.mouse.click(*cell(page, 8))
    wait_until_chosen(page, 8)
    for chart in ("map", "front"):
        expect(rings(page, chart, ".lv-kept")).to_have_count(1)

    def foot() -> float:
        box = page.locator(".st-key-point").bounding_box()
        assert box
        return box["y"] + box["height"]

    wait_until(lambda: foot() <= 901, told=foot)  # scrolled into view
    page.locator("[data-chart=map]").scroll_into_view_if_needed()
    page.mouse.move(5, 5)
    settled(page)
    check_around(rings(page, "front", ".lv-kept"), partial(marker, page, 8))


def test_rings_follow_what_is_drawn_anew_and_the_window(page: Page) -> None:
    page.mouse.click(*cell(page, 8))
    wait_until_chosen(page, 8)
    ring = rings(page, "front", ".lv-kept")
    expect(ring).to_have_count(1)
    page.locator("[data-chart=map]").scroll_into_view_if_needed()
    before = middle(ring)
    page.get_by_text("Other errors").click()
    wait_until(lambda: middle(ring) != pytest.approx(before, abs=1))
    settled(page)
    check_around(ring, partial(marker, page, 8))
    before = middle(ring)
    page.set_viewport_size({"width": 1000, "height": 900})
    wait_until(lambda: middle(ring) != pytest.approx(before, abs=1))
    settled(page)
    check_around(ring, partial(marker, page, 8))


def test_rings_go_with_the_plot_and_rows_of_the_table_can_be_opened(page: Page) -> None:
    page.mouse.move(*cell(page, 24))
    expect(rings(page, "front")).to_have_count(1)
    front = page.locator("[data-chart=front]")
    front.get_by_role("button", name="Show the table").focus()
    page.keyboard.press("Enter")
    expect(front.locator(".lv-rings")).to_be_hidden()
    row = front.get_by_role("button", name="Open α 4.60, β 0.22").first
    row.focus()
    page.keyboard.press("Enter")
    wait_until_chosen(page, 12)
    expect(rings(page, "map", ".lv-kept")).to_have_count(1)
    assert middle(rings(page, "map", ".lv-kept")) == pytest.approx(cell(page, 12), abs=1)


def test_a_chart_with_several_lines_has_a_ring_on_each(page: Page) -> None:
    lines = page.locator("[data-chart=lines]")
    lines.scroll_into_view_if_needed()
    x, y = page.evaluate(PLACE, ["lines", "wrong on first", 4])
    page.mouse.move(x, y)
    expect(rings(page, "lines")).to_have_count(3)
    assert middle(rings(page, "lines").first) == pytest.approx((x, y), abs=1)
