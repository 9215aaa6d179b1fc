"""The Formulations page and Home's surface in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browsing import Window, begin, go, settled
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def page(window: Window) -> Iterator[Page]:
    """One page for all: to load it and to draw its first surface takes most of the time."""
    with window.lent() as own:
        yield own


def be_there(page: Page) -> Locator:
    """The surface of the Formulations page, whatever was chosen on it before."""
    if "/formulations" not in page.url:
        begin(page, "Formulations")
    return explorer(page, "formulations")


def explorer(page: Page, key: str) -> Locator:
    own = page.locator(f"[data-surfaces='{key}']")
    expect(own.locator(".lv-plot[aria-busy=false]").first).to_be_visible()
    return own


def formula(page: Page) -> Locator:
    return page.locator(".st-key-formula annotation").first


def slider(own: Locator, k: int) -> Locator:
    return own.locator("input[type=range]").nth(k)


def redraws(own: Locator) -> int:
    return int(own.get_attribute("data-redraws") or 0)


def test_dragging_alpha_redraws_at_once_and_reaches_the_formula_on_release(page: Page) -> None:
    begin(page, "Formulations")
    own = explorer(page, "formulations")
    expect(formula(page)).to_contain_text("1.0\\, L_{1} + 1.0\\, L_{2}")
    box = slider(own, 0).bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    for share in (0.6, 0.7, 0.9):
        before = redraws(own)
        page.mouse.move(box["x"] + box["width"] * share, y)
        wait_until(lambda before=before: redraws(own) > before)  # type: ignore[misc]
    expect(formula(page)).to_contain_text("1.0\\, L_{1} + 1.0\\, L_{2}")
    page.mouse.move(box["x"] + box["width"], y)
    page.mouse.up()
    expect(formula(page)).to_contain_text("10\\, L_{1} + 1.0\\, L_{2}")
    expect(page.locator("[data-testid=stCode]").first).to_contain_text("WEIGHTS = [10.0, 1.0]")


def test_another_formulation_brings_its_formula_code_and_surface(page: Page) -> None:
    be_there(page)
    for name, words in (("hybrid", "JOINT_WEIGHT"), ("soft targets", "TEMPERATURE")):
        page.get_by_role("button", name=name).first.click()
        expect(page.get_by_role("heading", name=f"{name}:").first).to_be_visible()
        expect(page.locator("[data-testid=stCode]").first).to_contain_text(words)
        own = explorer(page, "formulations")
        expect(own.locator("input[type=range]")).to_have_count(3)
    page.get_by_role("radio", name="from above").click()
    expect(own.locator(".contourlayer").first).to_be_attached()


@pytest.mark.parametrize("name", ["chain"])
def test_it_is_trained_with_one_press(page: Page, name: str) -> None:
    be_there(page)
    page.get_by_role("button", name=name).first.click()
    expect(page.get_by_role("heading", name=f"{name}:").first).to_be_visible()
    page.get_by_role("button", name="Train it as run A").click()
    page.wait_for_url("**/train*")
    expect(page.get_by_role("combobox", name="Formulation of A")).to_have_value(name)


def test_home_begins_with_a_surface_that_can_be_dragged(page: Page) -> None:
    begin(page)
    own = explorer(page, "home")
    handle = slider(own, 1)
    handle.focus()
    before = redraws(own)
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    wait_until(lambda: redraws(own) > before)
    assert float(own.locator("input[type=number]").nth(1).input_value()) > 1.5
    go(page, "Formulations")
    explorer(page, "formulations")
    expect(formula(page)).not_to_contain_text("1.0\\, L_{2}")


def test_what_a_mistake_costs_is_dragged_and_the_answers_follow(page: Page) -> None:
    be_there(page)
    question = page.locator(".st-key-question-4")
    question.get_by_text("AC never occurs").click()
    question.get_by_role("radio", name="Just show me").check(force=True)
    expect(question.get_by_text(re.compile("The cheapest answer is"))).to_be_visible()
    settled(page)
    alpha = question.get_by_role("slider", name="α · first part wrong")
    alpha.scroll_into_view_if_needed()
    box = alpha.bounding_box()
    assert box
    answers = question.locator("[data-testid=stTable]")
    before, y = answers.inner_text(), box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.97 * box["width"], y, steps=4)
    wait_until(lambda: answers.inner_text() != before)  # while it is held
    held = alpha.get_attribute("aria-valuetext")
    settled(page)
    assert alpha.get_attribute("aria-valuetext") == held
    page.mouse.up()
    alpha.dblclick()
    wait_until(lambda: answers.inner_text() == before)
    # Another page, and back: they stand where they were left.
    alpha.press("PageUp")
    settled(page)
    moved = alpha.get_attribute("aria-valuetext")
    go(page, "Data")
    go(page, "Formulations")
    expect(alpha).to_have_attribute("aria-valuetext", moved or "")
