"""The surfaces of this session's runs: which there are, and keeping up with the runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lossviz.compute.campaigns import Surfaces
from lossviz.compute.cluster import COMPUTE
from lossviz.compute.lab import Lab
from lossviz.experiments.reference import RunReference
from lossviz.experiments.surfaces.plan import SurfacePlan
from lossviz.experiments.surfaces.surface import Surface
from lossviz.figures.surfaces.explorer import WeightSlider, sliders_of
from lossviz.ui.state.session import Relief, State

FIRST_PLANE = "pca"
"""Where a run moved: the picture with the most to see."""


def relief_of(session: State) -> Relief:
    """The session's surfaces of the data in use."""
    if session.desk.relief is None:
        plan = SurfacePlan((), FIRST_PLANE)
        session.desk.relief = Relief(Surfaces(COMPUTE, session.source.dataset, plan))
    return session.desk.relief


def references(lab: Lab) -> tuple[RunReference, ...]:
    """The runs that have gone anywhere, as they stand."""
    return tuple(
        RunReference(letter, run.experiment, run.changes, run.step)
        for letter, run in lab.runs.items()
        if run.step and run.state != "diverged"
    )


def keep_up(relief: Relief, lab: Lab) -> None:
    """Draw what the runs are now, unless they are being trained. What was stopped stays stopped."""
    surfaces = relief.surfaces
    wanted = replace(surfaces.chosen, runs=references(lab))
    if lab.training or wanted == surfaces.plan:
        return
    surfaces.choose(wanted)
    if wanted.runs:
        surfaces.start()


def shown(relief: Relief, lab: Lab) -> dict[str, Surface]:
    """By letter, what there is to see: coarse surfaces while the runs are trained, and what was
    seen last until there is something of each."""
    surfaces, runs = _found(relief, lab)
    if not relief.seen or runs <= surfaces.keys():
        relief.seen = surfaces
    return relief.seen


def _found(relief: Relief, lab: Lab) -> tuple[dict[str, Surface], set[str]]:
    """What there is, and of which runs there will be something."""
    if lab.training:
        runs = {letter: run for letter, run in lab.runs.items() if run.state != "diverged"}
        there = {letter: run.surface for letter, run in runs.items()}
        return {k: _named(surface, k) for k, surface in there.items() if surface is not None}, set(
            runs
        )
    surfaces = relief.surfaces
    failed = {key[1] for key in surfaces.problems if key[0] == "surface"}
    return surfaces.surfaces, {run.name for run in surfaces.plan.runs} - failed


def _named(surface: Surface, letter: str) -> Surface:
    return replace(surface, tracks=tuple(replace(track, name=letter) for track in surface.tracks))


def weights_shown(relief: Relief, surfaces: dict[str, Surface]) -> tuple[float, ...]:
    """Those that the pictures are mixed at: first those that the first run was trained with."""
    if relief.weights is not None:
        return relief.weights
    return next(iter(surfaces.values())).trained_at


def sliders_over(lab: Lab, surfaces: Iterable[str]) -> list[WeightSlider]:
    """Those of the weights that act on any of these runs' surfaces."""
    runs = [lab.runs[letter] for letter in surfaces if letter in lab.runs]
    return sliders_of((run.experiment.objective for run in runs), lab.dataset.schema.names)
