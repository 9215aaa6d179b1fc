"""HTML, JavaScript, Markdown and formulas in everything a file can hold, through every page."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from random import Random
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from lossviz.sharing.spreadsheet import neutral
from tests.support.browsing import begin, go, settled, uncomplaining

CLICK_TABLES = """() => document.querySelectorAll(".lv-tools button:first-child")
  .forEach((own) => own.click())"""
BORN = """(canary) => {
  const bad = (value) => value.includes(canary) || /^\\s*javascript:/i.test(value);
  const acts = (own) => /^on|^(src|srcset|href|xlink:href|action|formaction|data|poster|style)$/
    .test(own.name);
  // The address of a page of ours names the data in use, percent by percent; it leads nowhere else.
  const ours = (node, own) => node.tagName === "A" && own.name === "href"
    && new URL(own.value, document.baseURI).origin === location.origin;
  const found = [...document.querySelectorAll("*")].flatMap((node) => [...node.attributes]
    .filter((own) => acts(own) && !ours(node, own) && (bad(own.value)
      || own.value.includes("window.hit")))
    .map((own) => `${node.tagName} ${own.name}=${own.value.slice(0, 200)}`));
  const scripts = [...document.querySelectorAll("script")]
    .filter((own) => own.textContent.includes("window.hit")).map((own) => own.outerHTML);
  return [...found, ...scripts, ...(window.hit === undefined ? [] : ["window.hit is set"])];
}"""


class Canary(ThreadingHTTPServer):
    """An address that nobody may ask for anything."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), handler(self.asked))

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"


def handler(asked: list[str]) -> type[BaseHTTPRequestHandler]:
    class Own(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    return Own


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    with Canary() as own:
        Thread(target=own.serve_forever, daemon=True).start()
        yield own
        own.shutdown()


def payloads(host: str) -> tuple[str, ...]:
    """What would load something, run something, or look like something, if it were no text."""
    address = f"http://{host}/x"
    return (
        f'<img src="{address}" onerror="window.hit=1">',
        f"![x]({address})",
        "<script>window.hit=1</script>",
        f'<a href="{address}">y</a><br><b>bold</b>',
        f"[a](javascript:window.hit=1) {address} www.{host}",
        f"$\\href{{{address}}}{{x}}$ :material/home: :red[y]",
        f'<svg onload="window.hit=1"><image href="{address}"/></svg>',
        f"| a | b |\n|---|---|\n| ![c]({address}) | d |",
        f'=HYPERLINK("{address}","z")',
        f'<iframe src="{address}"></iframe> %{{x}} {{{{7*7}}}} `{address}`',
    )


def names(host: str) -> tuple[str, str]:
    address = f"http://{host}/n"
    return (
        f"<svg onload=window.hit=1> ![i]({address})",
        f"[a]({address}) $\\href{{{address}}}{{x}}$ <b>n</b>",
    )


def file(host: str) -> bytes:
    """Two labels of three and two values, all of them hostile, and texts that tell them."""
    bad, random, out = payloads(host), Random(0), StringIO()
    first, second = bad[:3], (bad[4], bad[8])
    writer = csv.writer(out)
    writer.writerow(["text", *names(host)])
    for row in range(240):
        k, j = random.randrange(3), random.randrange(2)
        told = f"word{k} sign{j} " * 3
        writer.writerow([f"{told}{bad[row % len(bad)]} number {row}", first[k], second[j]])
    return out.getvalue().encode()


Look = Callable[[], None]


@pytest.fixture(scope="module")
def hostile(browser: Browser, address: str, canary: Canary) -> Iterator[tuple[Page, Look]]:
    """A page with such a file in use, for all: and a look at what has come of it so far."""
    asked: list[str] = []
    dialogs: list[str] = []
    with uncomplaining(browser, address) as page:
        page.on("request", lambda own: canary.host in own.url and asked.append(own.url))
        page.on("dialog", lambda own: (dialogs.append(own.message), own.dismiss()))

        def look() -> None:
            assert page.evaluate(BORN, canary.host) == []
            assert [*asked, *canary.asked, *dialogs] == []

        begin(page, "Data")
        name = f"<img src=x onerror=window.hit=1> ![x](http:{canary.host}) $y$ [a](b).csv"
        content = {"name": name, "mimeType": "text/csv", "buffer": file(canary.host)}
        page.locator("input[type=file]").set_input_files(content)
        use = page.get_by_role("button", name=re.compile("Use these 240 texts"))
        expect(use).to_be_enabled()
        look()
        use.click()
        expect(use).to_be_hidden()
        yield page, look
        look()


def test_it_is_text_on_every_page(hostile: tuple[Page, Look], canary: Canary) -> None:
    page, look = hostile
    go(page, "Data")
    page.wait_for_selector("[data-chart='data-classes'] .main-svg")
    for own in page.locator("details summary").all():
        own.click()
    settled(page)
    look()
    for visit in (train, formulations, weights, trade_off, surfaces, home):
        visit(page, canary.host)
        look()
        page.evaluate(CLICK_TABLES)
        settled(page)
        look()


def train(page: Page, host: str) -> None:
    go(page, "Train")
    page.wait_for_selector("[data-chart='losses-A'] .main-svg")
    page.get_by_role("button", name="+1 epoch").click()
    cells = page.locator("[data-chart='confusion-A'] .nsewdrag")
    expect(page.locator("[data-chart='confusion-A'] .lv-title")).to_contain_text(
        "of the true label"
    )
    told = page.locator("[data-chart='confusion-A'] .hoverlayer .hovertext").first
    for step in range(60):  # cells move while names find their place, and are drawn anew
        cells.hover(position={"x": 30 + step % 2 * 120, "y": 20 + step % 3 * 40})
        settled(page)
        if told.is_visible():
            break
    expect(told).to_be_visible()
    field = page.get_by_label("Type a sentence")
    field.fill(payloads(host)[0] + payloads(host)[5])
    field.press("Enter")
    expect(page.locator("[data-chart='sentence'] .lv-title")).to_contain_text("What each run says")
    page.locator("[data-chart='confusion-A']").scroll_into_view_if_needed()
    cells.click(position={"x": 30, "y": 20})
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(re.compile("Run A: true"))).to_be_visible()
    assert page.evaluate(BORN, host) == []
    with page.expect_download() as download:
        dialog.get_by_role("button", name=re.compile("as CSV")).click()
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as lines:
        saved = [cell for row in csv.reader(lines) for cell in row]
    assert len(saved) > 5
    assert [cell for cell in saved if neutral(cell) != cell] == []
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    for run in ("A", "B"):
        page.locator(f".st-key-tune-{run} button").first.click()
        settled(page)
        page.keyboard.press("Escape")
    page.get_by_text("The code: each formulation").click()


def formulations(page: Page, host: str) -> None:
    go(page, "Formulations")
    page.wait_for_selector(".lv-surfaces .main-svg")
    page.get_by_label("True label").click()
    settled(page)
    page.keyboard.press("Escape")


def weights(page: Page, host: str) -> None:
    go(page, "Weights")
    page.wait_for_selector("[data-chart='arms-both'] .main-svg")


def trade_off(page: Page, host: str) -> None:
    go(page, "Trade-off")
    page.locator(".st-key-sweep-steps").get_by_text("5", exact=True).click()
    seeds = page.get_by_label("Seeds", exact=True)
    seeds.fill("3")
    seeds.press("Enter")
    page.get_by_role("button", name=re.compile("Train 27 models")).click()
    expect(page.get_by_text("27 of 27 trained")).to_be_visible()
    expect(page.locator("[data-chart='point-whole'] .lv-title")).to_contain_text(
        "of the true label"
    )


def surfaces(page: Page, host: str) -> None:
    go(page, "Surfaces")
    page.wait_for_selector(".lv-surfaces .main-svg")


def home(page: Page, host: str) -> None:
    go(page, "Home")
    page.wait_for_selector(".lv-surfaces .main-svg")


def test_names_are_shown_letter_by_letter(hostile: tuple[Page, Look], canary: Canary) -> None:
    """What is escaped twice, or not at all, reads differently."""
    page, _ = hostile
    go(page, "Train")
    page.wait_for_selector("[data-chart='errors'] .main-svg")
    expect(page.locator(".st-key-card-A .lv-slider")).to_have_count(2)
    labels = page.locator(".st-key-card-A .lv-name").all_inner_texts()
    said = {own.replace("\u2060", "") for own in labels}
    for symbol, name in zip("αβ", names(canary.host), strict=True):
        assert f"{symbol} · {name[:40].strip()}" in said
    chip = page.get_by_role("link", name=re.compile("240 texts")).inner_text().replace("\u2060", "")
    assert "<img src=x onerror=window.hit=1> ![x](http:" in chip
