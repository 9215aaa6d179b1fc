"""What is taken for what: the matrices of all runs."""

from __future__ import annotations

from dataclasses import replace

from lossviz.experiments.evaluation import WHOLE
from lossviz.figures import Look
from lossviz.figures.base.exhibit import Exhibit
from lossviz.figures.runs.shown import ShownRuns
from lossviz.report.elements import Element, Heading, Plots, Section, Words
from lossviz.report.errors import judged
from lossviz.sharing.project import Desk

HOW = (
    "Rows are true labels, columns predictions; a cell says how many held-out texts, and what "
    "share of its row. Where labels are too many for a matrix, the pairs that are confused most "
    "often stand instead. These counts are all that the report says about single texts."
)


def confusion_section(desk: Desk, exhibit: Exhibit[ShownRuns]) -> Section:
    """The whole label first, then each part; of very many labels the most confused pairs."""
    runs = judged(desk)
    if not runs.runs:
        nothing = Words("No run has been judged on held-out texts.")
        return Section(exhibit.id, f"{exhibit.title}: not trained", (nothing,))
    names = runs.schema.names
    elements: list[Element] = [Words(HOW, "note")]
    for k in range(WHOLE if len(names) > 1 else 0, len(names)):
        elements.append(Heading("The whole label" if k == WHOLE else f"Part: {names[k]}"))
        elements.append(Plots.of(exhibit, replace(runs, look=Look(k))))
    return Section(exhibit.id, exhibit.title, tuple(elements))
