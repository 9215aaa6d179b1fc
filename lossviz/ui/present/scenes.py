"""Scenes: named states of the session, in the order in which they are presented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import streamlit as st

from lossviz.sharing.project import Scene
from lossviz.ui.address.addresses import TITLES
from lossviz.ui.address.link import query_of
from lossviz.ui.parts.controls import tied
from lossviz.ui.parts.words import plain
from lossviz.ui.present.panels import FIRST_OF_PAGE, panels_of
from lossviz.ui.root import ROOT
from lossviz.ui.state.session import Session, stage

Words = Literal["name", "note"]
PRESENT = ROOT / "pages" / "present.py"
MOST_SCENES, LONGEST_NAME, LONGEST_NOTE = 100, 80, 1000
EMPTY = (
    "A scene is a page as it stands: data, runs, weights, view. Name a few, put them in order, and "
    "present them one after the other, each as large as the window. They are kept in the project "
    "file."
)


def add_scene(session: Session, page: str, panel: str = "") -> None:
    """Keep a page as it is now, behind the others.

    :param panel: how it is presented; by default as suits the page.
    """
    if len(session.scenes) >= MOST_SCENES:
        st.toast(f"There are {MOST_SCENES} scenes already; delete one first.")
        return
    panel = panel or FIRST_OF_PAGE[page]
    headings = {each.id: each.heading for each in panels_of(session)}
    heading = headings.get(panel.partition("-")[0], "")
    name = (heading or TITLES[page])[:LONGEST_NAME]
    scene = Scene(name, "", page, tuple(query_of(session, page).items()), panel)
    session.scenes = (*session.scenes, scene)
    stage().before = None
    st.toast(f"Scene {len(session.scenes)}: {plain(name)}", icon=":material/bookmark_added:")


def present_buttons(session: Session) -> None:
    """Ways from a page into presenter mode: now, or as a scene for later."""
    page = session.visit.page
    if page not in TITLES:
        return
    query = {"panel": FIRST_OF_PAGE[page]} | query_of(session, page)
    explained = "This page, as large as the window. Key: f"
    presenting("present-page", "Present", query, explained)
    st.button(
        "Add scene",
        key="add-scene",
        icon=":material/bookmark_add:",
        type="tertiary",
        help="Keep this page as it stands, to be presented later. The Library page lists them.",
        on_click=add_scene,
        args=(session, page),
    )


def presenting(key: str, label: str, query: dict[str, str], explained: str | None = None) -> None:
    """A way into presenter mode."""
    # A link: a page that runs again by itself may miss that a button wants another one.
    with st.container(key=key, width="content"):
        icon = ":material/present_to_all:"
        st.page_link(PRESENT, label=label, icon=icon, help=explained, query_params=query)


def scenes_section(session: Session) -> None:
    """The scenes, to be named, ordered and presented."""
    now = stage()
    with st.container(horizontal=True, vertical_alignment="center", key="scenes-head"):
        st.subheader("Scenes", anchor=False, width="stretch")
        title = TITLES[now.page]
        st.button(
            f"Add {title} as it is now",
            key="scenes-add",
            icon=":material/bookmark_add:",
            on_click=add_scene,
            args=(session, now.page),
        )
        if session.scenes:
            presenting("present-all", "Present", {"scene": "1"})
    if not session.scenes:
        st.caption(EMPTY)
    for number in range(len(session.scenes)):
        _scene(session, number)
    if now.before is not None:
        with st.container(horizontal=True, vertical_alignment="center", key="scenes-undo"):
            st.text("The scene is deleted.", width="content")
            st.button(
                "Undo", icon=":material/undo:", key="scene-undo", on_click=_undo, args=(session,)
            )


def _scene(session: Session, number: int) -> None:
    """A line of fields and buttons. Their keys are about the place: what stands there is written
    into the fields before each run."""
    scene, last = session.scenes[number], len(session.scenes) - 1
    with st.container(
        horizontal=True, vertical_alignment="bottom", border=True, key=f"scene-{number}"
    ):
        _field(session, number, "name", f"Scene {number + 1}, {TITLES.get(scene.page, 'page')}")
        _field(session, number, "note", "Note for yourself")
        _panel_field(session, number)
        for key, icon, text, act, dead in (
            ("up", "arrow_upward", "Earlier", _moved(session, number, -1), number == 0),
            ("down", "arrow_downward", "Later", _moved(session, number, 1), number == last),
            ("delete", "delete", "Delete", _deleted(session, number), False),
        ):
            st.button(
                f"{text}, scene {number + 1}",
                key=f"scene-{key}-{number}",
                icon=f":material/{icon}:",
                type="tertiary",
                disabled=dead,
                on_click=act,
            )
        presenting(f"scene-present-{number}", "Present from here", {"scene": str(number + 1)})


def _worded(scene: Scene, field: Words, text: str) -> Scene:
    return replace(scene, name=text) if field == "name" else replace(scene, note=text)


def _field(session: Session, number: int, field: Words, label: str) -> None:
    scene = session.scenes[number]
    longest = LONGEST_NAME if field == "name" else LONGEST_NOTE

    def write(typed: str) -> None:
        text = typed[:longest].strip()
        if text or field == "note":
            _put(session, number, _worded(session.scenes[number], field, text))

    tie = tied(f"scene-{field}-{number}", getattr(scene, field), write)
    st.text_input(label, **tie, max_chars=longest, width="stretch")


def _panel_field(session: Session, number: int) -> None:
    shown = {panel.id: panel.heading for panel in panels_of(session)}
    panel = session.scenes[number].panel

    def choose(chosen: str) -> None:
        _put(session, number, replace(session.scenes[number], panel=chosen))

    # Other data may have panels that these have not.
    options = [*shown, *([panel] if panel not in shown else [])]
    st.selectbox(
        "Shown as",
        options,
        **tied(f"scene-panel-{number}", panel, choose),
        format_func=lambda id: _panel_words(id, shown),
        width=230,
    )


def _panel_words(panel: str, shown: dict[str, str]) -> str:
    name, _, aspect = panel.partition("-")
    return f"{shown.get(name, name)}{f', {aspect}' if aspect else ''}"


def _put(session: Session, number: int, scene: Scene) -> None:
    session.scenes = (*session.scenes[:number], scene, *session.scenes[number + 1 :])


def _moved(session: Session, number: int, by: int) -> Callable[[], None]:
    def act() -> None:
        order = list(session.scenes)
        order.insert(number + by, order.pop(number))
        session.scenes = tuple(order)
        stage().before = None

    return act


def _deleted(session: Session, number: int) -> Callable[[], None]:
    def act() -> None:
        stage().before = session.scenes
        session.scenes = (*session.scenes[:number], *session.scenes[number + 1 :])

    return act


def _undo(session: Session) -> None:
    now = stage()
    if now.before is not None:
        session.scenes, now.before = now.before, None
