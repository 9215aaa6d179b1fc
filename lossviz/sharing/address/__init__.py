"""The address: the part of a session's state that a link carries.

Everything in it is text, and all of it may have been written by anybody: what is unknown or out of
range is left out with a note, and the rest counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict

from lossviz.experiments.experiment import Experiment
from lossviz.schema import LabelSchema
from lossviz.sharing.address._data import DataAddress
from lossviz.sharing.address._notation import few
from lossviz.sharing.address._run import MEMBER_SETTINGS, read_run, run_text
from lossviz.sharing.address._views import (
    FormulationsView,
    PageView,
    SurfacesView,
    TradeOffView,
    TrainView,
    WeightsView,
    read_view,
)

__all__ = [
    "KEYS",
    "LETTERS",
    "MEMBER_SETTINGS",
    "MOST_BYTES",
    "PAGES",
    "VIEWS",
    "Address",
    "DataAddress",
    "FormulationsView",
    "PageView",
    "SurfacesView",
    "TradeOffView",
    "TrainView",
    "WeightsView",
    "own_part",
    "same_run",
    "size_of",
]

DATA, SWEEP = "d", "sweep"
LETTERS = ("A", "B", "C", "D")
VIEWS: dict[str, type[PageView]] = {
    "train": TrainView,
    "formulations": FormulationsView,
    "weights": WeightsView,
    "trade-off": TradeOffView,
    "surfaces": SurfacesView,
}
"""By the page's part of the address; in the query each view stands under the page's name too."""
PAGES = ("", "data", *VIEWS)
"""The pages that have an address: "" is Home."""
KEYS = (DATA, *LETTERS, SWEEP, *VIEWS)
MOST_BYTES = 2_000
"""Of a link's query: what every browser, mail program and QR code takes."""


class Address(BaseModel):
    """What a link opens.

    :param data: None where a link says nothing about it.
    :param runs: by letter; none where a link leaves the runs as they are.
    :param sweep: what all points of the Trade-off page's grid share; None for the usual.
    """

    model_config = ConfigDict(frozen=True)

    data: DataAddress | None = None
    runs: Mapping[str, Experiment] = {}
    sweep: Experiment | None = None
    view: PageView | None = None

    def query(self, page: str, usual: Experiment) -> dict[str, str]:
        """The query, with the page's own view.

        Where the runs do not fit into a link, it carries the others.

        :param usual: the experiment on these data where nothing is chosen.
        """
        data = {DATA: self.data.text} if self.data else {}
        runs = {letter: run_text(run, usual) for letter, run in self.runs.items()}
        rest = {page: self.view.text if self.view else ""}
        if self.sweep is not None:
            whole = usual.unwatched
            sweep = run_text(self.sweep, whole)
            rest[SWEEP] = sweep if sweep != run_text(whole, whole) else ""
        rest = {key: text for key, text in rest.items() if text}
        every = {**data, **runs, **rest}
        return every if size_of(every) <= MOST_BYTES else {**data, **rest}

    @classmethod
    def read(
        cls, page: str, query: Mapping[str, str], usual: Experiment, schema: LabelSchema
    ) -> tuple[Self, tuple[str, ...]]:
        """What a query says about these data, and what of it was left out.

        :param usual: the experiment on these data where nothing is chosen.
        :param schema: of the data.
        """
        notes: list[str] = []
        runs: dict[str, Experiment] = {}
        for letter in LETTERS:
            if letter in query:
                runs[letter], said = read_run(query[letter], usual, f"Run {letter}")
                notes += said
        sweep = None
        if page == "trade-off":
            sweep = whole = usual.unwatched
            if SWEEP in query:
                sweep, said = read_run(query[SWEEP], whole, "The sweep")
                notes += said
        view = None
        if page in VIEWS:
            view, said = read_view(VIEWS[page], query.get(page, ""), schema)
            notes += said
        return cls(runs=runs, sweep=sweep, view=view), few(notes)


def same_run(one: Experiment, other: Experiment, usual: Experiment) -> bool:
    """Whether a link says the same of both."""
    return run_text(one, usual) == run_text(other, usual)


def own_part(query: Mapping[str, str]) -> dict[str, str]:
    """Of a query, what an address consists of; other keys belong to others."""
    return {key: query[key] for key in KEYS if key in query}


def size_of(query: Mapping[str, str]) -> int:
    """Bytes of the query in a link."""
    return len(urlencode(query))
