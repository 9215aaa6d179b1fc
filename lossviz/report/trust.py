"""How far to trust the pictures of the loss."""

from __future__ import annotations

from collections.abc import Mapping

from lossviz.experiments.surfaces.pieces import Pictures, Sharpness
from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.surfaces.words import (
    SHARPNESS_COLUMNS,
    WALK,
    doubts,
    sharpness_cells,
    sharpness_words,
)
from lossviz.figures.surfaces.trust import other_planes, other_seeds, walk, whole
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


def trust_section(project: Project) -> tuple[Section, ...]:
    """What a picture leaves out, and what another one would have shown."""
    surfaces, plan = seen(project), plan_of(project.desk)
    if not surfaces:
        return ()
    letter, surface = next(iter(surfaces.items()))
    elements: list[Element] = [
        Words(f"{head} {rest}") for head, rest in doubts(letter, surface.slice, 0)
    ]
    if plan is not None and plan.runs and project.surfaces:
        pictures = project.desk.pictures
        elements += [
            *_sharpness(project.desk, pictures.sharpness),
            *_others(pictures, plan.runs[0].name),
            *_walk(pictures.walk),
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
    caption = f"Over {sharpness.rows:,} training texts"
    return [
        Heading("How sharp each solution is"),
        TextTable.of(caption, ("run", *SHARPNESS_COLUMNS), rows),
        Words(sharpness_words(sharpness), "note"),
    ]


def _others(pictures: Pictures, name: str) -> list[Element]:
    elements: list[Element] = []
    planes = whole(pictures.planes)
    if planes:
        charts = tuple(Plot.of(chart, SMALL) for chart in other_planes(name, planes))
        elements.append(Plots(charts, least=240))
    seeds = list(pictures.seeds.values())
    if len(seeds) > 1:
        elements.append(Plots((Plot.of(other_seeds(name, seeds), BAND),), least=600))
    if not elements:
        return []
    return [Heading(f"Other planes and other seeds, for {name}"), *elements]


def _walk(lines: Mapping[str, Surface]) -> list[Element]:
    if not lines:
        return []
    return [
        Heading("On the straight way between the runs"),
        Words(WALK),
        Plots((Plot.of(walk(lines), BAND),), least=600),
    ]
