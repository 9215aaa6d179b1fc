"""A report, opened from a disk by a browser that is offline."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, TimeoutError

from lossviz.report import report
from lossviz.sharing.looks import SurfacesLook
from lossviz.sharing.project import Project
from tests.support.browsing import uncomplaining
from tests.support.projects import project

# As functions: the report's policy keeps Playwright from making them of text in the page.
ALL_DRAWN = """() => {
  const plots = [...document.querySelectorAll(".lv-plot")];
  return plots.length > 20 && plots.every((own) => own.matches(".js-plotly-plot"));
}"""
HEIGHTS = "() => [...document.querySelector('.lv-surfaces .lv-plot').data[0].z[3]].join()"
CAMERAS = """() => [...document.querySelectorAll(".lv-surfaces .lv-plot")].map((own) => {
  const { eye } = own._fullLayout.scene._scene.getCamera();
  return [eye.x, eye.y, eye.z].map((place) => place.toFixed(2)).join();
})"""
TURNED = (
    f"(before) => {{ const now = ({CAMERAS})(); return now[0] !== before && now[1] === now[0]; }}"
)
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
WHITE = "() => getComputedStyle(document.body).getPropertyValue('--st-background-color')"
WIDTHS = "() => [...document.querySelectorAll('.lv-plot')].map((own) => own._fullLayout.width)"


def turn(page: Page) -> None:
    """The first surface, with the pointer."""
    box = page.locator(".lv-surfaces .lv-plot").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(5):
        page.mouse.move(x + 25 * step, y)
        page.evaluate(FRAMES)
    page.mouse.up()


def turn_until_seen(page: Page, first: str) -> None:
    """On a busy machine the chart may still be drawing when it is taken hold of."""
    for _ in range(15):
        turn(page)
        with suppress(TimeoutError):
            page.wait_for_function(TURNED, arg=first, timeout=2_000)
            return
    pytest.fail("the surface does not turn, or the other one does not follow")


def test_it_works_from_a_disk_offline_and_asks_for_nothing(
    browser: Browser, tmp_path: Path
) -> None:
    desk = project().desk
    assert desk.surfaces is not None
    solid = replace(desk, surfaces=replace(desk.surfaces, look=SurfacesLook()))
    file = tmp_path / "report.html"
    file.write_text(report(Project((solid,))), encoding="utf-8")
    with uncomplaining(browser, "", offline=True, color_scheme="dark") as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        page.wait_for_function(ALL_DRAWN)

        before = page.evaluate(HEIGHTS)
        slider = page.locator(".lv-slider [type=range]").first
        slider.focus()
        slider.press("End")
        page.wait_for_function(f"(before) => ({HEIGHTS})() !== before", arg=before)

        first, second = page.evaluate(CAMERAS)
        assert first == second
        turn_until_seen(page, first)

        # A printer gets white paper, and charts that fit on it.
        page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate(WHITE) == "#ffffff"
        assert max(page.evaluate(WIDTHS)) < 720
        page.evaluate("() => dispatchEvent(new Event('afterprint'))")
        assert page.evaluate(WHITE) == "#14181d"
        assert asked == [file.as_uri()]
