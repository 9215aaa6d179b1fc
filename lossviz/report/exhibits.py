"""Exhibits of the runs in a report: each in a section of its own."""

from __future__ import annotations

from collections.abc import Callable

from lossviz.figures.base.exhibit import Exhibit
from lossviz.figures.exhibits import REPORT, placed
from lossviz.figures.runs.shown import ShownRuns
from lossviz.report.confusion import confusion_section
from lossviz.report.elements import Plots, Section, Words
from lossviz.report.errors import errors_section, judged
from lossviz.report.runs import curves_section
from lossviz.sharing.project import Desk

LAYOUTS: dict[str, Callable[[Desk, Exhibit[ShownRuns]], Section]] = {
    "losses": curves_section,
    "errors": errors_section,
    "confusion": confusion_section,
}
"""Sections that say more than what the chart shows, by the exhibit's id."""


def run_sections(desk: Desk) -> tuple[Section, ...]:
    """What is shown of the runs, in order."""
    return tuple(
        LAYOUTS.get(exhibit.id, _section)(desk, exhibit) for exhibit in placed(REPORT, ShownRuns)
    )


def _section(desk: Desk, exhibit: Exhibit[ShownRuns]) -> Section:
    runs = judged(desk)
    if not runs.runs:
        nothing = Words("No run has been judged on held-out texts.")
        return Section(exhibit.id, f"{exhibit.title}: not trained", (nothing,))
    note = Words(exhibit.note, "note")
    return Section(exhibit.id, exhibit.title, (note, Plots.of(exhibit, runs)))
