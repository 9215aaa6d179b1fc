"""How far to trust the pictures of the loss."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, log10

import numpy as np

from lossviz.experiments.surfaces.pieces import Piece, pictures_of
from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.words import percent
from lossviz.figures import loss_surface, losses_between, seed_band, surface_top
from lossviz.report.elements import (
    Element,
    Heading,
    Plot,
    Plots,
    Section,
    TextTable,
    Words,
    unbroken,
)
from lossviz.report.surfaces import plan_of, seen
from lossviz.sharing.project import Desk, Project

SMALL, BAND = 270, 320
TITLE = "How far to trust the pictures"
SHARP = ("run", "training loss", "largest eigenvalue", "trace", "weights")


def trust_section(project: Project) -> tuple[Section, ...]:
    """What a picture leaves out, and what another one would have shown."""
    surfaces, plan = seen(project), plan_of(project.desk)
    if not surfaces:
        return ()
    elements: list[Element] = [*_said(surfaces)]
    if plan is not None and plan.runs and project.surfaces:
        pieces = project.desk.pieces
        elements += [
            *_sharpness(project.desk, pieces),
            *_others(pieces, plan.runs[0].name),
            *_walk(pieces),
        ]
    return (Section("trust", TITLE, tuple(elements)),)


def _said(surfaces: Mapping[str, Surface]) -> list[Element]:
    letter, first = next(iter(surfaces.items()))
    said = [
        "A picture is a slice: two of thousands of directions are seen. What looks like a bowl can "
        "have a way out that leaves the plane, and what looks like two valleys can be one."
    ]
    about = first.slice
    if about is None:
        return [Words(text) for text in said]
    if about.explained:
        along, across = about.explained
        said.append(
            f"Of {letter}'s path {percent(along)} of the variance lies along x and "
            f"{percent(across)} along y; {percent(max(0.0, 1.0 - along - across))} is not seen. "
            "Two components hold most of the variance of any path, even of a random one (Antognini "
            "and Sohl-Dickstein 2018), so a high share alone proves little."
        )
    every = "all" if about.rows == about.of else f"{about.rows:,} of the"
    said.append(
        f"The loss is the mean over {every} {about.of:,} training texts, without weight decay. It "
        "is not the error on held-out texts: a low and flat place need not be a good one."
    )
    return [Words(text) for text in said]


def _sharpness(desk: Desk, pieces: list[tuple[tuple[str, ...], Piece]]) -> list[Element]:
    sharpnesses = {
        key[1]: piece.sharpness
        for key, piece in pieces
        if key[0] == "sharpness" and piece.sharpness is not None
    }
    if not sharpnesses:
        return []
    rows = [
        (
            f"{name} {desk.runs[name].experiment.formulation}" if name in desk.runs else name,
            number(sharpness.loss),
            unbroken(with_error(sharpness.eigenvalue, sharpness.eigenvalue_error)),
            unbroken(with_error(sharpness.trace, sharpness.trace_error)),
            sharpness.weights,
        )
        for name, sharpness in sharpnesses.items()
    ]
    sharpness = next(iter(sharpnesses.values()))
    how = (
        "Largest eigenvalue of the Hessian of the training loss, by Lanczos on Hessian-vector "
        "products; ± its standard error over the texts. Trace: the mean of "
        f"{sharpness.probes} random probes (Hutchinson); ± its standard error over them. In nats "
        "per "
        "squared unit of weight, at the weights that the run was trained with: compare runs with "
        "the same model and features only."
    )
    return [
        Heading("How sharp each solution is"),
        TextTable.of(f"Over {sharpness.rows:,} training texts", SHARP, rows),
        Words(how, "note"),
    ]


def _others(pieces: list[tuple[tuple[str, ...], Piece]], name: str) -> list[Element]:
    planes = {
        seed: surface
        for seed, surface in pictures_of(pieces, "plane").items()
        if not np.isnan(surface.grids).any()
    }
    plots = []
    if planes:
        at = next(iter(planes.values())).trained_at
        top = surface_top(planes.values(), at)
        for seed, plane in planes.items():
            title = f"{name}, random plane {seed}: loss"
            axes = plane.slice.axes if plane.slice else ("x", "y")
            chart = loss_surface(plane, at, title=title, axes=axes, view="contour", top=top)
            plots.append(Plot.of(chart, SMALL))
    elements: list[Element] = [Plots(tuple(plots), least=240)] if plots else []
    seeds = list(pictures_of(pieces, "seed").values())
    if len(seeds) > 1:
        title = f"{name} and the same experiment from other seeds: loss along a random line"
        band = seed_band((name, seeds[0]), seeds[1:], seeds[0].trained_at, title=title)
        elements.append(Plots((Plot.of(band, BAND),), least=600))
    if not elements:
        return []
    return [Heading(f"Other planes and other seeds, for {name}"), *elements]


def _walk(pieces: list[tuple[tuple[str, ...], Piece]]) -> list[Element]:
    lines = {
        name: surface
        for key, piece in pieces
        if key[0] == "walk"
        for name, surface in piece.surfaces
    }
    if not lines:
        return []
    names = list(lines)
    legs = [*names, names[0]] if len(names) > 2 else names
    stops = [(name, float(place)) for place, name in enumerate(legs)]
    highest = {name: float(np.nanmax(line.at(line.trained_at))) for name, line in lines.items()}
    worst = max(highest, key=highest.__getitem__)
    chart = losses_between(
        list(lines.items()),
        [line.trained_at for line in lines.values()],
        stops,
        title=f"Losses on the way from run to run; {worst}'s goes up to {highest[worst]:.3g}",
    )
    how = (
        "The weights of one run turn evenly into those of the next, and each run's own loss judges "
        "every mixture. A hill between two runs means that no straight way leads from one solution "
        "to the other."
    )
    return [
        Heading("On the straight way between the runs"),
        Words(how),
        Plots((Plot.of(chart, BAND),), least=600),
    ]


def number(value: float) -> str:
    """Three significant digits."""
    return f"{value:.3g}".replace("-", "−")


def with_error(value: float, error: float) -> str:
    """As many places as the error has with two digits.

    >>> with_error(0.0876, 0.000229), with_error(3.0, 0.0)
    ('0.08760 ± 0.00023', '3 ± 0')
    """
    if not error > 0.0:
        return f"{number(value)} ± 0"
    places = max(0, 1 - floor(log10(error)))
    return f"{value:,.{places}f} ± {error:,.{places}f}".replace("-", "−")
