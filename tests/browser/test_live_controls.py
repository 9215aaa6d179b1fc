"""The controls that speak over the line, in a real browser: what they send, and what they show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from lossviz.figures.surfaces.explorer import RULER, WeightSlider
from lossviz.ui.parts.keys import KEYS
from lossviz.ui.train.answers import FIELD
from lossviz.ui.train.controls import FACES, markup
from tests.support.browsing import drawn_anew
from tests.support.still import mount, say, sent, still

BODY = (
    f'<div class="st-key-control-bar">{markup()}</div>'
    f'<p id="below">below</p><div class="lv-weights"></div>{FIELD}'
)

# What the first slider was read as, each time before it is read as something else.
WATCH = """() => {
  window.before = [];
  const range = document.querySelector(".lv-slider [type=range]");
  new MutationObserver((all) => window.before.push(...all.map(({ oldValue }) => oldValue)))
    .observe(range, { attributeFilter: ["aria-valuetext"], attributeOldValue: true });
}"""


def lab(**known: Any) -> dict[str, Any]:
    """What the line says of a lab."""
    usual = {"playing": False, "speed": "steady", "sentence": "", "notice": ""}
    return usual | {"runs": {"A": {"weights": [1.0, 1.0, 1.0]}}} | known


def weighed(*weights: float) -> dict[str, Any]:
    return lab(runs={"A": {"weights": list(weights)}})


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with still(browser, BODY) as page:
        sliders = [asdict(WeightSlider.of(k, ("emotion", "tone"))) for k in range(3)]
        weights = {"run": "A", "sliders": sliders, "scale": RULER, "lab": lab()}
        mount(page, "controls.js", {"faces": FACES, "lab": lab()})
        mount(page, "weighing.js", weights)
        mount(page, "sentence.js", {"lab": lab()})
        yield page


def shown(page: Page, k: int = 0) -> str:
    return page.locator(".lv-slider").nth(k).locator("[type=number]").input_value()


def test_play_becomes_pause_once_the_lab_says_so(page: Page) -> None:
    page.get_by_role("button", name="Play").click()
    assert sent(page) == [{"do": "play"}]
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    say(page, lab=lab(playing=True))
    page.get_by_role("button", name="Pause").click()
    assert sent(page)[1:] == [{"do": "pause"}]


def test_every_button_sends_its_command(page: Page) -> None:
    for name in ("+1 batch", "+1 epoch", "Reset"):
        page.get_by_role("button", name=name).click()
    assert [command["do"] for command in sent(page)] == ["batch", "epoch", "reset"]


def test_what_comes_before_anybody_listens_is_not_lost(browser: Browser) -> None:
    with still(browser, BODY) as page:
        inputs = page.locator(".lv-controls :is(button, input)").all()
        for one in inputs:
            expect(one).to_be_disabled()
        page.get_by_label("Type a sentence").fill("a fine day")
        mount(page, "controls.js", {"faces": FACES, "lab": lab()})
        for one in inputs:
            expect(one).to_be_enabled()
        mount(page, "sentence.js", {"lab": lab()})
        assert sent(page) == [{"do": "ask", "text": "a fine day"}]
        expect(page.get_by_label("Type a sentence")).to_have_value("a fine day")


def test_without_runs_nothing_can_be_pressed(page: Page) -> None:
    say(page, lab=lab(runs={}))
    for button in page.locator(".lv-controls button").all():
        expect(button).to_be_disabled()


def test_keys_press_them_but_not_while_somebody_types(page: Page) -> None:
    buttons = {key: widget for key, (widget, _, _) in KEYS.items()}
    mount(page, "keys.js", {"buttons": buttons})
    for key in (" ", ".", "e", "r"):
        page.keyboard.press(key)
    pressed = ["play", "batch", "epoch", "reset"]
    assert [command["do"] for command in sent(page)] == pressed
    page.get_by_role("radio", name="full").check()
    page.keyboard.press("e")
    assert [command["do"] for command in sent(page)] == [*pressed, "speed", "epoch"]
    page.get_by_label("Type a sentence").focus()
    page.keyboard.type("e. r")
    assert len(sent(page)) == 6


def test_a_speed_stays_chosen_until_the_lab_has_heard_of_it(page: Page) -> None:
    expect(page.get_by_role("radio", name="steady")).to_be_checked()
    page.get_by_role("radio", name="steady").focus()
    page.keyboard.press("ArrowRight")
    assert sent(page) == [{"do": "speed", "speed": "full"}]
    say(page, lab=lab())
    expect(page.get_by_role("radio", name="full")).to_be_checked()
    say(page, lab=lab(speed="slow"), done=1)
    expect(page.get_by_role("radio", name="slow")).to_be_checked()


def test_what_there_is_to_say_moves_nothing(page: Page) -> None:
    before = page.locator("#below").bounding_box()
    say(page, lab=lab(notice="slower, 23 sessions train here. " * 12))
    status = page.get_by_role("status")
    expect(status).to_contain_text("23 sessions")
    assert page.locator("#below").bounding_box() == before
    height = (status.bounding_box() or {})["height"]
    status.focus()  # what is cut off is read in full
    assert (status.bounding_box() or {})["height"] > height
    say(page, lab=lab(notice="short"))
    assert status.get_attribute("tabindex") is None


def test_a_line_that_is_gone_for_long_is_said(browser: Browser) -> None:
    with still(browser, BODY) as page:
        page.clock.install(time=0)
        page.clock.pause_at(1000)  # it goes on only where it is told to
        mount(page, "controls.js", {"faces": FACES, "lab": lab()})
        status = page.get_by_role("status")
        for open, words in ((True, ""), (False, "connecting…"), (True, "")):
            page.evaluate("(open) => window.line.tell('line', { open })", open)
            page.clock.run_for(1500)
            assert status.inner_text() == ""
            page.clock.run_for(1000)
            assert status.inner_text() == words


def test_a_weight_is_sent_while_it_moves_and_never_goes_back_to_what_it_was(page: Page) -> None:
    own = page.get_by_role("slider", name="α · emotion")
    own.focus()
    for _ in range(2):
        page.keyboard.down("PageUp")
        drawn_anew(page)
    page.keyboard.up("PageUp")
    weigh = {"do": "weigh", "run": "A", "k": 0}
    moves = sent(page)
    assert [{**move, "value": 0, "drag": 0} for move in moves] == [
        {**weigh, "value": 0, "drag": 0}
    ] * 2
    assert moves[0]["drag"] == moves[1]["drag"] > 0
    assert moves[0]["value"] == 2.0
    held = own.get_attribute("aria-valuetext")
    page.evaluate(WATCH)
    say(page, lab=lab())  # it has heard of nothing
    say(page, done=1)
    say(page, done=2, lab=weighed(4.5, 1.0, 1.0))  # what confirms may come before what it did
    assert page.evaluate("window.before") == [held]
    assert shown(page) == "4.5"


def test_what_others_moved_is_shown_but_not_under_the_hand(page: Page) -> None:
    say(page, lab=weighed(2.0, 1.0, 1.0))
    assert shown(page) == "2"
    page.get_by_role("slider", name="α · emotion").focus()
    page.keyboard.down("Home")
    drawn_anew(page)
    say(page, done=1, lab=weighed(7.0, 3.0, 1.0))
    assert [shown(page, k) for k in range(3)] == ["0.1", "3", "1"]
    page.keyboard.up("Home")
    drawn_anew(page)
    assert shown(page) == "7"


def test_a_run_drawn_again_keeps_what_the_line_says(page: Page) -> None:
    say(page, lab=weighed(2.0, 1.0, 1.0))
    sliders = [asdict(WeightSlider.of(k, ("emotion", "tone"))) for k in range(2)]
    mount(page, "weighing.js", {"run": "A", "sliders": sliders, "scale": RULER, "lab": lab()})
    assert page.locator(".lv-slider").count() == 2
    assert shown(page) == "2"


def test_a_sentence_is_asked_about_when_the_typing_pauses(browser: Browser) -> None:
    with still(browser, BODY) as page:
        page.clock.install(time=0)
        page.clock.pause_at(1000)  # it goes on only where it is told to
        mount(page, "sentence.js", {"lab": lab()})
        field = page.get_by_label("Type a sentence")
        field.press_sequentially("what a")
        page.clock.run_for(200)
        field.press_sequentially(" day ")
        page.clock.run_for(299)
        assert sent(page) == []
        page.clock.run_for(1)
        assert sent(page) == [{"do": "ask", "text": "what a day"}]
        page.evaluate("(lab) => window.line.tell('lab', lab)", lab(sentence="what a day"))
        page.evaluate("window.line.tell('done', 1)")
        page.clock.run_for(100)
        assert field.input_value() == "what a day "  # there may be more to come


def test_a_sentence_is_asked_about_at_once_on_enter_and_only_once(page: Page) -> None:
    field = page.get_by_label("Type a sentence")
    field.fill("what a day")
    field.press("Enter")
    field.press("Enter")
    assert sent(page) == [{"do": "ask", "text": "what a day"}]
    say(page, done=1, lab=lab(sentence="of another"))
    assert field.input_value() == "of another"
