"""An exhibit: something that can be shown, told once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from lossviz.figures.base.chart import Chart
from lossviz.figures.base.layout import axis, frame, note


class Shown(Protocol):
    """What charts are made from: runs, a sweep, a study, surfaces or a profile."""

    @property
    def version(self) -> Hashable:
        """Another one once charts of it have to be drawn again."""


S = TypeVar("S", bound=Shown)


def alone(_: Shown) -> dict[str, str]:
    """The one chart of an exhibit that has no others."""
    return {"": ""}


def at_each_version(shown: Shown, _: str) -> Hashable:
    """Drawn again whenever what is shown changes."""
    return shown.version


@dataclass(frozen=True)
class Exhibit(Generic[S]):
    """One thing that can be shown: a chart, or one for each run, part or direction.

    :param id: in addresses and keys; letters and digits.
    :param title: what is seen, in a few words: of a panel, or of a report's section. The chart's
        own title says what comes of it.
    :param note: what to look at, and how to read it.
    :param needs: what it is made from.
    :param make: draws one of its charts, also where there is nothing to show yet.
    :param height: of each of them, in pixels.
    :param views: the ids of its charts, and the name of each.
    :param state: another one once a chart has to be drawn again.
    """

    id: str
    title: str
    note: str
    needs: type[S]
    make: Callable[[S, str], Chart]
    height: Callable[[S], int]
    views: Callable[[S], Mapping[str, str]] = alone
    state: Callable[[S, str], Hashable] = at_each_version

    def key(self, view: str) -> str:
        """Of one of its charts on a page."""
        return f"{self.id}-{view}" if view else self.id


def nothing_yet(title: str, axes: tuple[str, str]) -> Chart:
    """A chart of which there is nothing to show yet: its axes, and a word in the middle."""
    x, y = map(axis, axes)
    layout = frame(xaxis=x, yaxis=y, annotations=[note("Not drawn yet")])
    return Chart(title, f"{title}: not drawn yet.", (), layout, axes, ((), ()))
