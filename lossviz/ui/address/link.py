"""The link: the address of what a page shows, written as it changes, and opened where it comes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

import streamlit as st

from lossviz.data import Dataset
from lossviz.errors import LossVizError
from lossviz.experiments.choices import first
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.run import Run
from lossviz.sharing.address import (
    LETTERS,
    PAGES,
    Address,
    DataAddress,
    TradeOffView,
    own_part,
    same_run,
)
from lossviz.sharing.project import Data
from lossviz.ui.address import bar as address_bar
from lossviz.ui.address.views import look_at, look_at_sweep, sweep_experiment, view_of
from lossviz.ui.parts.words import plain
from lossviz.ui.state.session import Session
from lossviz.ui.state.visit import Pending

WITH_RUNS = ("train", "surfaces")
"""Pages that show the runs: going back to another one does not undo what was done to them."""
_usual: WeakKeyDictionary[Dataset, Experiment] = WeakKeyDictionary()


def query_of(session: Session, page: str) -> dict[str, str]:
    """The query of the address of what this page shows now.

    :param page: its part of the address: "" for Home, ``data``, ``train``, ``trade-off`` …
    """
    if page not in PAGES:
        return {}
    runs = {letter: as_it_stands(run) for letter, run in session.lab.runs.items()}
    return Address.model_construct(
        data=_data(session.data),
        runs=runs,
        sweep=sweep_experiment(session) if page == "trade-off" else None,
        view=view_of(session, page),
    ).query(page, usual_experiment(session.data.dataset))


def as_it_stands(run: Run) -> Experiment:
    """What Reset would train: the weights stay where they are moved to."""
    return run.weights.weigh(run.experiment)


def usual_experiment(dataset: Dataset) -> Experiment:
    """The experiment on these data where nothing is chosen."""
    if dataset not in _usual:
        _usual[dataset] = first(dataset)
    return _usual[dataset]


def _data(data: Data) -> DataAddress:
    if data.sample:
        return DataAddress.model_construct(sample=data.sample, digest="", name="")
    return DataAddress.model_construct(sample="", digest=data.dataset.digest, name=data.title)


def open_query(session: Session, page: str, query: Mapping[str, str]) -> tuple[str, ...]:
    """Bring the session to what a query says; returns what of it could not be followed, and why.

    Runs that are as the link has them stay, trained and all; a link without runs leaves them.
    """
    query = own_part(query)
    if page not in PAGES or not query:
        return ()
    try:
        there, notes = _use(session, query)
    except LossVizError as error:
        there, notes = True, (f"{error} {session.data.title} is used instead.",)
    if not there:
        session.visit.pending = Pending(page, query, DataAddress.read(query["d"]))
        return notes
    dataset = session.data.dataset
    usual = usual_experiment(dataset)
    address, said = Address.read(page, query, usual, dataset.schema)
    if address.runs:
        _set_up(session, address.runs, usual)
    look_at(session, address.view)
    if isinstance(address.view, TradeOffView) and address.sweep is not None:
        said = (*said, *look_at_sweep(session, address.view, address.sweep))
    return (*notes, *said)


def _use(session: Session, query: Mapping[str, str]) -> tuple[bool, tuple[str, ...]]:
    """Use the data of a link; whether they are in the session now."""
    if "d" not in query:
        return True, ()
    data = DataAddress.read(query["d"])
    if data.sample:
        if data.sample != session.data.sample:
            session.use_sample(data.sample)
        return True, ()
    if data.digest == session.data.dataset.digest:
        return True, ()
    if data.digest in session.benches:
        session.use(session.benches[data.digest].source)
        return True, ()
    return False, (
        f"This link is about {data.name or 'a file'} (digest {data.digest}), which is not in this "
        "session. Open the file on the Data page, and its runs are set up.",
    )


def _set_up(session: Session, runs: Mapping[str, Experiment], usual: Experiment) -> None:
    lab = session.lab
    for letter in LETTERS:
        if letter not in runs:
            lab.remove(letter)
            continue
        now = lab.runs.get(letter)
        if now is None or not same_run(as_it_stands(now), runs[letter], usual):
            lab.put(letter, runs[letter])


# In a browser


def arrive(session: Session, page: str) -> None:
    """Before a page runs: open the link that its address is, and write what is not there yet."""
    visit = session.visit
    _open_pending(session)
    back = address_bar.by_history()
    given = address_bar.given()
    if page not in PAGES:
        visit.leave(page, given)
        return
    target = visit.to_open(page, given, by_history=back)
    if target is None and visit.echoed(query_of(session, page)):
        target = visit.url
    if target is not None:
        newer = back and page not in WITH_RUNS
        if newer:
            target = {key: text for key, text in target.items() if key not in LETTERS}
        visit.notes = open_query(session, page, target)
        # A link stands as it was given, unless the session's runs are newer.
        visit.query = visit.url if newer else query_of(session, page)
    elif visit.query is None:
        visit.arrived(query_of(session, page))
    visit.follow = partial(follow, session)
    visit.follow()
    session.channel.follow("address", partial(_commanded, session), None)
    address_bar.complete(page, visit.arrivals.get(page, {}), visit.arrival)


def follow(session: Session) -> None:
    """Write the address, if the page that is open shows something else than it says.

    For fragments too: what they change is written where they end.
    """
    visit, page = session.visit, session.visit.page
    if page is None or page not in PAGES:
        return
    query = query_of(session, page)
    if query != visit.query:
        visit.wrote(query)
        address_bar.write(query)


def _commanded(session: Session) -> None:
    """Write what commands have changed, once they come no more: a drag is one change."""
    visit, page, channel = session.visit, session.visit.page, session.channel
    before, visit.command = visit.command, channel.command
    if before != channel.command or page not in WITH_RUNS:
        visit.settled = False
    elif not visit.settled:
        visit.settled = True
        query = query_of(session, page)
        if query != visit.query:
            visit.wrote(query)
            address_bar.push(channel, page, query, channel.command)


def _open_pending(session: Session) -> None:
    """The runs of a link whose file has come."""
    pending = session.visit.pending
    if pending is None or pending.data.digest != session.data.dataset.digest:
        return
    session.visit.pending = None
    notes = open_query(session, pending.page, pending.query)
    session.visit.notes = (f"The runs of the link about {pending.data.name} are set up.", *notes)


def link_notes(session: Session) -> None:
    """What of the link could not be followed, until the reader has seen it."""
    place = st.empty()  # always there, so that nothing is drawn anew when the notes go
    visit = session.visit
    if visit.pending is not None and visit.page == "data":
        about = plain(visit.pending.data.name or "a file")
        place.info(
            f"A link about {about} waits for its file. Open it here, with the same columns and "
            "parts as where the link was made.",
            icon=":material/link:",
        )
        return
    if not visit.notes:
        return

    def seen() -> None:
        visit.notes = ()

    with place.container(horizontal=True, vertical_alignment="center", key="link-notes"):
        st.info("  \n".join(map(plain, visit.notes)), icon=":material/link:")
        st.button("Close", icon=":material/close:", key="close-link-notes", on_click=seen)


@st.fragment
def copy_link(session: Session) -> None:
    """A button that shows the link to what the page shows now, ready to copy."""
    own_page = session.visit.page
    shown = st.popover(
        "Link", icon=":material/link:", key="copy-link", on_change="rerun", type="tertiary",
        help="The link to what this page shows: the same data, runs and view.",
    )  # fmt: skip
    if own_page is None or own_page not in PAGES or not shown.open:
        return
    with shown:
        query = query_of(session, own_page)
        st.code(f"{st.context.url or ''}?{urlencode(query)}", language=None, wrap_lines=True)
        for sentence in _about_link(session, query):
            st.caption(sentence)


def _about_link(session: Session, query: Mapping[str, str]) -> list[str]:
    said = ["Whoever opens it finds the same data, runs and view; training gives the same numbers."]
    if session.lab.runs and not set(LETTERS) & set(query):
        said = ["The settings of the runs are too long for a link: it carries the data and view."]
    if not session.data.sample:
        said.append("Your file is not in it: they need the file as well.")
    return said
