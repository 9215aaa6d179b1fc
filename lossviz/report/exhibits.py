"""Exhibits of the runs in a report: each in a section of its own."""

from __future__ import annotations

from collections.abc import Callable

from lossviz.figures.base.exhibit import Exhibit
from lossviz.figures.exhibits import REPORT, placed
from lossviz.figures.runs.shown import ShownRuns
from lossviz.report.confusion import matrices
from lossviz.report.elements import Element, Plots, Section, Words
from lossviz.report.errors import compared
from lossviz.sharing.project import Desk

LAYOUTS: dict[str, Callable[[Desk, Exhibit[ShownRuns], ShownRuns], tuple[Element, ...]]] = {
    "errors": compared,
    "confusion": matrices,
}
"""Of the sections that say more than what the chart shows, by the exhibit's id."""
NOTHING = "No run of this project has got so far."


def run_sections(desk: Desk) -> tuple[Section, ...]:
    """What is shown of the runs, in order."""
    runs = ShownRuns(desk.data.dataset.schema, desk.runs)
    return tuple(_section(desk, exhibit, runs) for exhibit in placed(REPORT, ShownRuns))


def _section(desk: Desk, exhibit: Exhibit[ShownRuns], runs: ShownRuns) -> Section:
    plots = Plots.of(exhibit, runs)
    if not plots.plots:
        return Section(exhibit.id, f"{exhibit.title}: not trained", (Words(NOTHING),))
    if layout := LAYOUTS.get(exhibit.id):
        return Section(exhibit.id, exhibit.title, layout(desk, exhibit, runs))
    return Section(exhibit.id, exhibit.title, (Words(exhibit.note, "note"), plots))
