"""The sealed texts: what came of opening them, or that they are sealed still."""

from __future__ import annotations

from lossviz.experiments.runs.opening import openings_words
from lossviz.experiments.words import count
from lossviz.report.elements import Points, Section, Words
from lossviz.sharing.project import Desk

STILL = (
    "Some texts of these data are sealed: no run was trained on them, watched or judged by them, "
    "and no error in this report is about them. They have not been opened."
)


def sealed_section(desk: Desk) -> tuple[Section, ...]:
    """None where nothing is sealed."""
    opened = openings_words(desk.opened, desk.data.dataset.schema.names)
    if opened:
        title = f"The sealed texts: opened {count(len(opened), 'time')}"
        points = Points(tuple(("", sentence) for sentence in opened))
        return (Section("sealed", title, (points,)),)
    if any(run.experiment.split.sealed for run in desk.runs.values()):
        return (Section("sealed", "The sealed texts: not opened", (Words(STILL, "note"),)),)
    return ()
