"""What is taken for what: the matrices of all runs."""

from __future__ import annotations

from dataclasses import replace

from lossviz.experiments.evaluation import WHOLE
from lossviz.figures import Look
from lossviz.figures.base.exhibit import Exhibit
from lossviz.figures.runs.shown import ShownRuns
from lossviz.report.elements import Element, Heading, Plots, Words
from lossviz.sharing.project import Desk

HOW = (
    "Rows are true labels, columns predictions; a cell says how many held-out texts, and what "
    "share of its row. Where labels are too many for a matrix, the pairs that are confused most "
    "often stand instead. These counts are all that the report says about single texts."
)


def matrices(_: Desk, exhibit: Exhibit[ShownRuns], runs: ShownRuns) -> tuple[Element, ...]:
    """The whole label first, then each part; of very many labels the most confused pairs."""
    names = runs.schema.names
    elements: list[Element] = [Words(HOW, "note")]
    for k in range(WHOLE if len(names) > 1 else 0, len(names)):
        elements.append(Heading("The whole label" if k == WHOLE else f"Part: {names[k]}"))
        elements.append(Plots.of(exhibit, replace(runs, look=Look(k))))
    return tuple(elements)
