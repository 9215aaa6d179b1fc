"""Presenter mode: one panel at a time, as large as the window."""

from __future__ import annotations

from collections.abc import Hashable

import streamlit as st

from lossviz.ui.address.link import open_query
from lossviz.ui.parts.follow import follow
from lossviz.ui.parts.progress import gone_on
from lossviz.ui.parts.words import plain
from lossviz.ui.present.bar import aspect_buttons, presenter_bar
from lossviz.ui.present.classroom import ROOMS, shown_in
from lossviz.ui.present.panel import Offer, Panel
from lossviz.ui.present.panel_surfaces import draw_surfaces
from lossviz.ui.present.place import KEYS, Place, place_of, ways_from, whole_query
from lossviz.ui.state.session import Session, stage
from lossviz.ui.state.stage import Stage


def presenter(session: Session) -> None:
    """The page: what is seen, the panel, and how to go on."""
    now = stage()
    place = _arrive(session, now)
    ways = ways_from(session, place)
    with st.container(key="presenter", gap=None):
        with st.container(key="present-head", horizontal=True, vertical_alignment="center"):
            name = place.panel.heading if place.scene is None else session.scenes[place.scene].name
            st.title(plain(name), anchor=False, width="stretch")
            aspect_buttons(now, place, ways)
        shown, bar = st.container(key="present-panel"), st.container(key="present-bar")
        # First what keys press: a panel may take a while, and one wants to go on.
        with bar:
            presenter_bar(session, now, place, ways)
        with shown:
            _notes(now, place)
            _live(session, place)


def _arrive(session: Session, now: Stage) -> Place:
    """Where the last key leads, or the address; the session is brought there."""
    moved, asked = now.wanted is not None, now.wanted or st.query_params.to_dict()
    if moved:
        now.notices = ()
    place = place_of(session, asked)
    if place.scene is not None and now.opened != session.scenes[place.scene]:
        now.opened = session.scenes[place.scene]
        now.notices = open_query(session, now.opened.page, dict(now.opened.query))
        place = place_of(session, asked)  # other data have other panels
    elif place.scene is None and not now.arrived:
        place = _cold(session, now, asked)
    now.current = None if place.scene is None else session.scenes[place.scene]
    # Once when one comes somewhere: every writing is a step for the browser's Back.
    other = any(st.query_params.get(key) != place.query().get(key) for key in KEYS)
    if moved or other or not now.arrived:
        query = whole_query(session, place)
        if query != st.query_params.to_dict():
            st.query_params.from_dict(query)
    now.wanted, now.arrived = None, True
    ROOMS.tell(now.room, shown_in(session, now, place.panel.page))
    return place


def _cold(session: Session, now: Stage, asked: dict[str, str]) -> Place:
    """A session that begins here, by a link or a reload: its address holds the state."""
    now.notices = ()
    if "scene" in asked:
        now.notices = (
            "The scene of this address is not in this session: scenes are kept in the project "
            "file, which the Library page opens.",
        )
    rest = {key: value for key, value in asked.items() if key not in KEYS}
    if rest and not now.page:
        now.notices += open_query(session, place_of(session, asked).panel.page, rest)
    return place_of(session, asked)


def _notes(now: Stage, place: Place) -> None:
    for sentence in now.notices:
        st.info(plain(sentence), icon=":material/info:")
    if not now.notes:
        return
    note = place.panel.note if now.current is None else now.current.note or place.panel.note
    with st.container(key="present-note", border=True):
        st.markdown(plain(note))


def _live(session: Session, place: Place) -> None:
    """The panel, while whatever is under way goes on."""
    offer = place.panel.offer()
    if offer is not None:
        _offer(offer)
        return

    panel, aspect = place.panel, place.aspect
    session.channel.attend(session.lab, panel.exhibits, panel.look, surfaces=not panel.exhibits)
    follow("panel", lambda: _state(session, panel), lambda: panel.show(aspect))


def _state(session: Session, panel: Panel) -> Hashable:
    """Of everything that is under way in this session, after it has gone on; charts of runs follow
    by themselves."""
    lab, sweep, surfaces = session.lab, session.bench.sweep, session.bench.surfaces
    swept = None if sweep is None else gone_on(sweep.campaign)
    points = sweep.campaign.version if sweep and panel.page == "trade-off" else None
    drawn = None
    if surfaces is not None and not lab.training:
        draw_surfaces(session)
        drawn = surfaces.campaign.version, surfaces.campaign.busy
    coarse = [letter for letter, run in lab.runs.items() if run.surface] if lab.training else []
    return swept, points, drawn, tuple(coarse), lab.busy, lab.finished


def _offer(offer: Offer) -> None:
    with st.container(key="present-offer", horizontal_alignment="center"):
        st.markdown(plain(offer.sentence))
        st.button(
            plain(offer.label),
            type="primary",
            icon=":material/play_arrow:",
            key="present-offered",
            on_click=offer.act,
        )
