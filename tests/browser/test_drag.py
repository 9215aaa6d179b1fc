"""A weight that is dragged while three runs train."""

from __future__ import annotations

import time

from playwright.sync_api import Browser, WebSocket

from tests.support.browsing import connected, drawn_anew, uncomplaining
from tests.support.training import marks, ready, steps, wait_for_steps, weight

SECONDS = 2.0
LEAST_REDRAWS = 3
"""A second, of the chart under the slider, also on a busy machine."""
COUNT_REDRAWS = """() => {
  const { react } = window.Plotly;
  window.redraws = 0;
  window.Plotly.react = (plot, ...rest) => {
    if (plot.closest("[data-chart='losses-A']")) window.redraws += 1;
    return react(plot, ...rest);
  };
}"""
MARK = """() => document.querySelector("[data-chart='losses-A'] .lv-plot").layout.annotations
  .filter((own) => own.text === "▾").map((own) => own.hovertext)"""


def test_it_acts_at_once_leaves_one_mark_and_no_script_runs(
    browser: Browser, address: str, report: dict[str, object]
) -> None:
    runs: list[str | bytes] = []

    def sent(message: str | bytes) -> None:
        runs.append(message)

    def listen(socket: WebSocket) -> None:
        if "_stcore" in socket.url:
            socket.on("framesent", sent)

    with uncomplaining(browser, address) as page:
        page.on("websocket", listen)
        page.goto("/train")
        connected(page)
        ready(page)
        page.get_by_role("button", name="Play").click()
        wait_for_steps(page, 10)
        page.evaluate(COUNT_REDRAWS)
        runs.clear()
        before = steps(page)

        slider = weight(page, "A", 0)
        slider.scroll_into_view_if_needed()
        track = slider.bounding_box()
        assert track
        y, middle = track["y"] + track["height"] / 2, track["x"] + track["width"] / 2
        page.mouse.move(middle, y)
        page.mouse.down()
        begun, k = time.monotonic(), 0
        while time.monotonic() - begun < SECONDS:
            k += 1
            page.mouse.move(middle + (k % 20 - 10) * track["width"] / 30, y)
            drawn_anew(page)
        redraws = int(page.evaluate("window.redraws"))
        page.mouse.move(middle + track["width"] / 4, y)
        page.mouse.up()
        trained = wait_for_steps(page, steps(page) + 3)

        assert runs == []
        assert trained > before + 3
        assert marks(page) == 1
        said = slider.get_attribute("aria-valuetext")
        assert said
        value = said.rsplit(" ", 1)[-1]
        page.wait_for_function(f"() => ({MARK})().some((own) => own.startsWith('α {value},'))")
    report["redraws a second while a weight is dragged"] = round(redraws / SECONDS, 1)
    assert redraws >= LEAST_REDRAWS * SECONDS
