"""The live part of the Train page: one fragment that trains and feeds every chart."""

from __future__ import annotations

from collections.abc import Hashable

import streamlit as st

from lossviz.compute import COMPUTE
from lossviz.evaluation import Confusion, baseline, confusion_of_component, confusion_of_labels
from lossviz.figures import (
    MOST_CELLS,
    MOST_LABELS,
    Chart,
    Group,
    Labels,
    block_matrix,
    confused,
    confusion_top,
    error_rates,
    loss_curve,
    sentence,
)
from lossviz.lab import Lab
from lossviz.ui.chart import feed
from lossviz.ui.polling import poll
from lossviz.ui.view import WHOLE, View
from lossviz.ui.words import plain

FEW, MANY = 4, 30
"""Sessions training at once, up to which pages are updated every 0.1 s, 0.5 s; above, every 1 s."""


def interval() -> float:
    """Seconds between two updates of a page, given how many train."""
    sessions = COMPUTE.active_sessions()
    return 0.1 if sessions <= FEW else 0.5 if sessions <= MANY else 1.0


def live(lab: Lab, view: View, concluded: bool) -> None:
    """Train while there is something to train, and feed the charts.

    :param concluded: whether the page was drawn when the runs were over: otherwise it has to be
        drawn again once they are, however the last slice came.
    """

    def pace() -> float | None:
        return interval() if lab.busy or lab.finished != concluded else None

    def step() -> bool:
        lab.tick(patience=0.05 if pace() == 0.1 else 0.0)
        stalled = feed(charts(lab, view), busy=lab.busy)
        if lab.notice:
            st.info(plain(lab.notice), icon=":material/info:")
        return stalled or (not lab.busy and lab.finished != concluded)

    poll(pace, step)


def matrix(lab: Lab, view: View, letter: str) -> Confusion | None:
    """The confusion matrix of a run, of what the reader looks at."""
    evaluation = lab.runs[letter].evaluation
    if evaluation is None:
        return None
    if view.target == WHOLE:
        return confusion_of_labels(evaluation, lab.dataset.schema)
    return confusion_of_component(evaluation, lab.dataset.schema, view.target)


def looked_at(view: View) -> tuple[Hashable, ...]:
    """How the reader looks at the matrices."""
    return view.target, view.normalise, view.all_cells, view.grouped


def confusions(lab: Lab, view: View) -> dict[str, Chart]:
    """Every run's matrix, or its most confused pairs, on one colour scale."""
    schema = lab.dataset.schema
    matrices = {letter: matrix(lab, view, letter) for letter in lab.runs}
    top = confusion_top([own for own in matrices.values() if own], view.normalise)
    whole = view.target == WHOLE
    name = "whole label" if whole else schema.names[view.target]
    labels = Labels.whole(schema) if whole else Labels.component(schema, view.target)
    result: dict[str, Chart] = {}
    for letter, own in matrices.items():
        drawn = own is not None and view.all_cells and can_be_drawn(len(own.labels))
        result[f"confusion-{letter}"] = (
            block_matrix(letter, own, view.normalise, name, top, group_of(own, labels, view))
            if own is not None and drawn
            else confused(letter, own, view.normalise, name, top, labels)
        )
    return result


def can_be_drawn(labels: int) -> bool:
    """Whether a matrix is too large to be drawn unasked, but not too large at all."""
    return labels > MOST_LABELS and labels**2 <= MOST_CELLS


def group_of(matrix: Confusion, labels: Labels, view: View) -> Group | None:
    """What the rows and columns of a large matrix are grouped by."""
    if len(labels.components) == 1:
        return None
    k = min(view.grouped, len(labels.components) - 1)
    return Group(labels.values[k], matrix.codes[:, k])


def charts(lab: Lab, view: View) -> dict[str, Chart]:
    """Every chart that shows something else than before."""
    result: dict[str, Chart] = {}
    schema = lab.dataset.schema
    for letter, run in lab.runs.items():
        content = (run.run_id, len(run.curve), len(run.changes), run.state)
        if view.changed(f"loss-{letter}", content):
            result[f"loss-{letter}"] = loss_curve(
                letter,
                run.curve,
                run.changes,
                schema,
                (run.steps_per_epoch, run.total_steps),
            )
    judged = tuple(
        (letter, run.run_id, run.evaluation.step if run.evaluation else -1)
        for letter, run in lab.runs.items()
    )
    if view.changed("errors", judged):
        guess = next((baseline(own.true) for own in lab.evaluations.values()), None)
        result["errors"] = error_rates(lab.evaluations, schema, guess)
    if view.changed("confusion", (judged, *looked_at(view))):
        result |= confusions(lab, view)
    if view.changed("sentence", (lab.sentence, id(lab.answers), tuple(lab.runs))):
        result["sentence"] = sentence(lab.answers, schema, tuple(lab.runs))
    return result
