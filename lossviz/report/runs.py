"""The runs: what was trained, and how."""

from __future__ import annotations

from lossviz.experiments.experiment import NEEDING_VALIDATION
from lossviz.experiments.runs.run import Run
from lossviz.experiments.weights import moves
from lossviz.figures.base.palette import MARKERS
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.weighting import WEIGHTINGS
from lossviz.report.elements import Element, Points, Section, TextTable, Words, unbroken
from lossviz.sharing.project import Desk

COLUMNS = ("run", "formulation", "weights", "model", "optimiser", "split and seed", "state")


def runs_section(desk: Desk) -> Section:
    """One row for each run, and what each formulation asks for."""
    runs = desk.runs
    if not runs:
        nothing = Words("There are no runs in this project.")
        return Section("runs", "The runs: none is set up", (nothing,))
    rows = [_row(letter, run) for letter, run in runs.items()]
    asked = dict.fromkeys(run.experiment.formulation for run in runs.values())
    elements: list[Element] = [
        TextTable.of("The runs of this project", COLUMNS, rows),
        Points(tuple((name, OBJECTIVES[name].asks_for) for name in asked)),
    ]
    for letter, run in runs.items():
        if run.message:
            elements.append(Words(f"Run {letter} stopped itself. {run.message}", "warning"))
        if run.stopped:
            elements.append(Words(f"Run {letter} {run.stopped}.", "note"))
        elements += [Words(f"Run {letter}: {note}", "note") for note in run.experiment.notes]
    trained = sum(run.state == "finished" for run in runs.values())
    title = f"The runs: {trained} of {len(runs)} trained to their end"
    return Section("runs", title, tuple(elements))


def _row(letter: str, run: Run) -> tuple[str, ...]:
    experiment = run.experiment
    return (
        " ".join(filter(None, [unbroken(f"{MARKERS.get(letter, '')} {letter}".strip()), run.name])),
        experiment.formulation,
        _weights(run),
        experiment.words("model"),
        experiment.words("optimiser", "epochs", *NEEDING_VALIDATION),
        experiment.words("split", "seed"),
        _state(run),
    )


def _weights(run: Run) -> str:
    experiment = run.experiment
    acting = experiment.acting_weights
    phrases = [run.weights.words(acting)] if acting else []
    phrases += filter(None, [experiment.words("costs")])
    if experiment.acting_weighting.id != "fixed":
        phrases.insert(0, f"by {WEIGHTINGS[experiment.weighting].title}")
    if run.changes:
        phrases.append(f"moved {len(moves(run.changes))}×, last at step {run.changes[-1].step:,}")
    return "; ".join(phrases) or "none"


def _state(run: Run) -> str:
    if run.state == "ready" or not run.step:
        return "not started"
    word = {"finished": "finished", "diverged": "diverged", "training": "not at its end"}[run.state]
    word = "stopped" if run.kept else word
    return f"{word}, step {run.step:,} of {run.total_steps:,}"
