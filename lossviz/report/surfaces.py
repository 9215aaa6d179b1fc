"""The loss around each run: surfaces that can be turned, and whose weights can be moved."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lossviz.experiments.runs.run import surfaces_of
from lossviz.experiments.surfaces.plan import SurfacePlan
from lossviz.experiments.surfaces.planes import PLANES
from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.surfaces.words import trained_words
from lossviz.experiments.weights import Weights
from lossviz.figures import loss_surface, surface_top
from lossviz.figures.surfaces.explorer import explorer, grids_of, sliders_of, title_of
from lossviz.report.elements import Element, Relief, Section, TextTable, Words
from lossviz.sharing.looks import SurfacesLook
from lossviz.sharing.project import Desk, Project

HEIGHT = 400
TITLE = "The loss around each run"
UNTRAINED = (
    "Not drawn: no run in this project has surfaces. The Surfaces page draws them, or the command "
    "surface."
)


def surfaces_section(project: Project) -> Section:
    """One panel for each run, on one scale; the weights above them mix all of them."""
    desk = project.desk
    surfaces = seen(project)
    if not surfaces:
        return Section("surfaces", TITLE, (Words(UNTRAINED),))
    experiments = {letter: run.experiment for letter, run in desk.runs.items()}
    elements: list[Element] = [
        Words(
            "Height and colour are the loss over two directions among the model's weights; the "
            "line is the way the training took, and its end is where the run stands. Turn a "
            "surface with the pointer; move a weight, and the same solutions are judged anew."
        ),
        *_about(desk),
        relief(desk, surfaces),
        Words(trained_words(experiments, surfaces), "note"),
    ]
    return Section("surfaces", TITLE, tuple(elements))


def seen(project: Project) -> dict[str, Surface]:
    """By letter, those that were drawn; otherwise the coarse ones that were seen while it trained.

    A surface whose rows are not all there shows those that are.
    """
    drawn = {
        name: surface
        for name, surface in project.surfaces.items()
        if np.isfinite(surface.grids).any()
    }
    return drawn or surfaces_of(project.desk.runs)


def plan_of(desk: Desk) -> SurfacePlan | None:
    """What was drawn; None where nothing was."""
    return None if desk.surfaces is None else desk.surfaces.findings.plan


def _about(desk: Desk) -> list[Element]:
    plan = plan_of(desk)
    if plan is None or not plan.runs:
        return []
    return [Words(f"The plane: {PLANES[plan.plane].title}. {PLANES[plan.plane].shows}", "note")]


def relief(desk: Desk, surfaces: Mapping[str, Surface]) -> Relief:
    """What the browser needs, and what it says in words."""
    look = SurfacesLook() if desk.surfaces is None else desk.surfaces.look
    first = next(iter(surfaces.values()))
    now = first.trained_at if look.weights is None else look.weights
    axes = first.slice.axes if first.slice else ("x", "y")
    panels = [(title_of(letter, surface), surface) for letter, surface in surfaces.items()]
    objectives = [desk.runs[k].experiment.objective for k in surfaces if k in desk.runs]
    message = explorer(
        panels,
        now,
        sliders_of(objectives, desk.data.dataset.schema.names),
        axes=axes,
        corners=(),
        view=look.view,
        scale=look.scale,
        key="report",
        version=1,
        height=HEIGHT,
    )
    alt = tuple(
        loss_surface(
            panel, now, title=title, axes=axes, view="contour", top=surface_top([panel], now)
        ).alt
        for title, panel in panels
    )
    rows = [_row(letter, surface, now) for letter, surface in surfaces.items()]
    table = TextTable.of("Each surface at the weights shown first", COLUMNS, rows)
    return Relief(message, grids_of(panels), alt, table)


COLUMNS = ("run", "trained at", "shown at", "lowest loss", "highest loss", "points", "texts")


def _row(letter: str, surface: Surface, now: Weights) -> tuple[str | float | int, ...]:
    loss = surface.at(now)
    finite = loss[np.isfinite(loss)]
    positions = tuple(range(len(now)))
    return (
        letter,
        surface.trained_at.words(positions),
        now.words(positions),
        float(finite.min()),
        float(finite.max()),
        f"{len(surface.x)} × {len(surface.y)}",
        surface.slice.rows if surface.slice else 0,
    )
