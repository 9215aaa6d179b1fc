"""The classroom page without a browser."""

from __future__ import annotations

import pytest
import segno
from streamlit.testing.v1 import AppTest

from lossviz.errors import LossVizError
from lossviz.sharing.project import Scene
from lossviz.ui.address.addresses import base_from, link_to, local
from lossviz.ui.present.classroom import ROOMS, Presented, Rooms, code_of
from tests.ui.conftest import open_page, state_of, words

SHOWN = Presented("In the other window", "train", (("d", "helpdesk"),), "")


def test_shows_the_page_that_was_shown_last_and_says_who_can_reach_it(app: AppTest) -> None:
    open_page(app, "train")
    open_page(app, "classroom")
    assert app.title[0].value == "Train page"
    assert "train?d=feelings&A=marginals" in app.markdown[0].value.replace("\\", "")
    assert "Others cannot reach this address" in app.warning[0].value


def test_a_typed_address_is_used_and_one_without_sense_gets_a_sentence(app: AppTest) -> None:
    open_page(app, "classroom")
    app.text_input(key="classroom-base").set_value("lab-7:8501").run()
    assert "(http://lab-7:8501/?d=feelings" in app.markdown[0].value
    assert not app.warning
    app.text_input(key="classroom-base").set_value("javascript:alert(1)").run()
    assert "expected an address as a browser shows it" in app.error[0].value
    assert "(http://lab-7:8501/" in app.markdown[0].value


def test_follows_the_scene_that_is_presented(app: AppTest) -> None:
    own = state_of(app)
    own.scenes = (
        Scene("One", "", "data", (), "data"),
        Scene("Two", "", "surfaces", (("d", "feelings"),), "surfaces"),
    )
    app.switch_page("../../pages/present.py").run()
    app.button(key="present-next").click().run()
    open_page(app, "classroom")
    assert app.title[0].value == "Two"
    assert "surfaces?d=feelings)" in app.markdown[0].value


def test_follows_another_window_by_its_room(app: AppTest) -> None:
    ROOMS.tell("a-room", SHOWN)
    app.switch_page("../../pages/classroom.py")
    app.query_params["room"] = "a-room"
    app.run()
    assert app.title[0].value == "In the other window"
    app.query_params["room"] = "forged"
    app.run()
    assert "Nobody presents under this address any more" in app.error[0].value
    assert len(words(app)) < 200


def test_says_that_an_own_file_is_not_in_the_link(app: AppTest) -> None:
    ROOMS.tell("mine", Presented("Mine", "train", (("d", "x"),), "my *file*.csv"))
    app.switch_page("../../pages/classroom.py")
    app.query_params["room"] = "mine"
    app.run()
    assert r"my \*file\*\.csv, which is not in it" in app.warning[0].value


def test_of_many_rooms_the_oldest_goes() -> None:
    rooms = Rooms(kept=2)
    for name in "abc":
        rooms.tell(name, SHOWN)
    assert rooms.shown("a") is None
    assert rooms.shown("c") is SHOWN


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("lab-7:8501", "http://lab-7:8501/"),
        (" https://host/loss/viz/ ", "https://host/loss/viz/"),
        ("http://[fd00::1]:80", "http://[fd00::1]:80/"),
    ],
)
def test_an_address_is_understood_as_typed(typed: str, means: str) -> None:
    assert base_from(typed) == means
    assert link_to(means, "train", {"A": "x y"}) == f"{means}train?A=x+y"


@pytest.mark.parametrize(
    "typed",
    [
        "ftp://a",
        "http://",
        "http://me:secret@a",
        "http://a?q=1",
        "http://a:b",
        "a b",
        "http://[",
        "a)(b",
        "a" * 300,
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(LossVizError, match="expected an address"):
        base_from(typed)


def test_knows_addresses_of_the_own_machine() -> None:
    assert all(map(local, ("http://127.0.0.1/", "http://[::1]:1/", "http://0.0.0.0/")))
    assert not local("https://lossviz.example.org/")


def test_a_long_link_has_a_code_without_needless_modules() -> None:
    short, long = code_of("http://lab-7:8501/train"), code_of("http://lab-7:8501/" + "x" * 1900)
    assert short.modules == 25
    assert long.modules <= segno.make("x" * 1918, error="l", micro=False).symbol_size(1, 0)[0]
    assert 'fill="#fff"' in short.svg
