"""The surfaces of this session's runs: which there are, and keeping up with the runs."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace

from lossviz.compute.lab import Lab
from lossviz.experiments.runs.run import references
from lossviz.experiments.runs.run import surfaces_of as coarse_surfaces
from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.weights import Weights
from lossviz.figures.surfaces.explorer import sliders_of, title_of
from lossviz.ui.parts.surface_explorer import Panels, surface_explorer
from lossviz.ui.state.bench import SurfacesBench
from lossviz.ui.state.session import Session


def surfaces_of(session: Session) -> SurfacesBench:
    """The session's surfaces of the data in use."""
    if session.bench.surfaces is None:
        session.bench.surfaces = SurfacesBench.of(session.bench.workers, session.data.dataset)
    return session.bench.surfaces


def keep_up(bench: SurfacesBench, lab: Lab) -> None:
    """Draw what the runs are now, unless they are being trained. What was stopped stays stopped."""
    surfaces = bench.campaign
    wanted = replace(surfaces.chosen, runs=references(lab.runs))
    if lab.training or wanted == surfaces.plan:
        return
    surfaces.choose(wanted)
    if wanted.runs:
        surfaces.start()


def shown(bench: SurfacesBench, lab: Lab) -> dict[str, Surface]:
    """By letter, what there is to see: coarse surfaces while the runs are trained, and what was
    seen last until there is something of each."""
    surfaces, runs = _found(bench, lab)
    if not bench.seen or runs <= surfaces.keys():
        bench.seen = surfaces
    return bench.seen


def labelled(surfaces: Mapping[str, Surface]) -> Hashable:
    """What stands beside the pictures: another value once that has to be drawn again."""
    return tuple(
        (letter, title_of(letter, surface), surface.slice and surface.slice.axes)
        for letter, surface in surfaces.items()
    )


def _found(bench: SurfacesBench, lab: Lab) -> tuple[dict[str, Surface], set[str]]:
    """What there is, and of which runs there will be something."""
    if lab.training:
        runs = {letter: run for letter, run in lab.runs.items() if run.state != "diverged"}
        return coarse_surfaces(runs), set(runs)
    surfaces = bench.campaign
    failed = {key[1] for key in surfaces.pictures.problems if key[0] == "surface"}
    return surfaces.pictures.surfaces, {run.name for run in surfaces.plan.runs} - failed


def weights_shown(bench: SurfacesBench) -> Weights:
    """Those that the pictures are mixed at: first those that the first run was trained with."""
    if bench.look.weights is not None:
        return bench.look.weights
    return next(iter(bench.seen.values())).trained_at


def mixed(
    bench: SurfacesBench,
    lab: Lab,
    pictures: Mapping[str, tuple[str, Surface]],
    *,
    key: str,
    height: int,
) -> None:
    """Pictures side by side at the weights of the sliders, which stay when they are let go of.

    :param pictures: title and surface by the letter of their run.
    """
    surfaces = {letter: surface for letter, (_, surface) in pictures.items()}

    def now() -> Panels:
        """The same, a little further: what is labelled otherwise is drawn with the page."""
        latest = shown(bench, lab)
        if labelled(latest) != labelled(surfaces):
            latest = surfaces
        return [(title, latest[letter]) for letter, (title, _) in pictures.items()]

    first = next(iter(surfaces.values())).slice
    assert first is not None
    runs = [lab.runs[letter] for letter in surfaces if letter in lab.runs]
    surface_explorer(
        list(pictures.values()),
        weights_shown(bench),
        sliders_of((run.experiment.objective for run in runs), lab.dataset.schema.names),
        axes=first.axes,
        corners=(),
        view=bench.look.view,
        scale=bench.look.scale,
        key=key,
        height=height,
        on_release=lambda weights: bench.change(weights=weights),
        follow=now if lab.training else None,
    )
