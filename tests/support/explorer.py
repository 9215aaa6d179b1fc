"""Surfaces whose weights are dragged, in a browser: what a person does, and what is seen of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from playwright.sync_api import Locator, Page

from tests.support.browsing import connected, drawn_anew, settled
from tests.support.waiting import wait_until

DRAWN = """(count) => {
  const all = [...document.querySelectorAll("[data-surfaces] .lv-plot")];
  const done = (own) => own.data?.[0]?.z && own.querySelector(".main-svg");
  return all.length === count && all.every(done);
}"""
CAMERAS = """() => [...document.querySelectorAll("[data-surfaces] .lv-plot")].map((own) => {
  const { eye } = own._fullLayout.scene._scene.getCamera();
  return [eye.x, eye.y, eye.z];
})"""


def show(page: Page, query: str = "panels=2", panels: int = 2) -> None:
    page.goto(f"/?{query}")
    connected(page)
    drawn(page, panels)


def drawn(page: Page, panels: int) -> None:
    page.wait_for_function(DRAWN, arg=panels)
    settled(page)


def slider(page: Page, k: int = 0) -> Locator:
    return page.locator(".lv-slider").nth(k).get_by_role("slider")


def shown(page: Page, k: int = 0) -> str:
    return str(slider(page, k).get_attribute("aria-valuetext"))


def redraws(page: Page) -> int:
    return int(page.locator("[data-surfaces]").get_attribute("data-redraws") or 0)


def said(page: Page) -> dict[str, Any]:
    """What Python knows."""
    own: dict[str, Any] = json.loads(page.locator("#said").text_content() or "")
    return own


def wait_until_told(page: Page, those: Callable[[list[float]], bool] = bool) -> dict[str, Any]:
    """Wait for such weights. What is let go of twice in a moment may be told once."""

    def told() -> bool:
        weights = said(page)["weights"]
        return bool(weights) and those(weights)

    wait_until(told, told=lambda: said(page)["weights"])
    return said(page)


def cameras(page: Page) -> list[list[float]]:
    """Where the panels are looked at from, once all have come to rest at the same place: on a busy
    machine a panel follows the one that is turned some frames later."""
    looks: list[list[list[float]]] = [[]]

    def at_rest() -> bool:
        looks.append(page.evaluate(CAMERAS))
        return looks[-1] == looks[-2] and bool(np.ptp(looks[-1], axis=0).max() < 1e-3)

    wait_until(at_rest, lambda: drawn_anew(page), told=lambda: looks[-1])
    return looks[-1]


def heights(page: Page, panel: int) -> np.ndarray:
    rows = page.evaluate(
        """(k) => {
          const own = document.querySelectorAll("[data-surfaces] .lv-plot")[k].data[0].z;
          return own.map((row) => Array.from(row));
        }""",
        panel,
    )
    return np.array(rows)


def take(page: Page, k: int = 0) -> tuple[dict[str, float], float]:
    """Take the thumb of a slider that stands at 1, in the middle."""
    track = slider(page, k).bounding_box()
    assert track
    y = track["y"] + track["height"] / 2
    page.mouse.move(track["x"] + track["width"] / 2, y)
    page.mouse.down()
    return track, y


def drag(page: Page, share: float, k: int = 0) -> None:
    track, y = take(page, k)
    page.mouse.move(track["x"] + share * track["width"], y, steps=8)
    page.mouse.up()


def turn(page: Page, panel: int, right: float, down: float = 30.0) -> None:
    box = page.locator("[data-surfaces] .lv-plot").nth(panel).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for share in np.linspace(0, 1, 7):
        page.mouse.move(x + float(share) * right, y + float(share) * down)
        drawn_anew(page)
    page.mouse.up()
    settled(page)
