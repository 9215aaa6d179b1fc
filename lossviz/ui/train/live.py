"""The live part of the Train page: one fragment that trains and feeds every chart."""

from __future__ import annotations

import streamlit as st

from lossviz.compute.cluster import COMPUTE
from lossviz.compute.lab import Lab
from lossviz.experiments.evaluation import (
    baseline,
)
from lossviz.figures import (
    Chart,
    error_rates,
    loss_curve,
    sentence,
)
from lossviz.ui.parts.chart import feed
from lossviz.ui.parts.confusion import confusions, looked_at
from lossviz.ui.parts.polling import poll
from lossviz.ui.parts.words import plain
from lossviz.ui.state.view import View

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
        guess = next((baseline(evaluation.true) for evaluation in lab.evaluations.values()), None)
        result["errors"] = error_rates(lab.evaluations, schema, guess)
    if view.changed("confusion", (judged, *looked_at(view))):
        result |= confusions(lab, view)
    if view.changed("sentence", (lab.sentence, id(lab.answers), tuple(lab.runs))):
        result["sentence"] = sentence(lab.answers, schema, tuple(lab.runs))
    return result
