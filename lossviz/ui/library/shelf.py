"""The shelf: what this session knows of the library, and what it is doing there."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

import streamlit as st

from lossviz.compute.campaigns import Gathering
from lossviz.experiments.runs.run import Run
from lossviz.sharing.library import About
from lossviz.sharing.project import Publication
from lossviz.ui.library.database import library
from lossviz.ui.library.publishing import Publishing
from lossviz.ui.state.bench import Bench
from lossviz.ui.state.view import View

KEY = "lossviz-library"
KEPT_OPEN = 4
"""Published runs in memory: those that are compared."""


@dataclass(frozen=True, eq=False)
class Removed:
    """A run that was just deleted, and from where."""

    bench: Bench
    letter: str
    run: Run


@dataclass
class Shelf:
    """What stays while one looks at other pages.

    :param known: the published runs that this session published or opened, each by its id with
        its owner's secret; without one it is "".
    :param removed: what Undo brings back.
    :param gathering: the weights that are being fetched, or were, and of which run.
    :param publishing: the run that is about to be published.
    :param notice: what is to be said once.
    """

    known: dict[str, str] = field(default_factory=dict)
    removed: Removed | None = None
    gathering: tuple[str, Gathering] | None = None
    publishing: Publishing | None = None
    view: View = field(default_factory=View)
    notice: str = ""
    _opened: OrderedDict[str, Publication] = field(default_factory=OrderedDict)

    def about(self) -> tuple[About, ...]:
        """The published runs that this session knows, as far as they are still there."""
        return library().about(tuple(self.known)) if self.known else ()

    def open(self, id: str) -> Publication:
        """A published run that is known to be there."""
        if id not in self._opened:
            self._opened[id] = library().open(id)
        self._opened.move_to_end(id)
        while len(self._opened) > KEPT_OPEN:
            self._opened.popitem(last=False)
        return self._opened[id]

    def forget(self, id: str) -> None:
        """After it was deleted."""
        self.known.pop(id, None)
        self._opened.pop(id, None)


def shelf() -> Shelf:
    """This session's."""
    mine: Shelf = st.session_state.setdefault(KEY, Shelf())
    return mine
