"""More labels than a matrix has room for, in a real browser."""

from __future__ import annotations

import csv
import re
from io import StringIO
from random import Random

from playwright.sync_api import Page, expect

from tests.support.browsing import begin, go

FIRST, SECOND = 6, 7


def file() -> bytes:
    """42 whole labels, a tenth of them told wrongly."""
    random, out = Random(0), StringIO()
    writer = csv.writer(out)
    writer.writerow(["text", "area", "kind"])
    for row in range(840):
        area, kind = row % FIRST, row // FIRST % SECOND
        told = random.randrange(SECOND) if random.random() < 0.4 else kind
        writer.writerow(
            [f"text{row} word{area} sign{told} number{row} here", f"a{area}", f"k{kind}"]
        )
    return out.getvalue().encode()


def test_the_most_confused_pairs_come_first_and_all_cells_when_asked(page: Page) -> None:
    begin(page, "Data")
    content = {"name": "many.csv", "mimeType": "text/csv", "buffer": file()}
    page.locator("input[type=file]").set_input_files(content)
    use = page.get_by_role("button", name=re.compile("Use these 840 texts"))
    expect(use).to_be_enabled()
    use.click()
    expect(use).to_be_hidden()
    go(page, "Train")
    page.wait_for_selector("[data-chart='losses-A'] .main-svg")
    page.get_by_role("button", name="+1 epoch").click()
    chart = page.locator("[data-chart='confusion-A']")
    expect(chart.locator(".lv-title")).to_contain_text("most confused")
    chart.scroll_into_view_if_needed()
    expect(chart.locator(".bars .point").first).to_be_visible()
    assert 1 <= chart.locator(".bars .point").count() <= 9
    assert not chart.locator(".heatmaplayer image").count()

    # By keyboard, from the table behind the bars.
    chart.locator(".lv-head").hover()
    chart.get_by_role("button", name=re.compile("Show the table")).click()
    row = chart.get_by_role("button", name=re.compile("Open true .*, predicted")).first
    name = row.get_attribute("aria-label")
    row.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(re.compile("Run A: true"))).to_be_visible()
    assert name
    true, predicted = re.findall(r"a\d\|k\d", name)
    expect(dialog.get_by_text(f"true {true}, predicted {predicted}")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    chart.get_by_role("button", name=re.compile("Show the table")).click()

    page.get_by_text("Draw all 1,764 cells").click()
    expect(chart.locator(".lv-title")).to_contain_text("all 1,764 cells")
    expect(page.get_by_label("Rows and columns grouped by")).to_be_visible()
    chart.locator(".nsewdrag").click(position={"x": 60, "y": 50})
    expect(dialog.get_by_text(re.compile("Run A: true"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    # It is remembered, and the other runs are drawn alike.
    go(page, "Library")
    go(page, "Train")
    expect(page.locator("[data-chart='confusion-B'] .lv-title")).to_contain_text("all 1,764 cells")
