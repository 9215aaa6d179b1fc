"""The README's two replicas, one scheduler, two workers and one database: what is published on one
is there on the other, for another browser, and after a restart."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, expect

from tests.support.browsing import go
from tests.support.publishing import GONE, moved, publish, visiting
from tests.support.replicas import replicas


@pytest.mark.slow
def test_a_run_is_published_opened_elsewhere_kept_over_a_restart_and_deleted(
    browser: Browser, tmp_path: Path
) -> None:
    with replicas(tmp_path) as [one, two]:
        with visiting(browser, f"{one.address}/train") as page:
            everybody, own = publish(page)
        for replica in (one, two):
            assert not psutil.Process(replica.process.pid).children(), "workers of its own"
        one.stop()
        with visiting(browser, moved(everybody, two.address)) as page:
            expect(page.get_by_role("heading", name="Known to all")).to_be_visible()
            page.locator(
                "[data-surfaces], [data-chart='published-errors'] .plotly"
            ).first.wait_for()
            expect(page.get_by_role("button", name="Delete")).to_have_count(0)
            go(page, "Train")
            page.get_by_role("button", name="+1 epoch").click()
            expect(page.get_by_text("A: epoch 1 of 10")).to_be_visible()
        one.start()
        one.wait()
        with visiting(browser, own) as page:
            expect(page.get_by_role("heading", name="Known to all")).to_be_visible()
            page.get_by_role("button", name="Delete").click()
            page.get_by_role("button", name="Delete for everybody").click()
            expect(page.get_by_text("The run was deleted.")).to_be_visible()
            page.goto(moved(everybody, two.address))
            expect(page.get_by_text(GONE)).to_be_visible()
            expect(page.get_by_role("heading", name="Library")).to_be_visible()
