"""Scenes as the Library page lists them."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.conftest import open_page, press, state_of, words


@pytest.fixture
def page(app: AppTest) -> AppTest:
    """Three scenes, from two pages."""
    for name in ("train", "surfaces"):
        open_page(app, name)
        press(app, "add-scene")
    open_page(app, "data")
    open_page(app, "library")
    press(app, "scenes-add")
    return app


def pages(app: AppTest) -> list[str]:
    return [own.page for own in state_of(app).scenes]


def test_without_any_it_says_what_one_is(app: AppTest) -> None:
    open_page(app, "library")
    assert "A scene is a page as it stands" in words(app)


def test_a_scene_holds_the_address_of_its_page(page: AppTest) -> None:
    assert pages(page) == ["train", "surfaces", "data"]
    scene = state_of(page).scenes[0]
    assert dict(scene.query)["A"] == "marginals"
    assert scene.panel == "errors"


def test_scenes_are_named_noted_and_shown_as_one_likes(page: AppTest) -> None:
    page.text_input(key="scene-name-1").set_value("A *valley*").run()
    page.text_input(key="scene-note-1").set_value("Turn it.").run()
    page.selectbox(key="scene-panel-1").set_value("closing").run()
    scene = state_of(page).scenes[1]
    assert (scene.name, scene.note, scene.panel) == ("A *valley*", "Turn it.", "closing")
    page.text_input(key="scene-name-1").set_value("  ").run()
    assert state_of(page).scenes[1].name == "A *valley*"


def test_scenes_move_and_their_fields_with_them(page: AppTest) -> None:
    page.text_input(key="scene-name-2").set_value("The data").run()
    press(page, "scene-up-2")
    press(page, "scene-up-1")
    assert pages(page) == ["data", "train", "surfaces"]
    assert page.text_input(key="scene-name-0").value == "The data"
    assert page.button(key="scene-up-0").disabled
    press(page, "scene-down-0")
    assert pages(page) == ["train", "data", "surfaces"]


def test_what_is_deleted_can_be_brought_back(page: AppTest) -> None:
    press(page, "scene-delete-1")
    assert pages(page) == ["train", "data"]
    press(page, "scene-undo")
    assert pages(page) == ["train", "surfaces", "data"]


def test_is_presented_from_where_one_likes(page: AppTest) -> None:
    ways = [own.proto for own in page.get("page_link") if own.proto.page == "present"]
    assert [own.query_string for own in ways] == ["scene=1", "scene=1", "scene=2", "scene=3"]
    page.switch_page("../../pages/present.py")
    page.query_params["scene"] = "2"
    page.run()
    assert "2 / 3" in words(page)
    assert page.title[0].value == state_of(page).scenes[1].name
