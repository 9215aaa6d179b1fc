"""The Train page in a browser: what a person does there, and how far the runs are."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.support.browsing import settled
from tests.support.waiting import wait_until

STEPS = re.compile(r"· ([\d,]+) steps")
THUMB = 16
"""Pixels that a slider's thumb is wide."""
COUNT_MARKS = """((letter) => [...document.querySelectorAll(
  `[data-chart='losses-${letter}'] .annotation-text`)]
  .filter((own) => own.textContent === "▾").length)"""


def title(page: Page, chart: str) -> str:
    return page.locator(f"[data-chart='{chart}'] .lv-title").inner_text()


def steps(page: Page, letter: str = "A") -> int:
    found = STEPS.search(title(page, f"losses-{letter}"))
    return int(found[1].replace(",", "")) if found else 0


def wait_for_steps(page: Page, least: int, letter: str = "A") -> int:
    wait_until(
        lambda: steps(page, letter) >= least, told=lambda: f"{letter} is at {steps(page, letter)}"
    )
    return steps(page, letter)


def obeyed(page: Page) -> None:
    """What was pressed is done: the slice of training that was under way is over, too."""
    page.wait_for_function("() => window.lossvizLine.unconfirmed.length === 0")
    settled(page)


def ready(page: Page) -> None:
    """The charts are there, and the worker has the data."""
    page.wait_for_selector("[data-chart='losses-A'] .main-svg")
    page.wait_for_selector("[data-chart='confusion-A'] .main-svg", state="attached")


def train_an_epoch(page: Page) -> None:
    """Of the sample that a session begins with; the Train page is open."""
    page.get_by_role("button", name="+1 epoch").click()
    trained_an_epoch(page)


def trained_an_epoch(page: Page) -> None:
    expect(page.get_by_text("A: epoch 1 of 10 · 35 steps")).to_be_visible()


def weight(page: Page, letter: str, k: int) -> Locator:
    """The slider of one of a run's weights."""
    row = page.locator(f".st-key-weights-{letter} .lv-slider[data-position='{k}']")
    return row.get_by_role("slider")


def drag_slider(page: Page, letter: str, k: int, share: float) -> None:
    """Take the thumb with the mouse and let it go at a share of the track."""
    slider = weight(page, letter, k)
    track = slider.bounding_box()
    assert track
    y = track["y"] + track["height"] / 2
    thumb = slider.evaluate("(own) => own.value / own.max")
    page.mouse.move(track["x"] + THUMB / 2 + thumb * (track["width"] - THUMB), y)
    page.mouse.down()
    page.mouse.move(track["x"] + share * track["width"], y, steps=4)
    page.mouse.up()


def marks(page: Page, letter: str = "A") -> int:
    return int(page.evaluate(f"{COUNT_MARKS}('{letter}')"))
