"""A study in a real browser: press, watch, read. That it stops and goes on is shown in
``test_trade_off.py``, whose controls it has, and in ``tests/ui/test_campaigns.py``."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.support.browsing import begin, connected, go, settled

BOXES = """() => [...document.querySelectorAll('[data-chart], .st-key-study-answer')]
  .map((own) => { const box = own.getBoundingClientRect();
                  return [own.dataset.chart ?? 'answer', box.top + scrollY, box.height]; })"""


def shown(page: Page) -> None:
    page.wait_for_selector("[data-chart='arms-both'] .main-svg")


def test_a_study_from_the_first_press_to_its_conclusion(page: Page) -> None:
    page.goto("/weights?d=feelings&weights=e-3")
    connected(page)
    shown(page)
    page.get_by_label("Seeds", exact=True).fill("3")
    page.get_by_label("Seeds", exact=True).press("Enter")
    start = page.get_by_role("button", name=re.compile("Train 39 models, about"))
    expect(start).to_be_visible()
    settled(page)
    before = page.evaluate(BOXES)
    start.click()
    expect(page.locator("[data-chart='paths-free'] .lv-title")).to_contain_text("free: ends at α")
    assert page.evaluate(BOXES) == before  # nothing jumps
    expect(page.get_by_role("button", name="Trained", exact=True)).to_be_visible()
    answer = page.locator(".st-key-study-answer")
    expect(answer).to_contain_text(re.compile("equal fixed weights"))
    expect(answer).to_contain_text(re.compile(r"n = 303 texts, 3 seeds"))
    assert page.evaluate(BOXES) == before

    go(page, "Train")
    page.wait_for_selector("[data-chart='losses-A'] .main-svg")
    go(page, "Weights")
    shown(page)
    expect(answer).to_contain_text(re.compile(r"n = 303 texts, 3 seeds"))
    expect(page.locator("[data-chart='paths-free'] .lv-title")).to_contain_text("free: ends at α")


def test_three_parts_have_a_dot_plot_each(page: Page) -> None:
    begin(page, "Data")
    page.locator(".st-key-sample-helpdesk button").click()
    expect(page.get_by_text("14 of 18")).to_be_visible()
    go(page, "Weights")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        settled(page)
        for target in range(4):
            page.wait_for_selector(f"[data-chart='arms-{target}'] .main-svg")
    assert page.locator("[data-chart='arms-both']").count() == 0
