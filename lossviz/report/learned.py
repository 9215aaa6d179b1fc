"""Learned weights: where they end, and whether they are wrong less often."""

from __future__ import annotations

from lossviz.experiments.study.conclusions import study_conclusions
from lossviz.experiments.study.result import Repeats
from lossviz.figures import error_of_arms, trade_off, weights_over_time
from lossviz.report.elements import Element, Plot, Plots, Points, Section, Words
from lossviz.sharing.project import Desk

TIME_HEIGHT, MAP_HEIGHT, ROW = 330, 400, 22
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
        Plots(_errors(repeats), least=330),
        Plots(
            tuple(
                Plot.of(weights_over_time(repeats, arm), TIME_HEIGHT)
                for arm in repeats.arms
                if not arm.told and repeats.of(arm)
            )
        ),
    ]
    return (Section("learned", TITLE, tuple(elements)),)


def _errors(repeats: Repeats) -> tuple[Plot, ...]:
    parts = len(repeats.schema.names)
    height = max(MAP_HEIGHT, 90 + ROW * len(repeats.arms))
    charts = [trade_off(repeats)] if parts == 2 else []
    targets = (parts,) if parts == 2 else (*range(parts), parts)
    charts += [error_of_arms(repeats, target) for target in targets]
    return tuple(Plot.of(chart, height) for chart in charts)
