"""Panels about the runs: losses, errors, confusion, and what they say when compared."""

from __future__ import annotations

from dataclasses import replace

from lossviz.compute.lab import Lab
from lossviz.experiments.evaluation import WHOLE
from lossviz.experiments.runs.comparison import HOW, conclusions, not_beaten
from lossviz.experiments.words import listed
from lossviz.figures import AT_FIRST, Look, ShownRuns
from lossviz.figures.base.chart import shortened
from lossviz.figures.base.exhibit import Exhibit
from lossviz.figures.exhibits import EXHIBITS, PRESENT, placed
from lossviz.ui.parts.chart import draw
from lossviz.ui.parts.exhibits import runs_of
from lossviz.ui.parts.progress import steps_progress
from lossviz.ui.present.panel import CHART_HEIGHT, Offer, Panel, exhibit_panel, sentences
from lossviz.ui.state.session import Session

MOST_PARTS, LONGEST = 6, 30


def run_panels(session: Session) -> tuple[Panel, ...]:
    """The exhibits of runs, in the order of the story; then what they say when compared."""
    lab = session.lab
    panels: list[Panel] = []
    for exhibit in placed(PRESENT, ShownRuns):
        panels += (
            confusion_panels(session) if exhibit.id == "confusion" else [_panel(session, exhibit)]
        )
    return (*panels, _comparison(session)) if len(lab.runs) > 1 else tuple(panels)


def confusion_panels(session: Session) -> list[Panel]:
    """One for the whole label and one for each part: in a large room a choice among them is hard
    to find."""
    exhibit, names = EXHIBITS["confusion"], session.data.dataset.schema.names
    targets = [(WHOLE, "whole label"), *enumerate(names)] if len(names) > 1 else [(0, names[0])]
    return [
        replace(
            _panel(session, exhibit, Look(k), "confusion" if k == WHOLE else f"part{k + 1}"),
            heading=f"{exhibit.title}: {shortened(name, LONGEST)}",
        )
        for k, name in targets[: MOST_PARTS + 1]
    ]


def _panel(
    session: Session, exhibit: Exhibit[ShownRuns], look: Look = AT_FIRST, id: str = ""
) -> Panel:
    """One of its charts at a time; it follows the runs by itself."""
    lab = session.lab

    def show(view: str) -> None:
        key = exhibit.key(view)
        session.channel.show("panel", lambda: {key: exhibit.make(runs_of(lab, look), view)})
        draw(None, key=key, height=CHART_HEIGHT)

    def offer() -> Offer | None:
        return None if lab.started or lab.training else _train(lab)

    panel = exhibit_panel(exhibit, "train", lambda: runs_of(lab, look), offer, id)
    return replace(panel, show=show, exhibits=(exhibit.id,), look=look)


def _train(lab: Lab) -> Offer:
    who = listed(list(lab.runs))
    return Offer(f"Nothing is trained yet. One press trains {who}.", f"Train {who}", lab.play)


def _comparison(session: Session) -> Panel:
    lab = session.lab

    def show(_: str) -> None:
        if lab.finished:
            models = conclusions(lab.evaluations, lab.dataset.schema)
            hopeless = filter(None, [not_beaten(lab.evaluations)])
            sentences([*hopeless, *models, *session.bench.of_formulations])
            return
        sentences(["When all runs are over, they are held against the first one here."])
        steps_progress(lab, "{steps}")

    def offer() -> Offer | None:
        if lab.finished or lab.training:
            return None
        if not lab.started:
            return _train(lab)
        return Offer("The runs stand still before their end.", "Go on training", lab.play)

    return Panel("comparison", "train", "Is that a difference?", HOW, show, (), offer)
