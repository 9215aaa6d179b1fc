"""How far to trust the pictures of the loss."""

from __future__ import annotations

from lossviz.experiments.surfaces.pieces import Piece, pictures_of
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
Pieces = list[tuple[tuple[str, ...], Piece]]


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
        pieces = project.desk.pieces
        elements += [
            *_sharpness(project.desk, pieces),
            *_others(pieces, plan.runs[0].name),
            *_walk(pieces),
        ]
    return (Section("trust", TITLE, tuple(elements)),)


def _sharpness(desk: Desk, pieces: Pieces) -> list[Element]:
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


def _others(pieces: Pieces, name: str) -> list[Element]:
    elements: list[Element] = []
    planes = whole(pictures_of(pieces, "plane"))
    if planes:
        charts = tuple(Plot.of(chart, SMALL) for chart in other_planes(name, planes))
        elements.append(Plots(charts, least=240))
    seeds = list(pictures_of(pieces, "seed").values())
    if len(seeds) > 1:
        elements.append(Plots((Plot.of(other_seeds(name, seeds), BAND),), least=600))
    if not elements:
        return []
    return [Heading(f"Other planes and other seeds, for {name}"), *elements]


def _walk(pieces: Pieces) -> list[Element]:
    lines = {
        name: surface
        for key, piece in pieces
        if key[0] == "walk"
        for name, surface in piece.surfaces
    }
    if not lines:
        return []
    return [
        Heading("On the straight way between the runs"),
        Words(WALK),
        Plots((Plot.of(walk(lines), BAND),), least=600),
    ]
