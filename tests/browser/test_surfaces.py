"""Surfaces whose weights are dragged, in a real browser."""

from __future__ import annotations

import csv
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lossviz.figures.surfaces.tracks import interpolated
from tests.browser.conftest import connected, serving_page, uncomplaining
from tests.support.surfaces import grouped, linear, tempered, tracked

WAIT = 30_000
DRAWN = """(count) => {
  const all = [...document.querySelectorAll("[data-surfaces] .lv-plot")];
  const done = (own) => own.data?.[0]?.z && own.querySelector(".main-svg");
  return all.length === count && all.every(done);
}"""
CAMERAS = """() => [...document.querySelectorAll("[data-surfaces] .lv-plot")].map((own) => {
  const { eye } = own._fullLayout.scene._scene.getCamera();
  return [eye.x, eye.y, eye.z];
})"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_page("surfaces_page.py", tmp_path_factory.mktemp("app") / "log.txt") as own:
        yield own


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with uncomplaining(browser, address) as own:
        yield own


def show(page: Page, query: str = "panels=2", panels: int = 2) -> None:
    page.goto(f"/?{query}")
    connected(page)
    drawn(page, panels)


def drawn(page: Page, panels: int) -> None:
    page.wait_for_function(DRAWN, arg=panels, timeout=WAIT)
    page.wait_for_timeout(300)


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
    deadline = time.monotonic() + WAIT / 1000
    while not (own := said(page))["weights"] or not those(own["weights"]):
        assert time.monotonic() < deadline, own["weights"]
        page.wait_for_timeout(50)
    return own


def cameras(page: Page) -> list[list[float]]:
    """Where the panels are looked at from, once they have come to rest; and alike, if they get so:
    on a busy machine a panel follows the one that is turned some frames later."""
    deadline = time.monotonic() + WAIT / 3000
    before, now = None, page.evaluate(CAMERAS)
    while now != before or (np.ptp(now, axis=0).max() > 1e-3 and time.monotonic() < deadline):
        page.wait_for_timeout(200)
        before, now = now, page.evaluate(CAMERAS)
    result: list[list[float]] = now
    return result


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


def turn(page: Page, panel: int, right: float) -> None:
    box = page.locator("[data-surfaces] .lv-plot").nth(panel).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for share in np.linspace(0, 1, 7):
        page.mouse.move(x + float(share) * right, y + float(share) * 30)
        drawn_anew(page)
    page.mouse.up()
    page.wait_for_timeout(500)


def drawn_anew(page: Page) -> None:
    """Two frames later: a browser hands over only the last of the moves within one frame."""
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


def rate_of(page: Page) -> tuple[float, dict[str, float], float]:
    """Redraws a second while a slider is dragged; it is still held."""
    before, started = redraws(page), time.monotonic()
    track, y = take(page)
    while time.monotonic() - started < 2:
        for share in np.linspace(0.3, 0.7, 13):
            page.mouse.move(track["x"] + float(share) * track["width"], y)
    return (redraws(page) - before) / (time.monotonic() - started), track, y


def track_of(page: Page, panel: int, trace: int) -> dict[str, np.ndarray]:
    """A path as the scene has it."""
    own = page.evaluate(
        """([panel, trace]) => {
          const plot = document.querySelectorAll("[data-surfaces] .lv-plot")[panel];
          const all = Object.values(plot._fullLayout.scene._scene.traces);
          const { x, y, z } = all.find(({ data }) => data.index === trace).data;
          return { x: Array.from(x), y: Array.from(y), z: Array.from(z) };
        }""",
        [panel, trace],
    )
    return {key: np.array(values) for key, values in own.items()}


def height_axis(page: Page, panel: int) -> dict[str, Any]:
    own: dict[str, Any] = page.evaluate(
        """(panel) => {
          const plot = document.querySelectorAll("[data-surfaces] .lv-plot")[panel];
          const { range, tickvals, ticktext } = plot._fullLayout.scene.zaxis;
          return { range: Array.from(range), tickvals, ticktext };
        }""",
        panel,
    )
    return own


def test_a_surface_follows_the_pointer_and_python_hears_of_it_on_release(
    page: Page, report: dict[str, object]
) -> None:
    show(page, "panels=1", 1)
    runs = said(page)["runs"]
    rate, track, y = rate_of(page)
    page.mouse.move(track["x"] + 0.98 * track["width"], y)
    page.wait_for_timeout(500)
    assert shown(page).startswith("α · emotion: ")
    assert (said(page)["runs"], said(page)["weights"]) == (runs, None)
    page.mouse.up()
    told = wait_until_told(page)
    assert told["weights"][0] > 8
    assert told["weights"][1:] == [1.0, 1.0]
    report["surface redraws a second, software rendering"] = round(rate, 1)
    assert rate >= 8


def test_with_tracks_and_logarithms_it_follows_as_well(
    page: Page, report: dict[str, object]
) -> None:
    for query in ("panels=1&tracks", "panels=1&tracks&log"):
        show(page, query, 1)
        rate, _, _ = rate_of(page)
        page.mouse.up()
        report[f"surface redraws a second, {query}"] = round(rate, 1)
        assert rate >= 8


def test_a_track_lies_on_the_surface_while_a_weight_is_dragged(page: Page) -> None:
    show(page, "panels=2&tracks")
    for share in (0.6, 0.5, 0.95):
        before = redraws(page)
        drag(page, share)
        page.wait_for_function(
            "(before) => document.querySelector('[data-surfaces]').dataset.redraws > before",
            arg=before,
        )
        page.wait_for_timeout(700)
        weights = said(page)["weights"]
        (low, high), own = height_axis(page, 0)["range"], track_of(page, 0, 2)
        surface = tracked(linear())
        expected = interpolated(surface, surface.at(weights), own["x"], own["y"])
        lift = 2 / 120 * high
        assert low < 0
        assert own["z"] == pytest.approx(expected + lift, rel=1e-3, abs=1e-3)
    label = page.locator("[data-surfaces] .lv-plot").first.get_attribute("aria-label") or ""
    assert "Run A is at loss " in label
    assert "after step 1,200; weights were moved 2×." in label


def test_a_track_is_drawn_on_a_map(page: Page) -> None:
    show(page, "panels=2&tracks&contour")
    first, second = page.locator("[data-surfaces] .lv-plot").all()
    assert first.locator(".scatterlayer .js-line").count() == 2
    assert second.locator(".scatterlayer .js-line").count() == 6
    assert [own.text_content() for own in second.locator(".annotation-text").all()[-3:]] == [*"ABC"]


def test_on_a_logarithmic_scale_the_numbers_are_losses_and_the_camera_stays(page: Page) -> None:
    show(page, "panels=2&tracks&holes")
    turn(page, 0, 90)
    turned = cameras(page)
    linear_range = height_axis(page, 0)["range"]
    page.get_by_text("Logarithmic").click()
    page.wait_for_function(
        "(top) => document.querySelector('.lv-plot')._fullLayout.scene.zaxis.range[1] !== top",
        arg=linear_range[1],
    )
    page.wait_for_timeout(700)
    assert np.array(cameras(page)) == pytest.approx(np.array(turned), abs=1e-3)
    own, other = height_axis(page, 0), height_axis(page, 1)
    assert own == other
    assert 10 ** own["range"][1] == pytest.approx(linear_range[1])
    assert [float(text) for text in own["ticktext"]] == pytest.approx(
        10.0 ** np.array(own["tickvals"])
    )
    shown_heights = heights(page, 0)[8:]
    assert shown_heights == pytest.approx(np.log10(linear().at([1.0] * 3))[8:], abs=1e-4)
    drag(page, 0.7)
    wait_until_told(page)
    page.get_by_text("Logarithmic").click()
    page.wait_for_timeout(1000)
    assert np.array(cameras(page)) == pytest.approx(np.array(turned), abs=1e-3)
    assert height_axis(page, 0)["ticktext"] is None


@pytest.mark.parametrize("query", ["log", "contour"])
def test_a_point_says_its_loss(page: Page, query: str) -> None:
    show(page, f"panels=1&{query}", 1)
    drag(page, 0.55)
    weights = wait_until_told(page)["weights"]
    page.wait_for_timeout(500)
    box = page.locator("[data-surfaces] .lv-plot").bounding_box()
    assert box
    label = page.locator("[data-surfaces] .hovertext")
    for k in range(12):
        page.mouse.move(
            box["x"] + (0.45 + 0.005 * k) * box["width"], box["y"] + 0.5 * box["height"]
        )
        page.wait_for_timeout(150)
        if label.count():
            break
    x, y, loss = (
        own.replace("−", "-") for own in re.split(r", |\)", (label.text_content() or "").strip("("))
    )
    surface = linear()
    at = [int(np.abs(line - float(own)).argmin()) for line, own in ((surface.y, y), (surface.x, x))]
    assert float(loss) == pytest.approx(surface.at(weights)[at[0], at[1]], rel=0.01)


def test_the_browser_mixes_as_python_does(page: Page) -> None:
    show(page, "panels=5", 5)
    drag(page, 0.75, 0)
    drag(page, 0.3, 1)
    drag(page, 0.6, 2)
    told = wait_until_told(page, lambda weights: 1.0 not in weights)
    page.wait_for_timeout(500)
    assert len({round(own, 3) for own in told["weights"]}) == 3
    surfaces = (linear(), tempered(), linear(joint=1.0), tempered(temperature=0.3), grouped())
    for k, surface in enumerate(surfaces):
        assert heights(page, k) == pytest.approx(surface.at(told["weights"]), rel=1e-4, abs=1e-4)
        assert heights(page, k)[::10, ::10] == pytest.approx(np.array(told["loss"][k]), abs=1e-4)


def test_a_camera_turned_by_hand_stays_and_turns_the_others(page: Page) -> None:
    show(page)
    start = cameras(page)
    turn(page, 0, 120)
    turned = cameras(page)
    assert np.abs(np.subtract(turned[0], start[0])).max() > 0.2
    assert turned[1] == pytest.approx(turned[0], abs=1e-3)
    turn(page, 1, -120)
    again = cameras(page)
    assert np.abs(np.subtract(again[1], turned[1])).max() > 0.1
    assert again[0] == pytest.approx(again[1], abs=1e-3)
    drag(page, 0.95)
    wait_until_told(page)
    page.wait_for_timeout(500)
    assert np.array(cameras(page)) == pytest.approx(np.array(again), abs=1e-3)
    plot = page.locator("[data-surfaces] canvas").first.element_handle()
    before = heights(page, 0)
    page.get_by_text("Other grids").click()
    page.wait_for_function(
        "(own) => document.querySelectorAll('.lv-plot')[0].data[0].z[5][45] !== own",
        arg=before[5, 45],
    )
    page.wait_for_timeout(500)
    assert np.array(cameras(page)) == pytest.approx(np.array(again), abs=1e-3)
    assert plot.evaluate("(own) => own.isConnected")
    weights = said(page)["weights"]
    assert heights(page, 0) == pytest.approx(linear(1.5).at(weights), rel=1e-4, abs=1e-4)


def test_a_rerun_takes_nothing_back_and_a_preset_does(page: Page) -> None:
    show(page)
    drag(page, 0.8)
    wait_until_told(page)
    moved = shown(page)
    page.get_by_role("button", name="Rerun").click()
    page.wait_for_timeout(700)
    assert shown(page) == moved
    page.get_by_role("button", name="Preset").click()
    expect(slider(page)).to_have_attribute("aria-valuetext", "α · emotion: 5.0", timeout=WAIT)
    assert shown(page, 1) == "β · tone: 0.50"
    page.wait_for_timeout(300)
    expected = linear().at([5.0, 0.5, 1.0])
    assert heights(page, 0) == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_a_rerun_does_not_disturb_a_drag(page: Page) -> None:
    show(page)
    track, y = take(page)
    page.mouse.move(track["x"] + 0.8 * track["width"], y, steps=4)
    held = shown(page)
    runs = said(page)["runs"]
    page.evaluate(
        "[...document.querySelectorAll('button')].find((own) => own.innerText === 'Preset').click()"
    )
    page.wait_for_function(
        "(runs) => JSON.parse(document.querySelector('#said').textContent).runs > runs", arg=runs
    )
    page.wait_for_timeout(500)
    assert shown(page) == held
    page.mouse.move(track["x"] + 0.9 * track["width"], y, steps=4)
    page.mouse.up()
    assert wait_until_told(page)["weights"][0] > 5


def test_keys_move_a_weight_and_a_double_click_puts_it_back(page: Page) -> None:
    show(page)
    own = slider(page)
    own.focus()
    page.keyboard.press("ArrowRight")
    assert shown(page) == "α · emotion: 1.1"
    wait_until_told(page)
    page.keyboard.press("End")
    assert shown(page) == "α · emotion: 10"
    page.keyboard.press("Home")
    assert shown(page) == "α · emotion: 0.10"
    wait_until_told(page, lambda weights: weights[0] == pytest.approx(0.1))
    own.dblclick(position={"x": 40, "y": 12})
    assert shown(page) == "α · emotion: 1.0"
    page.wait_for_timeout(700)
    assert said(page)["weights"][0] == 1.0


def test_an_exact_number_is_kept_within_its_limits(page: Page) -> None:
    show(page, "panels=1", 1)
    field = page.get_by_label("β · tone, exactly")
    field.fill("2.345")
    field.press("Enter")
    assert wait_until_told(page)["weights"][1] == 2.345
    field.fill("5000")
    field.press("Enter")
    assert wait_until_told(page, lambda own: own[1] > 3)["weights"][1] == 1000.0
    field.fill("")
    field.press("Tab")
    assert field.input_value() == "1000"
    assert np.isfinite(heights(page, 0)).all()


def test_table_csv_and_words_are_of_the_surface_that_is_shown(page: Page) -> None:
    show(page, "panels=1", 1)
    drag(page, 0.75)
    weights = wait_until_told(page)["weights"]
    loss = linear().at(weights)
    chart = page.locator("[data-surfaces] .lv-chart")
    chart.locator(".lv-head").hover()
    with page.expect_download() as download:
        chart.get_by_role("button", name="Download the table").click()
    with Path(download.value.path()).open(encoding="utf-8-sig") as file:
        columns, *rows = csv.reader(file)
    assert columns[2:] == ["part 1", "part 2", "loss"]
    written = np.array([float(row[-1]) for row in rows])
    assert written == pytest.approx(loss.ravel(), rel=1e-4, abs=1e-4)
    alt = chart.locator(".lv-plot").get_attribute("aria-label") or ""
    assert alt.startswith("A marginals. The loss goes from ")
    assert f" to {float(f'{loss.max():.3g}'):g}; it is smallest at 6 of “u: log odds" in alt
    for name, magic in (("picture", b"\x89PNG"), ("vector", b"<svg")):
        with page.expect_download() as download:
            chart.get_by_role("button", name=f"Download as a {name}").click()
        assert Path(download.value.path()).read_bytes().startswith(magic)
    chart.get_by_role("button", name="Show the table").click()
    last = chart.locator("tbody tr").nth(0).locator("td").last
    assert float(last.inner_text().replace(",", "")) == pytest.approx(loss[0, 0], abs=1e-2)
    drag(page, 0.5)  # takes hold in the middle: the thumb jumps there
    wait_until_told(page, lambda weights: weights == [1.0, 1.0, 1.0])
    page.wait_for_timeout(300)
    expected = linear().at([1.0, 1.0, 1.0])[0, 0]
    assert float(last.inner_text().replace(",", "")) == pytest.approx(expected, abs=1e-2)


def test_coming_and_going_leaks_no_context(page: Page) -> None:
    show(page, "panels=4", 4)
    for _ in range(4):
        page.get_by_text("Away").click()
        expect(page.get_by_text("Nothing here")).to_be_visible(timeout=WAIT)
        page.wait_for_timeout(200)
        page.get_by_text("Away").click()
        drawn(page, 4)


def test_without_webgl_it_is_seen_from_above(page: Page) -> None:
    page.add_init_script(
        """const own = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
          return /webgl/.test(kind) ? null : own.call(this, kind, ...rest);
        };"""
    )
    show(page)
    expect(page.get_by_text("WebGL is off")).to_be_visible()
    assert page.locator(".contourlayer path").count() > 10
    before = heights(page, 0)
    drag(page, 0.8)
    page.wait_for_timeout(500)
    assert np.abs(heights(page, 0) - before).max() > 1


@pytest.mark.parametrize(("query", "scheme"), [("panels=4", "dark"), ("panels=4&contour", "light")])
def test_on_a_small_screen_panels_are_stacked_and_nothing_is_wider(
    page: Page, query: str, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/?{query}")
    connected(page)
    page.wait_for_selector("[data-surfaces] .main-svg", timeout=WAIT)
    boxes = [own.bounding_box() for own in page.locator("[data-surfaces] .lv-chart").all()]
    assert len(boxes) == 4
    assert all(own and own["height"] == 360 for own in boxes)
    assert len({own["x"] for own in boxes if own}) == 1
    wider = page.evaluate(
        "() => { const own = document.querySelector('[data-testid=stMain]');"
        "return own.scrollWidth - own.clientWidth; }"
    )
    assert wider <= 1
