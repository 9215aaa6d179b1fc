"""How far to trust the pictures of the loss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lossviz.experiments.surfaces.pieces import Pictures, Sharpness
from lossviz.experiments.surfaces.plan import SurfacePlan
from lossviz.experiments.surfaces.words import (
    SHARPNESS_COLUMNS,
    doubts,
    sharpness_cells,
    sharpness_words,
)
from lossviz.figures.exhibits import REPORT, placed
from lossviz.figures.surfaces.shown import ShownSurfaces
from lossviz.report.elements import Element, Heading, Plots, Section, TextTable, Words, unbroken
from lossviz.report.surfaces import plan_of, seen
from lossviz.sharing.project import Desk, Project

TITLE = "How far to trust the pictures"


def trust_section(project: Project) -> tuple[Section, ...]:
    """What a picture leaves out, and what another one would have shown."""
    surfaces, plan = seen(project), plan_of(project.desk)
    if not surfaces:
        return ()
    letter, surface = next(iter(surfaces.items()))
    elements: list[Element] = [Words(f"{head} {rest}") for head, rest in doubts(letter, surface, 0)]
    if plan is not None and plan.runs and project.surfaces:
        pictures = project.desk.pictures
        elements += [
            *_sharpness(project.desk, pictures.sharpness),
            *_charts(plan, pictures),
        ]
    return (Section("trust", TITLE, tuple(elements)),)


def _sharpness(desk: Desk, sharpnesses: Mapping[str, Sharpness]) -> list[Element]:
    if not sharpnesses:
        return []
    rows = [
        (
            f"{name} {desk.runs[name].experiment.formulation}" if name in desk.runs else name,
            *map(unbroken, sharpness_cells(sharpness)),
            sharpness.weights,
        )
        for name, sharpness in sharpnesses.items()
    ]
    sharpness = next(iter(sharpnesses.values()))
    caption = "How much the loss bends at each run's weights"
    return [
        Heading("How sharp each solution is"),
        TextTable.of(caption, ("run", *SHARPNESS_COLUMNS), rows),
        Words(sharpness_words(sharpness), "note"),
    ]


def _charts(plan: SurfacePlan, pictures: Pictures) -> Iterator[Element]:
    """What was drawn besides, each with a heading."""
    shown = ShownSurfaces(plan, pictures)
    for exhibit in placed(REPORT, ShownSurfaces):
        plots = Plots.of(exhibit, shown)
        if plots.plots:
            yield Heading(exhibit.title)
            yield Words(exhibit.note)
            yield plots
