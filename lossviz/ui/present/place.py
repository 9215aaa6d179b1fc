"""Places in a presentation: a panel, or a scene in its panel, and the ways between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lossviz.ui.address.link import query_of
from lossviz.ui.present.panel import Panel
from lossviz.ui.present.panels import panel_of_page, panels_of
from lossviz.ui.state.session import Session

KEYS = ("scene", "panel")
"""Of an address: what is about the presentation; the rest is the state of the session."""


@dataclass(frozen=True)
class Place:
    """Where a presentation stands.

    :param aspect: of the panel, by its id; "" where it has none.
    :param scene: its number from 0; None where the panels themselves are presented.
    """

    panel: Panel
    aspect: str
    scene: int | None = None

    def query(self, aspect: str | None = None) -> dict[str, str]:
        """Of its address, or of that of another aspect of it."""
        shown = self.aspect if aspect is None else aspect
        number = {} if self.scene is None else {"scene": str(self.scene + 1)}
        return number | {"panel": f"{self.panel.id}-{shown}" if shown else self.panel.id}


@dataclass(frozen=True)
class Ways:
    """Where one can go from a place: queries of addresses; None where there is no way.

    :param number: of this place, from 1, among so many.
    :param aspects: of the panel, each with its query.
    """

    number: int
    of: int
    first: dict[str, str]
    previous: dict[str, str] | None
    next: dict[str, str] | None
    last: dict[str, str]
    aspects: Mapping[str, dict[str, str]]


def place_of(session: Session, query: Mapping[str, str]) -> Place:
    """Where an address is. What is wrong with it is ignored: the first scene or panel stands
    there."""
    wanted, _, aspect = query.get("panel", "").partition("-")
    scene = _number(query.get("scene", "" if wanted else "1"), len(session.scenes))
    if scene is not None and not wanted:
        wanted, _, aspect = session.scenes[scene].panel.partition("-")
    panels = panels_of(session)
    otherwise = panels[0] if scene is None else panel_of_page(session, session.scenes[scene].page)
    panel = next((panel for panel in panels if panel.id == wanted), otherwise)
    return Place(panel, panel.aspect(aspect), scene)


def _number(text: str, scenes: int) -> int | None:
    """A scene's number from 0; None where there is no such scene."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    return number - 1 if 0 < number <= scenes else None


def ways_from(session: Session, place: Place) -> Ways:
    """The scenes, or the panels, before and after this one."""
    if place.scene is None:
        ids = [panel.id for panel in panels_of(session)]
        here, stops = ids.index(place.panel.id), [{"panel": id} for id in ids]
    else:
        here, stops = place.scene, [_stop(session, number) for number in range(len(session.scenes))]
    return Ways(
        here + 1,
        len(stops),
        stops[0],
        stops[here - 1] if here else None,
        stops[here + 1] if here + 1 < len(stops) else None,
        stops[-1],
        {aspect.id: place.query(aspect.id) for aspect in place.panel.aspects},
    )


def _stop(session: Session, number: int) -> dict[str, str]:
    panel = session.scenes[number].panel
    return {"scene": str(number + 1)} | ({"panel": panel} if panel else {})


def whole_query(session: Session, place: Place) -> dict[str, str]:
    """Of an address that can be opened anywhere: it holds the state as well."""
    return place.query() | query_of(session, place.panel.page)
