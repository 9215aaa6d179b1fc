"""The Surfaces page in a real browser: surfaces of runs that train, and then of what they found."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing import Window, connected, go, settled
from tests.support.explorer import CAMERAS, cameras, drag, heights, redraws, shown, turn

COMPLETE = """() => {
  const said = document.body.innerText.match(/([\\d,]+) of ([\\d,]+) points computed/);
  return said && said[1] === said[2];
}"""
COUNT = "document.querySelectorAll('[data-surfaces] .lv-plot .gl-container').length"
# The loss in the middle of the first coarse surface, each time that it is another one.
WATCH_MIDDLES = """() => {
  window.middles = [];
  const look = () => {
    const rows = document.querySelector("[data-surfaces] .lv-plot")?.data?.[0]?.z;
    const middle = rows?.length === 21 && rows[10][10];
    if (middle && middle !== window.middles.at(-1)) window.middles.push(middle);
    if (!rows || rows.length === 21) requestAnimationFrame(look);
  };
  look();
}"""
FORMULATIONS = {"A": "marginals", "B": "joint", "C": "components"}
SEEDS = "[data-chart='seeds'] .scatterlayer .trace"


@pytest.fixture(scope="module")
def page(window: Window) -> Iterator[Page]:
    """One page for all: to train and to draw takes most of the time."""
    with window.lent() as own:
        runs = "&".join(f"{letter}={name}~e-40" for letter, name in FORMULATIONS.items())
        own.goto(f"/train?d=feelings&{runs}&train=speed-full")
        connected(own)
        settled(own)
        go(own, "Surfaces")
        yield own


def draw(page: Page) -> None:
    """Train the runs, unless they are trained, until everything is drawn."""
    page.wait_for_selector(".st-key-surfaces-empty, [data-surfaces]")
    train = page.get_by_role("button", name="Train A, B and C")
    if page.get_by_text("Nothing is trained yet.").is_visible():
        train.click()
    complete(page)


def complete(page: Page) -> None:
    page.wait_for_function(COMPLETE, polling=200)  # it reads the whole page
    page.wait_for_function(f"{COUNT} === 3")
    settled(page)


def test_coarse_surfaces_follow_the_training_and_fine_ones_come_after(page: Page) -> None:
    expect(page.get_by_text("Nothing is trained yet.")).to_be_visible()
    page.evaluate(WATCH_MIDDLES)
    page.get_by_role("button", name="Train A, B and C").click()
    complete(page)
    seen = page.evaluate("() => window.middles")
    assert len(seen) >= 2
    assert seen[-1] < seen[0]
    assert heights(page, 0).shape == (41, 41)
    page.wait_for_selector(SEEDS)


def test_a_surface_is_downloaded_with_its_experiment(page: Page, tmp_path: Path) -> None:
    draw(page)
    with page.expect_download() as found:
        page.get_by_role("button", name="A as .npz").click()
    kept = np.load(io.BytesIO(Path(found.value.path()).read_bytes()), allow_pickle=False)
    assert kept["part_feeling"].shape == kept["part_polarity"].shape == (41, 41)
    assert kept["path"].shape[1] == 2
    assert json.loads(str(kept["experiment"]))["formulation"] == "marginals"
    assert kept["loss"] == pytest.approx(heights(page, 0), rel=1e-4, abs=1e-5)


def test_doubts_are_open_and_stay_closed_once_closed(page: Page) -> None:
    draw(page)
    page.wait_for_selector(SEEDS)
    page.get_by_text("Can I trust this picture?").click()
    expect(page.locator("[data-chart='seeds']")).to_be_hidden()
    go(page, "Library")
    go(page, "Surfaces")
    complete(page)
    expect(page.locator("[data-chart='seeds']")).to_be_hidden()
    page.get_by_text("Can I trust this picture?").click()
    page.wait_for_selector(SEEDS)


def test_the_camera_stays_where_it_was_turned_while_a_weight_moves(page: Page) -> None:
    draw(page)
    page.get_by_role("heading", name="What does the loss look like").scroll_into_view_if_needed()
    start = cameras(page)
    turn(page, 0, 140)
    turned = cameras(page)
    assert np.abs(np.subtract(turned[0], start[0])).max() > 0.2
    assert np.ptp(turned, axis=0).max() < 1e-3
    before, count = heights(page, 0), redraws(page)
    drag(page, 0.9)
    expect(page.get_by_role("button", name="Retrain A and C at these")).to_be_enabled()
    settled(page)
    assert redraws(page) > count
    assert heights(page, 0).max() > 1.5 * before.max()
    assert np.array(page.evaluate(CAMERAS)) == pytest.approx(np.array(turned), abs=1e-3)

    page.get_by_role("button", name="Retrain A and C at these").click()
    expect(page.get_by_text(re.compile("A at α = [2-9]"))).to_be_visible()
    complete(page)
    assert shown(page) != "α · feeling: 1.0"
    assert np.array(page.evaluate(CAMERAS)) == pytest.approx(np.array(turned), abs=1e-3)
