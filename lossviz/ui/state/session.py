"""A session: what one browser has."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from secrets import token_urlsafe
from threading import Lock
from weakref import WeakSet

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lossviz.apart import Reading, Stored
from lossviz.compute.cluster import COMPUTE
from lossviz.compute.lab import Lab
from lossviz.compute.turns import Visitor
from lossviz.compute.workers import Workers
from lossviz.data import (
    UNEDITED,
    ColumnMapping,
    LabelEdits,
    LabelParts,
    LabelReading,
    Proposal,
    Table,
    samples,
)
from lossviz.data.files.cells import Dropped
from lossviz.data.files.table import Choices
from lossviz.data.giveaways import Giveaway
from lossviz.sharing.project import Data, Scene
from lossviz.ui.browser import this_browser
from lossviz.ui.channel.channel import Channel
from lossviz.ui.state.bench import Bench, Source, sample_source
from lossviz.ui.state.explorer import Explorer
from lossviz.ui.state.kept import Kept
from lossviz.ui.state.stage import Stage
from lossviz.ui.state.view import View
from lossviz.ui.state.visit import Visit

KEY = "lossviz"
BENCHES_KEPT = 3


@dataclass(frozen=True)
class Usable:
    """What comes of a draft. The data set is built again once it is used: of a large file its texts
    take more memory than all else.

    :param texts: how many.
    :param dropped: the rows that are not used.
    :param giveaways: parts that a word of the text tells.
    """

    texts: int
    dropped: tuple[Dropped, ...]
    giveaways: tuple[Giveaway, ...] = ()


@dataclass
class Draft:
    """A file that was read and is being mapped, but is not in use yet.

    :param content: its bytes, on disk; None where it is the data in use, edited again.
    :param proposal: the mapping as it was proposed, with what was taken for granted.
    :param choices: how it was to be read, where that was not left to be found.
    :param built: what was mapped last, and what can be used of it.
    :param announced: whether the Data page has been opened for it.
    :param edits: what is changed about the labels.
    :param parts: what was mapped last, and the labels as they were read.
    :param readings: what the label columns were last, and how they can be read.
    :param edition: counts the times that the fields of the edits were filled in anew.
    :param tables: by key, the table of values that is being edited, as it was at first.
    :param ticks: likewise, the table of combinations.
    :param sample: the id of the sample that it is, if it is one.
    """

    content: Stored | None
    table: Table
    mapping: ColumnMapping | None
    problem: str = ""
    proposal: Proposal | None = None
    choices: Choices = field(default_factory=Choices)
    built: tuple[object, Usable] | None = None
    announced: bool = False
    edits: LabelEdits = UNEDITED
    parts: tuple[ColumnMapping, LabelParts] | None = None
    readings: tuple[tuple[str, ...], tuple[LabelReading, ...]] | None = None
    edition: int = 0
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    ticks: dict[str, pd.DataFrame] = field(default_factory=dict)
    sample: str = ""
    id: str = field(default_factory=lambda: token_urlsafe(6))

    def reading_key(self, labels: Sequence[str]) -> str:
        """Of the field that says how these label columns are read."""
        return f"{self.id}-reading-{len(labels)}-{labels[0]}"


@dataclass
class Incoming:
    """A file that is being read: its bytes, and the process that reads them."""

    name: str
    content: Stored
    reading: Reading[Table]
    choices: Choices = field(default_factory=Choices)


@dataclass(eq=False)
class Session:
    """Everything that survives a change of page.

    :param bench: the data in use, and what is at work on them.
    :param benches: those of data that were in use before, by digest; the last one last.
    :param scenes: in the order in which they are presented.
    :param visit: the page that is open, and its address.
    :param id: it is kept under.
    :param browser: in which it is found again; "" where it is not.
    :param holder: the Streamlit session that has it.
    :param taken: when that one took it.
    :param kept: what of it is kept on the server.
    """

    bench: Bench
    benches: dict[str, Bench] = field(default_factory=dict)
    scenes: tuple[Scene, ...] = ()
    incoming: Incoming | None = None
    draft: Draft | None = None
    upload_problem: str = ""
    refused: bool = False
    """Whether a file that was sent with others was more than may wait in memory."""
    look_for: str = ""
    view: View = field(default_factory=View)
    explorer: Explorer = field(default_factory=Explorer)
    visit: Visit = field(default_factory=Visit)
    channel: Channel = field(default_factory=Channel)
    """Its line to the browser."""
    stage: Stage = field(default_factory=Stage)
    id: str = field(default_factory=lambda: token_urlsafe(9))
    browser: str = ""
    holder: str = ""
    taken: float = -inf
    kept: Kept = field(default_factory=Kept)

    @property
    def source(self) -> Source:
        """The data in use, with what is in them."""
        return self.bench.source

    @property
    def data(self) -> Data:
        """In use."""
        return self.bench.data

    @property
    def lab(self) -> Lab:
        """Their runs."""
        return self.bench.lab

    @property
    def every_bench(self) -> tuple[Bench, ...]:
        """The one in use, then those of before, the last one first."""
        return (self.bench, *reversed(self.benches.values()))

    def bench_of(self, digest: str) -> Bench | None:
        """The one of these data, if they were in use."""
        return next(
            (bench for bench in self.every_bench if bench.data.dataset.digest == digest), None
        )

    def leave(self) -> None:
        """Let the workers forget its runs; should somebody come back, they are rebuilt."""
        for bench in self.every_bench:
            bench.lab.leave()

    def use_sample(self, sample_id: str) -> None:
        """Work on a sample."""
        self.use(sample_source(sample_id))

    def use(self, source: Source) -> None:
        """Work on these data from now on. Coming back to data finds everything as it was."""
        bench = self.benches.pop(source.data.dataset.digest, None)
        self.work_at(bench if bench is not None else Bench.of(source, self.bench.workers))
        self.bench.source = source

    def work_at(self, bench: Bench) -> None:
        """Work at this bench from now on."""
        self.bench.rest()
        self.benches[self.data.dataset.digest] = self.bench
        self.benches.pop(bench.data.dataset.digest, None)
        while len(self.benches) > BENCHES_KEPT:
            self.benches.pop(next(iter(self.benches)))
        self.bench = bench
        self.explorer.look_at()


SESSIONS: WeakSet[Session] = WeakSet()
"""Of this process, as far as nobody has left them."""
_COUNTING = Lock()  # a set is not gone through while it grows


def leave_behind(seconds: float) -> int:
    """Leave the sessions whose browser went so long ago, each once.

    :returns: how many.
    """
    with _COUNTING:
        deserted = [session for session in SESSIONS if session.channel.left_for > seconds]
        SESSIONS.difference_update(deserted)
    for session in deserted:
        session.leave()
    return len(deserted)


def sessions_of(browser: str) -> tuple[Session, ...]:
    """Those of a browser that nobody has left yet."""
    return tuple(session for session in every_session() if session.browser == browser)


def every_session() -> tuple[Session, ...]:
    """Those that nobody has left yet."""
    with _COUNTING:
        return tuple(SESSIONS)


def this_visitor() -> Workers:
    """Who work for whoever opens this page."""
    return COMPUTE.visited_by(Visitor(st.context.ip_address or "", token_urlsafe(6)))


def this_session() -> Session:
    """The one that is open; at first with the first sample, so that every page has something to
    show."""
    if not is_open():
        open_session(Session(Bench.of(sample_source(samples()[0].id), this_visitor())))
    session: Session = st.session_state[KEY]
    with _COUNTING:
        SESSIONS.add(session)
    return session


def is_open() -> bool:
    """Whether there is one already where the page is that runs."""
    return KEY in st.session_state


def holder_now() -> str:
    """The Streamlit session of the page that runs."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def open_session(session: Session) -> None:
    """Go on with this one from now on, where the page is that runs."""
    session.browser, session.holder = this_browser(), holder_now()
    session.taken = time.monotonic()
    st.session_state[KEY] = session


def stage() -> Stage:
    """The one of the session that is open."""
    return this_session().stage
