"""Surfaces whose weights are dragged, in a real browser."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from lossviz.figures.surfaces.tracks import interpolated
from tests.support.browsing import Window, connected, opened, settled, uncomplaining, wider
from tests.support.explorer import (
    cameras,
    drag,
    drawn,
    heights,
    redraws,
    said,
    show,
    shown,
    slider,
    take,
    turn,
    wait_until_told,
)
from tests.support.serving import serving_page
from tests.support.surfaces import grouped, linear, tempered, tracked
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_page("surfaces_page.py", tmp_path_factory.mktemp("app") / "log.txt") as own:
        yield own


@pytest.fixture(scope="module")
def window(browser: Browser, address: str) -> Iterator[Window]:
    with opened(browser, address) as own:
        yield own


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


@pytest.mark.parametrize("query", ["panels=1", "panels=1&tracks&log"])
def test_a_surface_follows_the_pointer_and_python_hears_of_it_on_release(
    page: Page, query: str
) -> None:
    show(page, query, 1)
    runs = said(page)["runs"]
    track, y = take(page)
    for share in (0.4, 0.6, 0.98):
        before = redraws(page)
        page.mouse.move(track["x"] + share * track["width"], y)
        wait_until(lambda before=before: redraws(page) > before)  # type: ignore[misc]
    assert shown(page).startswith("α · emotion: ")
    settled(page)
    assert (said(page)["runs"], said(page)["weights"]) == (runs, None)
    page.mouse.up()
    told = wait_until_told(page)
    assert told["weights"][0] > 8
    assert told["weights"][1:] == [1.0, 1.0]


def test_a_track_lies_on_the_surface_while_a_weight_is_dragged(page: Page) -> None:
    show(page, "panels=2&tracks")
    for share in (0.6, 0.5, 0.95):
        before = said(page)["weights"]
        drag(page, share)
        wait_until_told(page, lambda weights, before=before: weights != before)  # type: ignore[misc]
        settled(page)
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
    settled(page)
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
    wait_until(lambda: height_axis(page, 0)["ticktext"] is None)
    settled(page)
    assert np.array(cameras(page)) == pytest.approx(np.array(turned), abs=1e-3)


@pytest.mark.parametrize("query", ["log", "contour"])
def test_a_point_says_its_loss(page: Page, query: str) -> None:
    show(page, f"panels=1&{query}", 1)
    drag(page, 0.55)
    weights = wait_until_told(page)["weights"]
    settled(page)
    box = page.locator("[data-surfaces] .lv-plot").bounding_box()
    assert box
    label = page.locator("[data-surfaces] .hovertext")
    for k in range(12):
        page.mouse.move(
            box["x"] + (0.45 + 0.005 * k) * box["width"], box["y"] + 0.5 * box["height"]
        )
        settled(page)
        if label.count():
            break
    x, y, loss = (
        own.replace("−", "-") for own in re.split(r", |\)", (label.text_content() or "").strip("("))
    )
    surface = linear()
    at = [int(np.abs(line - float(own)).argmin()) for line, own in ((surface.y, y), (surface.x, x))]
    assert float(loss) == pytest.approx(surface.at(weights)[at[0], at[1]], rel=0.01)


def test_the_browser_mixes_as_python_does(page: Page) -> None:
    show(page, "panels=5&contour", 5)
    drag(page, 0.75, 0)
    drag(page, 0.3, 1)
    drag(page, 0.6, 2)
    told = wait_until_told(page, lambda weights: 1.0 not in weights)
    settled(page)
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
    turn(page, 1, -120, -30)  # from the pole, where turning right changes nothing
    again = cameras(page)
    assert np.abs(np.subtract(again[1], turned[1])).max() > 0.1
    assert again[0] == pytest.approx(again[1], abs=1e-3)
    drag(page, 0.95)
    wait_until_told(page)
    settled(page)
    assert np.array(cameras(page)) == pytest.approx(np.array(again), abs=1e-3)
    plot = page.locator("[data-surfaces] canvas").first.element_handle()
    before = heights(page, 0)
    page.get_by_text("Other grids").click()
    page.wait_for_function(
        "(own) => document.querySelectorAll('.lv-plot')[0].data[0].z[5][45] !== own",
        arg=before[5, 45],
    )
    settled(page)
    assert np.array(cameras(page)) == pytest.approx(np.array(again), abs=1e-3)
    assert plot.evaluate("(own) => own.isConnected")
    weights = said(page)["weights"]
    assert heights(page, 0) == pytest.approx(linear(1.5).at(weights), rel=1e-4, abs=1e-4)


def test_a_rerun_takes_nothing_back_and_a_preset_does(page: Page) -> None:
    show(page, "panels=1&contour", 1)
    drag(page, 0.8)
    wait_until_told(page)
    moved, runs = shown(page), said(page)["runs"]
    page.get_by_role("button", name="Rerun").click()
    wait_until(lambda: said(page)["runs"] > runs)
    settled(page)
    assert shown(page) == moved
    page.get_by_role("button", name="Preset").click()
    expect(slider(page)).to_have_attribute("aria-valuetext", "α · emotion: 5.0")
    assert shown(page, 1) == "β · tone: 0.50"
    settled(page)
    expected = linear().at([5.0, 0.5, 1.0])
    assert heights(page, 0) == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_a_rerun_does_not_disturb_a_drag(page: Page) -> None:
    show(page, "panels=1&contour", 1)
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
    settled(page)
    assert shown(page) == held
    page.mouse.move(track["x"] + 0.9 * track["width"], y, steps=4)
    page.mouse.up()
    assert wait_until_told(page)["weights"][0] > 5


def test_keys_move_a_weight_and_a_double_click_puts_it_back(page: Page) -> None:
    show(page, "panels=1&contour", 1)
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
    wait_until_told(page, lambda weights: weights[0] == 1.0)


def test_an_exact_number_is_kept_within_its_limits(page: Page) -> None:
    show(page, "panels=1&contour", 1)
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
    settled(page)
    expected = linear().at([1.0, 1.0, 1.0])[0, 0]
    assert float(last.inner_text().replace(",", "")) == pytest.approx(expected, abs=1e-2)


@pytest.mark.slow
def test_coming_and_going_leaks_no_context(page: Page) -> None:
    show(page, "panels=4", 4)
    for _ in range(4):
        page.get_by_text("Away").click()
        expect(page.get_by_text("Nothing here")).to_be_visible()
        settled(page)
        page.get_by_text("Away").click()
        drawn(page, 4)


def test_going_gives_the_context_back(page: Page) -> None:
    show(page, "panels=1", 1)
    context = page.evaluate_handle(
        "document.querySelector('[data-surfaces] canvas').getContext('webgl')"
    )
    assert not context.evaluate("(own) => own.isContextLost()")
    page.get_by_text("Away").click()
    expect(page.get_by_text("Nothing here")).to_be_visible()
    wait_until(lambda: context.evaluate("(own) => own.isContextLost()"))
    page.get_by_text("Away").click()
    drawn(page, 1)


def test_without_webgl_it_is_seen_from_above(browser: Browser, address: str) -> None:
    with uncomplaining(browser, address) as page:
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
        wait_until(lambda: np.abs(heights(page, 0) - before).max() > 1)


@pytest.mark.parametrize(("panels", "view", "scheme"), [(2, "3d", "dark"), (4, "contour", "light")])
def test_on_a_small_screen_panels_are_stacked_and_nothing_is_wider(
    page: Page, panels: int, view: str, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/?panels={panels}&{view}")
    connected(page)
    page.wait_for_selector("[data-surfaces] .main-svg")
    boxes = [own.bounding_box() for own in page.locator("[data-surfaces] .lv-chart").all()]
    assert len(boxes) == panels
    assert all(own and own["height"] == 360 for own in boxes)
    assert len({own["x"] for own in boxes if own}) == 1
    assert wider(page) <= 1
