"""A panel: what presenter mode shows at one time, as large as the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from lossviz.figures import AT_FIRST, Look
from lossviz.figures.base.exhibit import Exhibit, S
from lossviz.ui.parts.chart import draw
from lossviz.ui.parts.words import plain

CHART_HEIGHT = 500
"""At 1280 × 720; the page's style makes it as high as there is room."""


@dataclass(frozen=True)
class Aspect:
    """One of several things that a panel can show, such as one run of several.

    :param id: in the address.
    :param label: on the button that shows it; not marked up.
    """

    id: str
    label: str


@dataclass(frozen=True)
class Offer:
    """What a panel says that has nothing to show yet.

    :param sentence: what has to be trained for it.
    :param label: of the button that does it.
    """

    sentence: str
    label: str
    act: Callable[[], None]


@dataclass(frozen=True)
class Panel:
    """One thing that can be presented.

    :param id: in the address; letters and digits.
    :param page: the address of the page that it is taken from.
    :param heading: what is seen, in a few words; not marked up.
    :param note: for whoever presents: what to point at.
    :param show: draws it, as it is now.
    :param aspects: what one can leaf through; none where there is one thing to show.
    :param offer: what stands there instead, where there is nothing to show.
    """

    id: str
    page: str
    heading: str
    note: str
    show: Callable[[str], None]
    aspects: tuple[Aspect, ...] = ()
    offer: Callable[[], Offer | None] = lambda: None
    exhibits: tuple[str, ...] = ()
    """Of runs, whose charts follow while those train."""
    look: Look = AT_FIRST

    def aspect(self, wanted: str) -> str:
        """The one that is shown: the first where there is none of this id."""
        ids = [aspect.id for aspect in self.aspects]
        return wanted if wanted in ids else next(iter(ids), "")


def exhibit_panel(
    exhibit: Exhibit[S],
    page: str,
    shown: Callable[[], S | None],
    offer: Callable[[], Offer | None],
    id: str = "",
) -> Panel:
    """A panel with an exhibit, as it is now: one of its charts at a time.

    :param shown: None where there is nothing to show; then what is offered stands there.
    :param id: where it is not the exhibit's.
    """
    id = id or exhibit.id

    def show(view: str) -> None:
        now = shown()
        assert now is not None
        draw(exhibit.make(now, view), key=f"present-{id}-{view}", height=CHART_HEIGHT)

    first = shown()
    views = {} if first is None else exhibit.views(first)
    aspects = tuple(Aspect(view, name) for view, name in views.items() if view)
    return Panel(id, page, exhibit.title, exhibit.note, show, aspects, offer)


def sentences(texts: list[str]) -> None:
    """Sentences in large letters; the longer all of them are, the smaller."""
    length = sum(map(len, texts)) + 40 * len(texts)
    size = "short" if length < 280 else "medium" if length < 720 else "long"
    with st.container(key=f"said-{size}", gap="small"):
        for sentence in texts:
            st.markdown(plain(sentence))
