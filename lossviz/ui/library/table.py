"""The library's table, and what can be done with the runs that are ticked in it."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import streamlit as st

from lossviz.errors import LossVizError
from lossviz.experiments.words import count
from lossviz.sharing.library import MB
from lossviz.ui.library.actions import actions, undo_bar
from lossviz.ui.library.comparison import MOST, side_by_side
from lossviz.ui.library.database import library
from lossviz.ui.library.publish import publish_dialog
from lossviz.ui.library.rows import PublishedRun, Row, own_runs, table
from lossviz.ui.library.shelf import Shelf
from lossviz.ui.parts.follow import outdated
from lossviz.ui.parts.progress import steps_progress
from lossviz.ui.parts.tables import HEAD, ROW
from lossviz.ui.parts.words import plain
from lossviz.ui.root import ROOT
from lossviz.ui.state.session import Session

TRAIN = ROOT / "pages" / "train.py"
MOST_ROWS = 10
TICK = (
    "Tick a run, in front of its row, to rename, download, publish or delete it. Tick up to four "
    "to compare them."
)


def library_section(session: Session, shelf: Shelf) -> None:
    """The table, the actions, and the comparison of what is ticked."""
    if shelf.notice:
        st.success(plain(shelf.notice), icon=":material/check:")
        shelf.notice = ""
    if shelf.publishing is None:
        # The page as a whole runs when the training ends: a half-typed name would be lost.
        _keep_training(session)
    undo_bar(shelf)
    rows: list[Row] = [*own_runs(session), *_published(shelf)]
    if not rows:
        _nothing(session)
    else:
        ticked = _table(rows)
        with st.container(border=True, key="library-actions"):
            if len(ticked) == 1:
                actions(shelf, ticked[0])
            else:
                st.caption(TICK if not ticked else "Tick a single run to do something with it.")
        side_by_side(shelf, ticked)
    if shelf.publishing is not None:
        publish_dialog(shelf, shelf.publishing)
    _usage()


def _published(shelf: Shelf) -> Sequence[PublishedRun]:
    try:
        return [PublishedRun(about) for about in shelf.about()]
    except LossVizError:
        # The sentence stands at the end of the page; the session's own runs do without it.
        return []


def _table(rows: Sequence[Row]) -> list[Row]:
    """The table.

    :returns: the rows that are ticked, the first four.
    """
    # Ticks are positions, so other rows make another table.
    key = f"library-{crc32('|'.join(row.key for row in rows).encode()):08x}"
    ticks = st.dataframe(
        table(rows),
        key=key,
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        height=HEAD + ROW * min(len(rows), MOST_ROWS),
        alt="Runs of this session, and published ones",
        column_config={
            "run": st.column_config.TextColumn("Run", width=78),
            "name": st.column_config.TextColumn("Name", width=105),
            "data": st.column_config.TextColumn("Data", width=90),
            "formulation": st.column_config.TextColumn("Formulation", width=98),
            "weights": st.column_config.TextColumn("Weights", width=92),
            "wrong": st.column_config.NumberColumn(
                "Wrong, %",
                format="%.1f",
                width=72,
                help="Held-out texts with a wrong whole label.",
            ),
            "errors": st.column_config.TextColumn("Wrong on, in %, with 95 % intervals", width=500),
            "trained": st.column_config.TextColumn("Trained", width=155),
            "when": st.column_config.TextColumn("When (UTC)", width=165),
        },
    )
    places = [place for place in ticks.selection.rows if place < len(rows)]
    if len(places) > MOST:
        st.caption(f"{len(places)} are ticked; the first {MOST} of them are compared.")
    return [rows[place] for place in places[:MOST]]


def _keep_training(session: Session) -> None:
    """Whoever looks here does not hold up what is being trained."""
    lab = session.lab
    if not lab.training and not (lab.started and lab.busy):
        return

    session.channel.attend(lab)
    outdated("training-over", lambda: lab.busy)
    steps_progress(lab, "Training, {steps}; the table follows when it is over")


def _nothing(session: Session) -> None:
    if session.lab.training:
        st.skeleton(height=HEAD + ROW * len(session.lab.runs))
        return
    with st.container(border=True, key="library-empty"):
        st.markdown(
            "**Nothing is trained yet.** Every run that you train stands here, to be named, "
            "compared, downloaded, and published under a link that others can open."
        )
        if st.button("Train runs", type="primary", icon=":material/play_circle:", key="to-train"):
            st.switch_page(TRAIN)


def _usage() -> None:
    """How full the library is; or that it cannot be reached."""
    try:
        shared = library()
        used = shared.used()
    except LossVizError as error:
        st.warning(plain(str(error)), icon=":material/cloud_off:")
        return
    st.caption(
        f"Published on this server: {count(used.runs, 'run')}, {used.size / MB:,.1f} of "
        f"{shared.limits.all / MB:,g} MB. Only who has a run's link can open it."
    )
