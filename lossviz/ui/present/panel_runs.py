"""Panels about the runs: losses, errors, confusion, and what they say when compared."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from lossviz.compute.lab import Lab
from lossviz.experiments.evaluation import baseline
from lossviz.experiments.runs.comparison import conclusions
from lossviz.experiments.words import listed
from lossviz.figures import Chart, error_rates, loss_curve
from lossviz.figures.base.chart import shortened
from lossviz.figures.base.palette import MARKERS
from lossviz.ui.parts.chart import draw
from lossviz.ui.parts.confusion import confusions
from lossviz.ui.present.panel import CHART_HEIGHT, Aspect, Offer, Panel, sentences
from lossviz.ui.state.session import State
from lossviz.ui.state.view import WHOLE, View

MOST_PARTS, LONGEST = 6, 30
LOSSES = (
    "Solid is training, dotted is held out. Where the dotted line turns up again, the model learns "
    "its training texts by heart. Losses of different formulations have different units."
)
ERRORS = (
    "A dot is an error rate on held-out texts, the bar its 95 % interval. The dashed tick needs no "
    "model: it always guesses the commonest label."
)
CONFUSED = "Rows are true, columns predicted: the diagonal is right. Find the largest cell off it."
COMPARED = "Paired on the same held-out texts; the intervals hold together at 95 %."


def run_panels(session: State) -> tuple[Panel, ...]:
    """In the order of the story."""
    lab, names = session.lab, session.source.dataset.schema.names
    runs = tuple(
        Aspect(letter, f"{MARKERS[letter]} {letter} {run.experiment.formulation}")
        for letter, run in lab.runs.items()
    )
    make = partial(_panel, lab)
    panels = [
        make("losses", "The loss while it learns", LOSSES, runs, partial(_loss, lab)),
        make("errors", "What each run gets wrong", ERRORS, (), lambda _: _errors(lab)),
    ]
    targets = [(WHOLE, "whole label"), *enumerate(names)] if len(names) > 1 else [(0, names[0])]
    for k, name in targets[: MOST_PARTS + 1]:
        id = "confusion" if k == WHOLE else f"part{k + 1}"
        heading = f"What is taken for what: {shortened(name, LONGEST)}"
        make_chart = partial(_confusion, lab, k)
        panels.append(make(id, heading, CONFUSED, runs, make_chart))
    if len(lab.runs) > 1:
        panels.append(_comparison(lab))
    return tuple(panels)


def _panel(
    lab: Lab,
    id: str,
    heading: str,
    note: str,
    runs: tuple[Aspect, ...],
    chart: Callable[[str], Chart],
) -> Panel:
    def show(letter: str) -> None:
        draw(chart(letter), key=f"present-{id}-{letter}", height=CHART_HEIGHT)

    def offer() -> Offer | None:
        return None if lab.started or lab.training else _train(lab)

    return Panel(id, "train", heading, note, show, runs, offer)


def _train(lab: Lab) -> Offer:
    who = listed(list(lab.runs))
    return Offer(f"Nothing is trained yet. One press trains {who}.", f"Train {who}", lab.play)


def _loss(lab: Lab, letter: str) -> Chart:
    run = lab.runs[letter]
    steps = (run.steps_per_epoch, run.total_steps)
    return loss_curve(letter, run.curve, run.changes, lab.dataset.schema, steps)


def _errors(lab: Lab) -> Chart:
    guess = next((baseline(evaluation.true) for evaluation in lab.evaluations.values()), None)
    return error_rates(lab.evaluations, lab.dataset.schema, guess)


def _confusion(lab: Lab, target: int, letter: str) -> Chart:
    return confusions(lab, View(target=target))[f"confusion-{letter}"]


def _comparison(lab: Lab) -> Panel:
    def show(_: str) -> None:
        if lab.finished:
            sentences(list(conclusions(lab.evaluations, lab.dataset.schema)))
            return
        done = min((run.step for run in lab.runs.values()), default=0)
        total = max((run.total_steps for run in lab.runs.values()), default=0)
        sentences(["When all runs are over, they are held against the first one here."])
        st.progress(min(done / max(total, 1), 1.0), text=f"{done:,} of {total:,} steps")

    def offer() -> Offer | None:
        if lab.finished or lab.training:
            return None
        if not lab.started:
            return _train(lab)
        return Offer("The runs stand still before their end.", "Go on training", lab.play)

    return Panel("comparison", "train", "Is that a difference?", COMPARED, show, (), offer)
