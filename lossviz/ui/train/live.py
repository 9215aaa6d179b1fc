"""The live part of the Train page: room for its exhibits, which follow the runs by themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lossviz.figures import ShownRuns
from lossviz.figures.base.wall import Wall
from lossviz.figures.exhibits import TRAIN, placed
from lossviz.ui.parts.exhibits import lay_out, runs_of
from lossviz.ui.parts.follow import outdated
from lossviz.ui.state.session import Session


def live(session: Session) -> None:
    """Show the runs while they train; the page as a whole is run once they are over."""
    lab, look = session.lab, session.view.look
    session.channel.attend(lab, TRAIN, look)
    session.channel.show("runs", lambda: Wall().news(placed(TRAIN, ShownRuns), runs_of(lab, look)))
    outdated("runs", lambda: lab.finished)


def run_exhibits(session: Session, layouts: Mapping[str, Callable[[], object]]) -> None:
    """Room for all of them, in order.

    :param layouts: of those that are more than a chart for each run, by id.
    """
    lay_out(placed(TRAIN, ShownRuns), runs_of(session.lab, session.view.look), layouts)
