"""How fast it is in a real browser: figures that go to the README, and bounds that they keep."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from tests.support.browsing import begin, settled, uncomplaining
from tests.support.explorer import redraws, show, take
from tests.support.serving import serving_page
from tests.support.training import COUNT_MARKS, drag_slider, ready, steps, wait_for_steps

pytestmark = pytest.mark.slow


def rate_of(page: Page) -> float:
    """Redraws a second while a slider is dragged."""
    before, started = redraws(page), time.monotonic()
    track, y = take(page)
    while time.monotonic() - started < 2:
        for share in np.linspace(0.3, 0.7, 13):
            page.mouse.move(track["x"] + float(share) * track["width"], y)
    rate = (redraws(page) - before) / (time.monotonic() - started)
    page.mouse.up()
    return rate


@pytest.mark.parametrize("query", ["panels=1", "panels=1&tracks", "panels=1&tracks&log"])
def test_a_surface_is_drawn_eight_times_a_second(
    browser: Browser, query: str, tmp_path: Path, report: dict[str, object]
) -> None:
    with (
        serving_page("surfaces_page.py", tmp_path / "log.txt") as address,
        uncomplaining(browser, address) as page,
    ):
        show(page, query, 1)
        rate = rate_of(page)
    report[f"surface redraws a second, {query}"] = round(rate, 1)
    assert rate >= 8


def test_two_surfaces_are_drawn_four_times_a_second(page: Page, report: dict[str, object]) -> None:
    begin(page, "Formulations")
    page.locator("[data-surfaces='formulations'] .lv-plot[aria-busy=false]").first.wait_for()
    settled(page)
    rate = rate_of(page)
    report["redraws a second, two surfaces of the Formulations page"] = round(rate, 1)
    assert rate >= 4


def time_to_first_curve(page: Page) -> float:
    """Seconds from a press of Play; what ran before is taken back first."""
    page.get_by_role("button", name="Reset").click()
    curve = "[data-chart='losses-A'] .scatterlayer .trace"
    page.wait_for_selector(curve, state="detached")
    settled(page)
    started = time.monotonic()
    page.get_by_role("button", name="Play").click()
    page.wait_for_selector(curve)
    return time.monotonic() - started


def test_the_first_curve_comes_at_once_and_a_slider_acts_at_once(
    page: Page, report: dict[str, object]
) -> None:
    begin(page, "Train")
    ready(page)
    settled(page)
    first = [time_to_first_curve(page) for _ in range(3)]
    wait_for_steps(page, 3)

    # Slowly, so that the runs are not over too soon.
    page.get_by_role("radio", name="slow").check()
    # A page that trains is never still for long; two more steps are of the new speed.
    wait_for_steps(page, steps(page) + 2)
    delays = []
    for turn in range(7):
        page.evaluate(WATCH_MARKS)
        drag_slider(page, "A", 0, 0.25 + 0.5 * (turn % 2) + 0.02 * turn)
        delays.append(page.evaluate("() => window.markDelay"))
    report["first curve, s"] = [round(own, 3) for own in first]
    report["slider release to visible, ms"] = [round(own) for own in delays]
    report["slider release to visible, median ms"] = round(statistics.median(delays))
    assert min(first) < 1.0  # the first of all also waits for a process that starts
    assert statistics.median(delays) < 400


# From letting go of the mouse until one more mark stands on the curve.
WATCH_MARKS = f"""
() => {{
  const known = {COUNT_MARKS}("A");
  window.markDelay = new Promise((resolve, reject) => {{
    setTimeout(() => reject(new Error("no mark within 10 s")), 10000);
    document.addEventListener("pointerup", () => {{
      const started = performance.now();
      const look = () => {{
        if ({COUNT_MARKS}("A") > known) resolve(performance.now() - started);
        else requestAnimationFrame(look);
      }};
      look();
    }}, {{ capture: true, once: true }});
  }});
}}
"""


def test_two_updates_a_second(page: Page, report: dict[str, object]) -> None:
    begin(page, "Train")
    ready(page)
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("button", name="Play").click()
    wait_for_steps(page, 2)
    updates = page.evaluate(
        """() => new Promise((resolve) => {
          const title = document.querySelector("[data-chart='losses-A'] .lv-title");
          let updates = 0;
          const observer = new MutationObserver(() => { updates += 1; });
          observer.observe(title, { childList: true, characterData: true, subtree: true });
          setTimeout(() => {
            observer.disconnect();
            resolve(updates);
          }, 5000);
        })"""
    )
    report["updates a second, one user"] = updates / 5
    assert updates / 5 >= 2
