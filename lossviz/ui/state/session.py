"""What one browser session has: its data, and a lab for them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import lru_cache
from secrets import token_urlsafe

import pandas as pd
import streamlit as st

from lossviz.compute.campaigns import Study, Surfaces, Sweep
from lossviz.compute.cluster import COMPUTE
from lossviz.compute.lab import Lab
from lossviz.data import (
    UNEDITED,
    ColumnMapping,
    Dataset,
    LabelEdits,
    LabelParts,
    LabelReading,
    Profile,
    Table,
    load_sample,
    profile,
    samples,
)
from lossviz.data.files.apart import Reading
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.run import LETTERS
from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.sweep.recommendation import Costs
from lossviz.figures import Scale
from lossviz.figures import View as SurfaceView
from lossviz.sharing.project import Scene
from lossviz.ui.state.explorer import Explorer
from lossviz.ui.state.view import View
from lossviz.ui.state.visit import Visit

KEY = "lossviz"
FIRST_FORMULATIONS = ("marginals", "joint", "components")
DESKS_KEPT = 3


@dataclass(frozen=True)
class Source:
    """Data in use: the table as read, the columns as mapped, the labels as edited, and what came
    of it."""

    title: str
    table: Table
    mapping: ColumnMapping
    dataset: Dataset
    profile: Profile
    sample: str = ""
    """The id of the sample that it is, if it is one."""
    edits: LabelEdits = UNEDITED


@dataclass
class Draft:
    """A file that was read and is being mapped, but is not in use yet.

    :param content: its bytes; none where it is the data in use, edited again.
    :param built: what was mapped last, and the data set that came of it.
    :param announced: whether the Data page has been opened for it.
    :param edits: what is changed about the labels.
    :param parts: what was mapped last, and the labels as they were read.
    :param readings: what the label columns were last, and how they can be read.
    :param edition: counts the times that the fields of the edits were filled in anew.
    :param tables: by key, the table of values that is being edited, as it was at first.
    :param ticks: likewise, the table of combinations.
    :param sample: the id of the sample that it is, if it is one.
    """

    content: bytes
    table: Table
    mapping: ColumnMapping | None
    problem: str = ""
    built: tuple[object, Dataset] | None = None
    announced: bool = False
    edits: LabelEdits = UNEDITED
    parts: tuple[ColumnMapping, LabelParts] | None = None
    readings: tuple[tuple[str, ...], tuple[LabelReading, ...]] | None = None
    edition: int = 0
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    ticks: dict[str, pd.DataFrame] = field(default_factory=dict)
    sample: str = ""
    id: str = field(default_factory=lambda: token_urlsafe(6))


@dataclass
class Incoming:
    """A file that is being read: its bytes, and the process that reads them."""

    name: str
    content: bytes
    reading: Reading
    since: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """How long it has been read."""
        return time.monotonic() - self.since


@dataclass
class Trade:
    """The sweep of the data in use, and how the reader looks at it.

    :param costs: what a wrong component costs, for each of them, and a wrong whole label besides.
    :param point: the place of the point whose errors are shown.
    """

    sweep: Sweep
    costs: Costs
    point: int


@dataclass
class Relief:
    """The surfaces of the session's runs, and how the reader looks at them.

    :param weights: α, β … and γ as the sliders stand; None until they are moved.
    :param doubts: whether the panel that says how far to trust the pictures is open.
    """

    surfaces: Surfaces
    view: SurfaceView = "3d"
    scale: Scale = "linear"
    weights: tuple[float, ...] | None = None
    doubts: bool = True
    seen: dict[str, Surface] = field(default_factory=dict)
    """What was last shown: it stays until all of the next is there."""


@dataclass
class Desk:
    """Data, and everything that is done with them."""

    source: Source
    lab: Lab
    study: Study | None = None
    trade: Trade | None = None
    relief: Relief | None = None

    @classmethod
    def of(cls, source: Source) -> Desk:
        """A new one, ready to play."""
        return cls(source, new_lab(source.dataset))

    def rest(self) -> None:
        """Compute no further; what is there is kept."""
        self.lab.pause()
        if self.study is not None:
            self.study.stop()
        if self.trade is not None:
            self.trade.sweep.stop()
        if self.relief is not None:
            self.relief.surfaces.stop()


@dataclass
class State:
    """Everything that survives a change of page.

    :param desk: the data in use, and what is done with them.
    :param desks: those of data that were in use before, by digest; the last one last.
    :param scenes: in the order in which they are presented.
    :param visit: the page that is open, and its address.
    """

    desk: Desk
    desks: dict[str, Desk] = field(default_factory=dict)
    scenes: tuple[Scene, ...] = ()
    incoming: Incoming | None = None
    draft: Draft | None = None
    upload_problem: str = ""
    look_for: str = ""
    view: View = field(default_factory=View)
    explorer: Explorer = field(default_factory=Explorer)
    visit: Visit = field(default_factory=Visit)

    @property
    def source(self) -> Source:
        """The data in use."""
        return self.desk.source

    @property
    def lab(self) -> Lab:
        """Their runs."""
        return self.desk.lab

    def use_sample(self, sample_id: str) -> None:
        """Work on a sample."""
        self.use(sample_source(sample_id))

    def use(self, source: Source) -> None:
        """Work on these data from now on. Coming back to data finds everything as it was."""
        kept = self.desks.pop(source.dataset.digest, None)
        self.sit_at(kept if kept is not None else Desk.of(source))
        self.desk.source = source

    def sit_at(self, desk: Desk) -> None:
        """Work at this desk from now on."""
        self.desk.rest()
        self.desks[self.source.dataset.digest] = self.desk
        self.desks.pop(desk.source.dataset.digest, None)
        while len(self.desks) > DESKS_KEPT:
            self.desks.pop(next(iter(self.desks)))
        self.desk = desk
        self.explorer.look_at(desk.source.dataset)


@lru_cache(maxsize=8)
def sample_source(sample_id: str) -> Source:
    """A sample, read once for all sessions: nothing in it can be changed."""
    table, mapping, dataset = load_sample(sample_id)
    sample = next(sample for sample in samples() if sample.id == sample_id)
    edits = sample.edits(mapping)
    return Source(sample.title, table, mapping, dataset, profile(dataset), sample_id, edits)


def new_lab(dataset: Dataset) -> Lab:
    """A lab with three formulations side by side, ready to play."""
    lab = Lab(COMPUTE, dataset)
    for letter, formulation in zip(LETTERS, FIRST_FORMULATIONS, strict=False):
        lab.put(letter, Experiment.for_dataset(dataset, formulation=formulation))
    return lab


def state() -> State:
    """This session's state; at first the first sample, so that every page has something to show."""
    if KEY not in st.session_state:
        source = sample_source(samples()[0].id)
        first = State(Desk.of(source))
        first.explorer.look_at(source.dataset)
        st.session_state[KEY] = first
    session: State = st.session_state[KEY]
    return session
