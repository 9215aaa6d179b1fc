"""A scene: a state of the app with a name, as a step of a presentation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scene:
    """A state to come back to. An address determines a state, so a scene holds one.

    :param name: as the presenter calls it.
    :param note: what to say about it; the presenter's own, never shown to the audience's pages.
    :param page: the page's part of the address: "" for Home, ``train``, ``trade-off`` …
    :param query: the rest of the address, by key.
    :param panel: the panel that presenter mode shows, by its id.
    """

    name: str
    note: str
    page: str
    query: tuple[tuple[str, str], ...]
    panel: str = ""
