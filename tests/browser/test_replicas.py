"""The README's two replicas, one scheduler, two workers and one database."""

from __future__ import annotations

from pathlib import Path

import psutil
from playwright.sync_api import Browser, expect

from .conftest import go
from .replicas import replicas
from .test_library import WAIT, moved, publish, visiting


def test_what_one_replica_publishes_the_other_shows_also_when_the_first_has_ended(
    browser: Browser, tmp_path: Path
) -> None:
    with replicas(tmp_path) as [(one, first), (two, second)]:
        with visiting(browser, one) as page:
            everybody, _ = publish(page)
        for replica in (first, second):
            assert not psutil.Process(replica.pid).children(), "workers of its own"
        first.terminate()
        first.wait(20)
        with visiting(browser, moved(everybody, two)) as page:
            expect(page.get_by_role("heading", name="Known to all")).to_be_visible(timeout=WAIT)
            go(page, "Train")
            page.get_by_role("button", name="+1 epoch").click()
            expect(page.get_by_text("A: epoch 1 of 10")).to_be_visible(timeout=WAIT)
