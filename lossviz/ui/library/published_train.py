"""From a published run to the Train page, with the same experiment."""

from __future__ import annotations

import streamlit as st

from lossviz.experiments.runs.run import LETTERS
from lossviz.experiments.words import count
from lossviz.sharing.project import Publication
from lossviz.ui.root import ROOT
from lossviz.ui.state.bench import Source, unchanged_sample
from lossviz.ui.state.session import Session

TRAIN = ROOT / "pages" / "train.py"


def open_in_train(session: Session, publication: Publication) -> None:
    """The button, where the session has or can have the data; else what is needed."""
    source = source_of(session, publication)
    reason = None if source is not None else _missing(publication)
    if source is not None and _place(session, publication) is None:
        reason = "All four places on the Train page are taken: remove a run there."
    moved = bool(publication.run.changes)
    explained = "Sets up the same experiment, which trains to the same numbers." + (
        " Its weights were moved while it was trained; it starts with the first ones."
        if moved
        else ""
    )
    pressed = st.button(
        "Open in Train",
        type="primary",
        icon=":material/play_circle:",
        key="published-train",
        disabled=reason is not None,
        help=reason or explained,
    )
    if pressed and source is not None:
        _set_up(session, source, publication)
        st.switch_page(TRAIN)
    if source is None:
        st.caption(_missing(publication), width="stretch")


def source_of(session: Session, publication: Publication) -> Source | None:
    """The data of the run: those of this session, or a sample that is still the same."""
    bench = session.bench_of(publication.digest)
    if bench is not None:
        return bench.source
    return unchanged_sample(publication.sample, publication.digest)


def _missing(publication: Publication) -> str:
    return (
        f"To train it here, first open the same file on the Data page, with the same columns and "
        f"edits ({count(publication.rows[0], 'text')}, digest {publication.digest})."
    )


def _place(session: Session, publication: Publication) -> str | None:
    """Where the run goes: beside those that were started, else alone."""
    bench = session.bench_of(publication.digest)
    if bench is None or not bench.lab.started:
        return LETTERS[0]
    return bench.lab.free_letter()


def _set_up(session: Session, source: Source, publication: Publication) -> None:
    letter = _place(session, publication)
    assert letter is not None
    if publication.digest != session.data.dataset.digest:
        session.use(source)
    lab = session.lab
    if not lab.started:
        lab.pause()
        for other in list(lab.runs):
            lab.remove(other)
    lab.put(letter, publication.run.experiment)
    lab.runs[letter].name = publication.name
