"""A project file: downloaded in one browser, and brought back in another."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.support.browsing import begin, go, uncomplaining
from tests.support.training import train_an_epoch, trained_an_epoch


def errors(page: Page) -> str:
    """What the chart of the errors says, with its numbers."""
    chart = page.locator("[data-chart='errors'] .lv-plot")
    expect(chart).to_have_attribute("aria-label", re.compile("Run C: wrong on"))
    return chart.get_attribute("aria-label") or ""


def test_a_session_is_downloaded_and_brought_back(
    browser: Browser, page: Page, address: str, tmp_path: Path
) -> None:
    begin(page, "Train")
    train_an_epoch(page)
    go(page, "Library")
    page.get_by_role("button", name="Make the project file").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download,").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.suffix == ".lossviz"
    go(page, "Train")
    said = errors(page)

    with uncomplaining(browser, address) as other:
        begin(other, "Library")
        broken = tmp_path / "broken.lossviz"
        broken.write_bytes(file.read_bytes()[:-500])
        field = other.locator("input[type=file]").first
        field.set_input_files(broken)
        expect(other.get_by_text("broken.lossviz is not a file of LossViz")).to_be_visible()
        other.locator("input[type=file]").first.set_input_files(file)
        expect(other.get_by_text(f"{file.name} is open")).to_be_visible()
        go(other, "Train")
        trained_an_epoch(other)
        assert errors(other) == said
