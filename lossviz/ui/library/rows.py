"""The rows of the library's table: this session's runs, and published ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from lossviz.experiments.runs.run import Run
from lossviz.experiments.statistics import ErrorRate
from lossviz.experiments.weights import Weights
from lossviz.figures.base.palette import MARKERS
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.weighting import WEIGHTINGS
from lossviz.sharing.library import About
from lossviz.ui.parts.tables import directed
from lossviz.ui.state.bench import Bench
from lossviz.ui.state.session import Session


@dataclass(frozen=True, eq=False)
class OwnRun:
    """A run of this session."""

    bench: Bench
    letter: str
    run: Run

    @property
    def key(self) -> str:
        """Tells it from all others."""
        return self.run.run_id

    @property
    def title(self) -> str:
        """What it is called: its name, or what it is."""
        return self.run.name or f"{self.letter} {self.run.experiment.formulation}"

    @property
    def alone(self) -> bool:
        """Whether it is the only run of its data, which the other pages need."""
        return len(self.bench.lab.runs) == 1

    @property
    def still(self) -> bool:
        """Whether it stands where it was judged, with weights to fetch."""
        run = self.run
        return bool(run.step and run.judged and run.state != "diverged" and not run.behind)


@dataclass(frozen=True, eq=False)
class PublishedRun:
    """A published run that this session knows."""

    about: About

    @property
    def key(self) -> str:
        """Tells it from all others."""
        return self.about.id

    @property
    def title(self) -> str:
        """What its owner calls it."""
        return self.about.summary.name


Row = OwnRun | PublishedRun


def own_runs(session: Session) -> list[OwnRun]:
    """The runs that were started, on all data of this session: the data in use first."""
    return [
        OwnRun(bench, letter, run)
        for bench in session.every_bench
        for letter, run in bench.lab.runs.items()
        if run.step
    ]


def table(rows: Sequence[Row]) -> pd.DataFrame:
    """What stands in the table."""
    written = [_own(row) if isinstance(row, OwnRun) else _published(row) for row in rows]
    return pd.DataFrame(written)


def _own(row: OwnRun) -> dict[str, Any]:
    run, names = row.run, row.bench.data.dataset.schema.names
    judged = run.evaluation
    rates = (*judged.components, judged.joint) if judged else ()
    ending = ", diverged" if run.state == "diverged" else ", stopped" if run.kept else ""
    return {
        "run": f"{MARKERS[row.letter]} {row.letter}",
        "name": directed(run.name) if run.name else "",
        "data": directed(row.bench.data.title),
        "formulation": run.experiment.formulation,
        "weights": _weights_of(run),
        "wrong": 100 * rates[-1].rate if rates else None,
        "errors": _errors(names, rates),
        "trained": _steps(run.step, run.total_steps, run.steps_per_epoch) + ending,
        "when": f"{run.when:%Y-%m-%d %H:%M}" if run.when else "",
    }


def _published(row: PublishedRun) -> dict[str, Any]:
    about = row.about
    summary = about.summary
    until = f" to {about.expires:%Y-%m-%d}" if about.expires else ""
    return {
        "run": "published",
        "name": directed(summary.name),
        "data": directed(summary.data),
        "formulation": summary.formulation,
        "weights": _weights(summary.formulation, summary.weighting, summary.weights),
        "wrong": 100 * summary.rates[-1].rate,
        "errors": _errors(summary.components, summary.rates),
        "trained": _steps(*summary.steps),
        "when": f"{about.published:%Y-%m-%d}{until}",
    }


def _errors(names: Sequence[str], rates: Sequence[ErrorRate]) -> str:
    """The whole label first: of many parts the last ones are cut off."""
    if not rates:
        return "not judged yet"
    named = [("whole label", rates[-1])]
    if len(names) > 1:
        named += zip(names, rates, strict=False)
    written = (
        f"{name} {100 * error_rate.rate:.1f} [{100 * error_rate.low:.1f}, "
        f"{100 * error_rate.high:.1f}]"
        for name, error_rate in named
    )
    return f"{'; '.join(written)}; n = {rates[-1].n:,}"


def _steps(step: int, total: int, each: int) -> str:
    epochs = f"epoch {-(-step // each)} of {total // each}, " if each else ""
    return f"{epochs}{step:,} steps"


def _weights_of(run: Run) -> str:
    experiment, applied = run.experiment, run.applied
    if not experiment.acting_weighting.takes_preference and not experiment.acting_weights[:-1]:
        return str(experiment.acting_weighting.title)
    return applied.words(experiment.acting_weights, " ") or "none"


def _weights(formulation: str, weighting: str, weights: Weights) -> str:
    objective = OBJECTIVES.get(formulation)
    if objective is None:
        return ""
    if weighting in WEIGHTINGS and not WEIGHTINGS[weighting].takes_preference:
        return str(WEIGHTINGS[weighting].title)
    last = len(weights) - 1
    positions = [*range(last)] if objective.weighted else []
    acting = [*positions, *([last] if objective.joint_weighted else [])]
    return weights.words(acting, " ") or "none"
