"""One weight, in a real browser: dragged, by keys, typed, and put back; and what is told of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page

from lossviz.figures.surfaces.explorer import MOST, RULER, SCALE
from tests.support.browsing import drawn_anew
from tests.support.still import still

MAKE = """async (ruler) => {
  const { WeightSlider } = await import("/weights.js");
  Object.assign(window, { told: [], releases: 0 });
  const onMove = (k, value) => window.told.push([k, value]);
  const onRelease = () => (window.releases += 1);
  const declared = { position: 1, label: "β · tone", colour: "#d55e00" };
  window.slider = new WeightSlider(declared, ruler, { onMove, onRelease });
  document.body.append(window.slider.root);
}"""


@pytest.fixture(scope="module")
def still_page(browser: Browser) -> Iterator[Page]:
    with still(browser) as page:
        yield page


@pytest.fixture
def page(still_page: Page) -> Page:
    still_page.evaluate("document.body.replaceChildren()")
    still_page.evaluate(MAKE, RULER)
    return still_page


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="β · tone")


def field(page: Page) -> Locator:
    return page.get_by_label("β · tone, exactly")


def show(page: Page, value: float) -> None:
    page.evaluate("(value) => window.slider.show(value)", value)


def told(page: Page) -> list[float]:
    """The values that were told, in order."""
    drawn_anew(page)
    return [value for _, value in page.evaluate("window.told")]


def releases(page: Page) -> int:
    return int(page.evaluate("window.releases"))


def press(page: Page, key: str) -> None:
    slider(page).focus()
    page.keyboard.press(key)


def test_it_is_read_aloud_and_says_whose_weight_moved(page: Page) -> None:
    assert slider(page).get_attribute("aria-valuetext") == "β · tone: 1.0"
    press(page, "PageUp")
    assert slider(page).get_attribute("aria-valuetext") == "β · tone: 2.0"
    assert page.evaluate("window.told") == [[1, 2.0]]


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [
        ("ArrowRight", 1.0, SCALE[SCALE.index(1.0) + 1]),
        ("ArrowUp", 1.0, SCALE[SCALE.index(1.0) + 1]),
        ("ArrowLeft", 1.0, SCALE[SCALE.index(1.0) - 1]),
        ("ArrowDown", 1.0, SCALE[SCALE.index(1.0) - 1]),
        ("PageUp", 1.0, 2.0),
        ("PageDown", 1.0, 0.5),
        ("PageUp", 5.0, 10.0),
        ("Home", 1.0, SCALE[0]),
        ("End", 1.0, SCALE[-1]),
        # A value that was typed lies between two steps, at 0, or beyond the end.
        ("ArrowRight", 1.01, SCALE[SCALE.index(1.0) + 1]),
        ("ArrowLeft", 1.01, 1.0),
        ("ArrowRight", 0.0, SCALE[0]),
        ("ArrowLeft", 50.0, SCALE[-1]),
        ("End", 50.0, SCALE[-1]),
    ],
)
def test_a_key_leads_along_the_scale(page: Page, key: str, before: float, after: float) -> None:
    show(page, before)
    press(page, key)
    assert told(page) == [after]
    assert releases(page) == 1


@pytest.mark.parametrize(
    ("key", "end"), [("ArrowRight", 10.0), ("PageUp", 50.0), ("ArrowLeft", 0.1), ("PageDown", 0.0)]
)
def test_at_an_end_a_key_tells_nothing(page: Page, key: str, end: float) -> None:
    show(page, end)
    press(page, key)
    assert told(page) == []


def test_a_key_that_is_held_moves_on_and_lets_go_once(page: Page) -> None:
    slider(page).focus()
    for _ in range(4):
        page.keyboard.down("ArrowRight")
        drawn_anew(page)
    assert releases(page) == 0
    page.keyboard.up("ArrowRight")
    at = SCALE.index(1.0)
    assert told(page) == list(SCALE[at + 1 : at + 5])
    assert releases(page) == 1


def test_a_drag_tells_every_move_and_lets_go_once_wherever_it_ends(page: Page) -> None:
    track = slider(page).bounding_box()
    assert track
    y = track["y"] + track["height"] / 2
    page.mouse.move(track["x"] + track["width"] / 2, y)
    page.mouse.down()
    for share in (0.55, 0.65, 0.75, 0.85, 0.95):
        page.mouse.move(track["x"] + share * track["width"], y)
        drawn_anew(page)
    moves = told(page)
    assert moves == sorted(set(moves))
    assert len(moves) == 5
    page.mouse.move(track["x"] + 0.7 * track["width"], y + 300)
    assert releases(page) == 0
    page.mouse.up()
    assert releases(page) == 1
    assert told(page)[-1] < moves[-1]
    assert field(page).input_value() == f"{told(page)[-1]:.4g}"


def test_of_many_moves_in_a_frame_the_last_is_told_and_none_is_lost_on_release(page: Page) -> None:
    page.evaluate(
        """(steps) => {
          const [range] = document.querySelectorAll("[type=range]");
          for (const step of steps) {
            range.value = step;
            range.dispatchEvent(new Event("input"));
          }
          range.dispatchEvent(new Event("change"));
          range.value = 3;
          range.dispatchEvent(new Event("input"));
          range.value = 4;
          range.dispatchEvent(new Event("input"));
        }""",
        [20, 21, 22, 23],
    )
    assert told(page) == [SCALE[23], SCALE[4]]


def test_a_double_click_puts_it_back_to_one(page: Page) -> None:
    show(page, 7.0)
    slider(page).dblclick(position={"x": 40, "y": 12})
    assert told(page)[-1] == 1.0
    assert slider(page).get_attribute("aria-valuetext") == "β · tone: 1.0"


def test_a_number_acts_once_it_is_typed(page: Page) -> None:
    field(page).click()
    field(page).press("Control+a")
    page.keyboard.type("0.05")
    assert told(page) == []
    page.keyboard.press("Enter")
    assert told(page) == [0.05]
    assert releases(page) == 1


@pytest.mark.parametrize(("typed", "value"), [("0", 0.0), ("2.345", 2.345), ("5000", MOST)])
def test_a_number_is_kept_within_its_limits_and_may_be_nothing(
    page: Page, typed: str, value: float
) -> None:
    field(page).fill(typed)
    field(page).press("Enter")
    assert told(page) == [value]
    assert field(page).input_value() == f"{value:g}"


def test_a_number_that_is_taken_away_comes_back(page: Page) -> None:
    show(page, 3.0)
    field(page).fill("")
    field(page).press("Tab")
    assert (field(page).input_value(), told(page)) == ("3", [])


def test_arrows_go_along_the_scale_in_the_field_too(page: Page) -> None:
    field(page).focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("PageUp")
    assert len(told(page)) == 2
    assert float(field(page).input_value()) == told(page)[-1] > 2


def test_a_value_from_outside_waits_while_it_is_held_or_typed(page: Page) -> None:
    slider(page).focus()
    page.keyboard.down("ArrowRight")
    show(page, 5.0)
    assert field(page).input_value() == f"{SCALE[SCALE.index(1.0) + 1]:g}"
    page.keyboard.up("ArrowRight")
    show(page, 5.0)
    assert field(page).input_value() == "5"
    field(page).fill("3")
    show(page, 4.0)
    assert field(page).input_value() == "3"
    field(page).press("Enter")
    assert told(page)[-1] == 3.0
