"""Learned weights: where they end, and whether they are wrong less often."""

from __future__ import annotations

from lossviz.experiments.study.conclusions import squeeze, study_conclusions
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
        *(Words(note, "note") for note in (conclusions.how, squeeze(repeats.plan)) if note),
        *(Plots.of(exhibit, repeats) for exhibit in placed(REPORT, Repeats)),
    ]
    return (Section("learned", TITLE, tuple(elements)),)
