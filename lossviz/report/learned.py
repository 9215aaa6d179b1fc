"""Learned weights: where they end, and whether they are wrong less often."""

from __future__ import annotations

from itertools import compress

from lossviz.experiments.study.conclusions import study_conclusions
from lossviz.experiments.study.result import Repeats
from lossviz.figures.exhibits import REPORT, placed
from lossviz.report.elements import Element, Plots, Points, Section, Words
from lossviz.sharing.project import Desk

TITLE = "Weights that are learned, beside weights that are told"


def learned_section(desk: Desk) -> tuple[Section, ...]:
    """The study, where there is one."""
    if desk.study is None or not desk.study.reports:
        return ()
    repeats = Repeats.from_findings(desk.study, desk.data.dataset)
    conclusions = study_conclusions(repeats)
    elements: list[Element] = [
        *([Words(conclusions.headline, "lead")] if conclusions.headline else []),
        Points(tuple((sentence.about, sentence.says) for sentence in conclusions.sentences)),
        *([Words(conclusions.how, "note")] if conclusions.how else []),
        *_plots(repeats),
    ]
    return (Section("learned", TITLE, tuple(elements)),)


def _plots(repeats: Repeats) -> list[Element]:
    """A row for each exhibit; of the weights over time those of what has been trained."""
    rows: list[Element] = []
    for exhibit in placed(REPORT, Repeats):
        plots = Plots.of(exhibit, repeats)
        if exhibit.id == "paths":
            trained = [bool(repeats.of(arm)) for arm in repeats.learned.values()]
            plots = Plots(tuple(compress(plots.plots, trained)))
        if plots.plots:
            rows.append(plots)
    return rows
