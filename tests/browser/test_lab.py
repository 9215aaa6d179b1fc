"""The lab as a newcomer uses it, in a real browser."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing import begin, go, settled, wider
from tests.support.training import (
    COUNT_MARKS,
    drag_slider,
    marks,
    obeyed,
    ready,
    steps,
    wait_for_steps,
    weight,
)


def upload(page: Page, file: Path) -> None:
    begin(page, "Data")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("is this right?")).to_be_visible()


def test_a_newcomer_compares_three_formulations_on_a_real_file(
    page: Page, shared_data: Path
) -> None:
    upload(page, shared_data / "emobank_arousal_valence.csv")
    page.get_by_label("Part 1", exact=True).fill("arousal")
    page.get_by_label("Part 1", exact=True).press("Enter")
    page.get_by_label("Part 2", exact=True).fill("valence")
    page.get_by_label("Part 2", exact=True).press("Enter")
    page.get_by_role("button", name=re.compile("Use these 4,850 texts")).click()
    expect(page.get_by_text("is this right?")).to_be_hidden()

    go(page, "Train")
    expect(page.get_by_text(re.compile("4,850 texts · arousal × valence"))).to_be_visible()
    ready(page)
    page.get_by_role("button", name="Play").click()
    for letter in "ABC":
        wait_for_steps(page, 40, letter)
    drag_slider(page, "A", 0, 0.8)
    page.wait_for_function(f"{COUNT_MARKS}('A') > 0")
    moved = weight(page, "A", 0).get_attribute("aria-valuetext")
    assert marks(page, "A") >= 1
    assert marks(page, "B") == 0

    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    obeyed(page)
    paused = steps(page)

    go(page, "Data")
    expect(page.get_by_text("Found, and expected by chance")).to_be_visible()
    go(page, "Train")
    ready(page)
    wait_for_steps(page, paused)
    assert steps(page) == paused
    assert marks(page, "A") >= 1
    assert weight(page, "A", 0).get_attribute("aria-valuetext") == moved

    page.locator("[data-chart='confusion-A'] .nsewdrag").click(position={"x": 30, "y": 20})
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(re.compile(r"Run A: true .*held-out texts"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    field = page.get_by_label("Type a sentence")
    field.fill("I could not stop laughing, what a wonderful day")
    field.press("Enter")
    expect(page.locator("[data-chart='sentence'] .lv-title")).to_contain_text(
        re.compile(r"A (un)?emotional.*B (un)?emotional.*C (un)?emotional")
    )


def test_no_chart_is_built_anew_while_it_is_trained(page: Page) -> None:
    begin(page, "Train")
    ready(page)
    plot = page.locator("[data-chart='losses-A'] .main-svg").first.element_handle()
    page.get_by_role("button", name="Play").click()
    for least in (2, 20, 40):
        wait_for_steps(page, least)
    assert plot.evaluate("(own) => own.isConnected")


def test_keys_act_but_not_while_typing(page: Page) -> None:
    begin(page, "Train")
    ready(page)
    page.get_by_role("button", name="Reset").click()
    settled(page)
    page.mouse.click(5, 500)
    page.keyboard.press(".")
    wait_for_steps(page, 1)
    page.keyboard.press("e")
    assert wait_for_steps(page, 21) > 20
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    obeyed(page)
    stood = steps(page)
    field = page.get_by_label("Type a sentence")
    field.click()
    page.keyboard.type("e. r ?")
    settled(page)
    assert field.input_value() == "e. r ?"
    assert steps(page) == stood
    page.mouse.click(5, 500)
    page.keyboard.press("r")
    expect(page.locator("[data-chart='losses-A'] .lv-title")).to_contain_text("not trained yet")


def test_a_file_that_cannot_be_read_leaves_everything_as_it_was(page: Page, tmp_path: Path) -> None:
    begin(page, "Train")
    ready(page)
    page.get_by_role("button", name="+1 epoch").click()
    before = wait_for_steps(page, 20)
    picture = tmp_path / "holiday.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00" * 50)
    go(page, "Data")
    page.locator("input[type=file]").set_input_files(picture)
    expect(page.get_by_text(re.compile("holiday.csv"))).to_be_visible()
    expect(page.get_by_text("The data in use, and their runs, are as they were.")).to_be_visible()
    go(page, "Train")
    ready(page)
    settled(page)
    assert steps(page) >= before


def test_the_table_behind_a_chart_and_its_downloads(page: Page) -> None:
    begin(page, "Train")
    ready(page)
    page.get_by_role("button", name="+1 batch").click()
    wait_for_steps(page, 1)
    chart = page.locator("[data-chart='errors']")
    chart.locator(".lv-head").hover()
    with page.expect_download() as download:
        chart.get_by_role("button", name=re.compile("Download the table")).click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("run,")
    assert len(lines) > 9
    for name, magic in (("picture", b"\x89PNG"), ("vector", b"<svg")):
        with page.expect_download() as download:
            chart.get_by_role("button", name=re.compile(f"Download as a {name}")).click()
        assert Path(download.value.path()).read_bytes().startswith(magic)
    chart.get_by_role("button", name=re.compile("table behind")).click()
    assert chart.locator("tbody tr").count() == len(lines) - 1


@pytest.mark.parametrize(
    ("pages", "windows"),
    [
        pytest.param(("Train",), [("light", 390)], id="one"),
        pytest.param(
            ("Home", "Data", "Train", "Formulations", "Weights"),
            [*product(("light", "dark"), (390, 1440))],
            id="all",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_no_page_scrolls_sideways(
    page: Page, pages: tuple[str, ...], windows: list[tuple[Any, int]]
) -> None:
    begin(page, pages[0])
    for name in pages:
        go(page, name)
        settled(page)
        for scheme, width in windows:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 844})
            settled(page)
            assert wider(page) <= 1, (name, scheme, width)


# What an axis was drawn with, and the largest loss that is drawn on it.
DRAWN_RANGE = """() => {
  const { calcdata, _fullLayout } = document.querySelector("[data-chart='losses-A'] .lv-plot");
  const { range, autorange } = _fullLayout.yaxis;
  const points = calcdata.filter(([point]) => point.trace.yaxis !== "y2").flat();
  const largest = Math.max(...points.map((point) => point.y).filter(Number.isFinite), 0);
  return { low: range[0], high: range[1], autorange, largest };
}"""


def assert_curve_fills_its_chart(page: Page) -> None:
    page.get_by_role("button", name="Play").click()
    wait_for_steps(page, 20)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    settled(page)
    shown = page.evaluate(DRAWN_RANGE)
    assert shown["autorange"] is True
    assert shown["low"] == 0
    assert shown["largest"] <= shown["high"] < 1.3 * shown["largest"], shown


def test_a_loss_curve_fills_its_chart_after_a_reset_and_after_other_data(page: Page) -> None:
    begin(page, "Train")
    ready(page)
    for _ in range(2):
        assert_curve_fills_its_chart(page)
        page.get_by_role("button", name="Reset").click()
        expect(page.locator("[data-chart='losses-A'] .lv-title")).to_contain_text("not trained yet")
        settled(page)
        shown = page.evaluate(DRAWN_RANGE)
        assert (shown["low"], shown["high"], shown["autorange"]) == (0, 1, False)
    go(page, "Data")
    page.locator(".st-key-sample-helpdesk button").click()
    go(page, "Train")
    ready(page)
    assert_curve_fills_its_chart(page)


@pytest.mark.parametrize("milliseconds", [0, 5])
def test_a_link_is_followed_also_where_the_page_is_woken_before_it_is_left(
    page: Page, milliseconds: int
) -> None:
    """A wake went out between the click and the page that it leads to, and that came without its
    charts, or not at all."""
    begin(page, "Data")
    expect(page.get_by_text("Found, and expected by chance")).to_be_visible()
    page.wait_for_function(
        "() => [...(window.lossvizLine?.listeners.keys() ?? [])].some((own) => /^wake/.test(own))"
    )
    settled(page)
    woken = page.evaluate(
        """(milliseconds) => new Promise((done) => {
          const wakes = [...window.lossvizLine.listeners].filter(([topic]) => /^wake/.test(topic));
          const link = [...document.querySelectorAll("a")].find((a) => /Train/.test(a.textContent));
          link.click();
          setTimeout(() => {
            for (const [, listeners] of wakes) listeners.forEach((listen) => listen(1e9));
            done(wakes.length);
          }, milliseconds);
        })""",
        milliseconds,
    )
    assert woken
    ready(page)
    settled(page)
    assert page.url.split("?")[0].endswith("/train")
    ready(page)
