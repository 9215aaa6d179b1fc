"""A link in a real browser: the same page, the same runs, the same numbers; Back undoes."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Browser, Page, expect

from lossviz.data import load_sample
from lossviz.engine.fit import fit
from lossviz.experiments.choices import first
from tests.support.browsing import connected, go, settled, uncomplaining

QUERY = "?d=feelings&A=marginals~w-2~m-hidden~h-4~e-2&B=joint~lr-0.1~e-2&train=of-1~speed-full"
LINKED: dict[str, dict[str, Any]] = {
    "A": {
        "component_weights": (2.0, 1.0),
        "model": {"kind": "hidden", "width": 4},
        "epochs": 2,
    },
    "B": {"formulation": "joint", "optimiser": {"learning_rate": 0.1}, "epochs": 2},
}
"""What the query says, field by field."""
ERRORS = """() => [...document.querySelectorAll("[data-chart='errors'] tbody tr")]
  .map((row) => [...row.cells].map((cell) => cell.textContent))
  .filter(([run, what]) => (run === "A" || run === "B") && what.startsWith("wrong"))
  .map(([run, what, share]) => [run, share])"""
FIRST_WEIGHT = ".st-key-weights-A .lv-slider[data-position='0'] [type=number]"
# What is leaving the page may stand beside what has come, for a moment.
STANDS_AT = f"""(value) => {{
  const all = document.querySelectorAll("{FIRST_WEIGHT}");
  return all.length === 1 && all[0].value === value;
}}"""


def engine_errors() -> list[list[str]]:
    """What the command line would say of the same experiments."""
    _, _, dataset = load_sample("feelings")
    found = []
    for letter, fields in LINKED.items():
        experiment = first(dataset, **fields)
        wrong = fit(dataset, experiment).evaluation.wrong
        rates = [*wrong.mean(axis=0), wrong.any(axis=1).mean()]
        found += [[letter, f"{100 * own:.1f}"] for own in rates]
    return found


def train(page: Page) -> None:
    page.get_by_role("button", name="Play").click()
    for letter in LINKED:
        title = page.locator(f"[data-chart='losses-{letter}'] .lv-title")
        expect(title).to_contain_text("epoch 2 of 2")
    expect(page.get_by_text("exact McNemar").first).to_be_attached()
    table = page.locator("[data-chart='errors']").get_by_role("button", name=re.compile("table"))
    table.first.click()


def test_a_link_opens_the_same_page_trains_to_the_same_numbers_and_back_undoes(
    browser: Browser, address: str
) -> None:
    with uncomplaining(browser, address) as page:
        page.goto(f"/train{QUERY}")
        connected(page)
        page.wait_for_selector("[data-chart='losses-B'] .main-svg")
        assert page.locator("[data-chart^='losses-']").count() == len(LINKED)
        target = page.locator(".st-key-confusion-target [aria-checked=true]")
        assert target.inner_text() == "polarity"
        train(page)
        assert page.evaluate(ERRORS) == engine_errors()
        assert page.url == f"{address}/train{QUERY}"  # as it was given

        page.get_by_role("button", name="Link", exact=True).click()
        expect(page.get_by_test_id("stPopoverBody").get_by_test_id("stCode")).to_contain_text(
            f"{address}/train{QUERY}"
        )
        page.keyboard.press("Escape")

        weight = page.locator(FIRST_WEIGHT)
        entries = page.evaluate("history.length")
        weight.fill("5")
        weight.press("Enter")
        page.wait_for_url(re.compile(r"A=marginals~w-5~"))
        go(page, "Formulations")
        page.wait_for_url(re.compile(r"/formulations\?d=feelings&A=marginals~w-5"))
        assert page.evaluate("history.length") == entries + 2  # one for each thing that was done
        page.go_back()
        page.wait_for_url(re.compile(r"/train.*A=marginals~w-5~"))
        page.wait_for_function(STANDS_AT, arg="5")
        page.go_back()
        page.wait_for_function(STANDS_AT, arg="2")
        assert page.url == f"{address}/train{QUERY}"
        page.go_forward()
        page.wait_for_function(STANDS_AT, arg="5")
        settled(page)
        assert page.evaluate("history.length") == entries + 2
