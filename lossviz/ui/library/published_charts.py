"""The charts of a published run."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lossviz.experiments.runs.provisos import unseen_labels
from lossviz.experiments.words import count, measured, percent
from lossviz.figures import Look, ShownRuns
from lossviz.figures.exhibits import EXHIBITS, PUBLISHED, placed
from lossviz.figures.surfaces.explorer import sliders_of
from lossviz.sharing.project import Publication
from lossviz.ui.parts.chart import answered_here, draw
from lossviz.ui.parts.confusion import (
    CONFUSION,
    Cell,
    cell_at,
    target_choice,
    texts_behind,
    texts_dialog,
)
from lossviz.ui.parts.exhibits import hang
from lossviz.ui.parts.surface_explorer import surface_explorer

LETTER = "A"
SURFACE = 400


def charts(publication: Publication) -> None:
    """How it was trained, the loss around it, and everything that is shown of a judged run."""
    runs = ShownRuns(publication.schema, {LETTER: publication.run})
    _learned(runs)
    surface(publication)
    for exhibit in placed(PUBLISHED, ShownRuns):
        if exhibit.id in ("losses", "errors") or not runs.evaluations:
            continue
        st.subheader(exhibit.title, anchor=False)
        if exhibit.id == "confusion":
            confusions(publication)
        else:
            hang(exhibit, runs, "published")
            st.caption(exhibit.note)


def _learned(runs: ShownRuns) -> None:
    """How it was trained, and beside it what it gets wrong."""
    st.subheader("How it learned, and what it gets wrong", anchor=False)
    left, right = st.columns(2, gap="medium")
    with left:
        losses = EXHIBITS["losses"]
        chart = losses.make(runs, LETTER)
        draw(chart, key="published-losses", height=losses.height(runs))
    if runs.guess is None:
        return
    with right:
        hang(EXHIBITS["errors"], runs, "published")
        st.caption(
            f"Wrong on the whole label: {measured(runs.evaluations[LETTER].joint)}. Guessing the "
            f"commonest label is wrong on {percent(runs.guess.joint)}. "
            f"{unseen_labels(runs.evaluations)}"
        )


def surface(publication: Publication) -> None:
    """The loss around what it found; nothing where it was published without."""
    sliders = sliders_of([publication.run.experiment.objective], publication.schema.names)
    for plane, surface in publication.surfaces.items():
        about = surface.slice
        if about is None:
            continue
        st.subheader("The loss around its weights", anchor=False)
        surface_explorer(
            [(f"{surface.formulation}: loss around its weights", surface)],
            surface.trained_at,
            sliders,
            axes=about.axes,
            corners=(),
            view="3d",
            key=f"published-{plane}",
            height=SURFACE,
        )
        st.caption(
            f"The mean over {about.rows:,} of {count(about.of, 'training text')}. Drag to turn it; "
            "the sliders mix the same solution anew, and train nothing."
        )


def confusions(publication: Publication) -> None:
    """What it takes for what; with the texts behind a cell, where they were published."""
    target = target_choice(publication.schema, "published-target")
    runs = ShownRuns(publication.schema, {LETTER: publication.run}, look=Look(target))
    texts = publication.texts
    if texts is None:
        hang(CONFUSION, runs, "published")
        st.caption("The texts were not published with it.")
        return
    clicked = hang(CONFUSION, runs, "published", on_click=answered_here)
    st.caption("Click a cell to read its texts.")
    cell = cell_at(runs, LETTER, clicked.get(LETTER))
    if cell is not None:
        _texts(runs, texts, cell)


def _texts(runs: ShownRuns, texts: Sequence[str], cell: Cell) -> None:
    labels, (true, predicted) = runs.matrices[LETTER].labels, cell
    table = texts_behind(runs, texts, LETTER, cell)
    texts_dialog(
        f"True {labels[true]}, predicted {labels[predicted]}: "
        f"{count(len(table), 'held-out text')}.",
        table.rename(columns={f"{LETTER} says": "predicted"}),
        to_download=False,
    )
