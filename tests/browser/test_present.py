"""What only a browser shows of presenter mode, the classroom and a frame on another page."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import segno
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.support.browsing import connected, settled, uncomplaining
from tests.support.waiting import wait_until

PANELS = (
    "question",
    "asks-marginals",
    "data",
    "losses-A",
    "errors",
    "reliability-A",
    "confusion-A",
    "part1-A",
    "part2-A",
)

# Of every letter that can be seen: the smallest size in pixels, and what is outside the window.
LETTERS = """() => {
  let least = Infinity, where = "";
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const own = node.parentElement;
    if (!node.data.trim() || own.closest("style, script, [aria-hidden=true], .lv-tools")) continue;
    if (!own.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const { width, height } = own.getBoundingClientRect();
    if (width < 2 || height < 2) continue;
    const turned = own.getScreenCTM?.();
    const scale = turned ? Math.hypot(turned.c, turned.d) : 1;
    const size = scale * parseFloat(getComputedStyle(own).fontSize);
    if (size < least) { least = size; where = node.data; }
  }
  const whole = [document.documentElement, document.querySelector("[data-testid=stMain]")];
  const scrolled = whole.map((own) => own.scrollHeight - own.clientHeight);
  return { least, where, scrolls: Math.max(...scrolled) };
}"""


def at(page: Page, panel: str) -> None:
    page.wait_for_url(re.compile(rf"[?&]panel={re.escape(panel)}(&|$)"))


def press(page: Page, key: str, panel: str) -> None:
    """Until it acts: a page that has just come does not listen yet."""

    def again() -> None:
        page.keyboard.press(key)
        settled(page)

    wait_until(lambda: f"panel={panel}" in page.url, again, told=lambda: page.url)


def test_arrow_keys_walk_panels_that_the_back_row_can_read(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto("/train?A=marginals~e-1&B=joint~e-1&C=components~e-1")
    connected(page)
    press(page, "f", "errors")
    page.get_by_role("button", name="Train A, B and C").click()
    page.locator(".st-key-present-panel .scatterlayer .errorbar").first.wait_for(state="attached")
    press(page, "Home", "question")
    for place, panel in enumerate(PANELS):
        at(page, panel)
        # What is leaving the page may stand beside what has come, for a moment.
        count = page.locator(".st-key-present-count")
        expect(count.get_by_text(f"{place + 1} / 15", exact=True)).to_be_visible()
        expect(count).to_have_count(1)
        if place > 2:
            page.locator(".st-key-present-panel .main-svg").first.wait_for()
        page.mouse.move(640, 300)
        found = page.evaluate(LETTERS)
        assert found["least"] >= 18, (panel, found)
        assert found["scrolls"] <= 0, (panel, found)
        page.keyboard.press("Space" if place % 2 else "ArrowRight")
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    at(page, "comparison")
    expect(page.get_by_text("10 / 15", exact=True)).to_be_visible()
    page.keyboard.press("PageUp")
    at(page, "part2-A")
    expect(page.get_by_text("9 / 15", exact=True)).to_be_visible()
    page.keyboard.press("ArrowDown")
    at(page, "part2-B")
    page.locator("[data-test-script-state=notRunning]").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_url("**/train?**")


def modules(page: Page) -> np.ndarray[Any, Any]:
    """Of the QR code as it is drawn: the darkness in the middle of each, with the quiet zone."""
    shown = page.locator(".st-key-qr img")
    shown.wait_for()
    edge = int(shown.evaluate("(own) => own.naturalWidth && own.getBoundingClientRect().width"))
    assert edge >= 0.6 * 720
    picture = np.asarray(Image.open(io.BytesIO(shown.screenshot())).convert("L"))
    link = page.locator(".st-key-qr-link a").get_attribute("href")
    assert link
    wanted = segno.make(link, error="m", micro=False, boost_error=False)
    size = len(wanted.matrix) + 8
    middles = ((np.arange(size) + 0.5) * picture.shape[0] / size).astype(int)
    drawn = picture[np.ix_(middles, middles)] < 128
    assert not drawn[:4].any()
    assert np.array_equal(drawn[4:-4, 4:-4], np.array(wanted.matrix, dtype=bool))
    return drawn


def test_the_classrooms_code_is_its_link_and_follows_another_window(
    browser: Browser, address: str
) -> None:
    with uncomplaining(browser, address, viewport={"width": 1280, "height": 720}) as page:
        page.goto("/present?panel=data&d=helpdesk")
        connected(page)
        page.mouse.move(100, 700)
        with page.context.expect_page() as other:
            page.get_by_role("link", name="Classroom").first.click()
        classroom = other.value
        connected(classroom)
        link = classroom.locator(".st-key-qr-link a")
        expect(link).to_have_attribute("href", re.compile(r"/data\?d=helpdesk"))
        first, code = modules(classroom), classroom.locator(".st-key-qr img")
        shown = code.get_attribute("src") or ""
        page.keyboard.press("ArrowRight")
        expect(link).to_have_attribute("href", re.compile(r"/train\?d=helpdesk"))
        expect(code).not_to_have_attribute("src", shown)
        assert not np.array_equal(modules(classroom), first)


@contextmanager
def host_of(frame: str, folder: Path) -> Iterator[str]:
    """The address of another site's page, with this one in a frame."""
    page = f'<input id=host><iframe src="{frame}" width=800 height=600></iframe>'
    (folder / "index.html").write_text(page)
    (folder / "favicon.ico").touch()
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_a_page_in_a_frame_leaves_the_host_its_keys_and_has_a_way_out(
    page: Page, address: str, tmp_path: Path
) -> None:
    page.set_viewport_size({"width": 900, "height": 760})
    with host_of(f"{address}/train?embed=true", tmp_path) as host:
        page.goto(host)
        frame = page.frame_locator("iframe")
        way = frame.get_by_role("link", name="Open in LossViz")
        expect(way).to_have_attribute("href", re.compile(r"/train\?d=feelings&A="))
        expect(way).to_have_attribute("target", "_blank")
        expect(frame.get_by_test_id("stHeader")).to_be_hidden()
        page.locator("#host").click()
        page.keyboard.type("e. f")
        assert page.locator("#host").input_value() == "e. f"
        expect(frame.get_by_text("A: not trained yet")).to_be_visible()
