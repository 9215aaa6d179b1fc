"""The charts of a published run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from lossviz.experiments.evaluation import WHOLE, Confusion
from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.words import count, measured, percent, weight_label
from lossviz.figures import Look, ShownRuns
from lossviz.figures.base.palette import TEXT, component_colour
from lossviz.figures.exhibits import EXHIBITS, PUBLISHED, placed
from lossviz.sharing.project import Publication
from lossviz.ui.parts.chart import draw
from lossviz.ui.parts.confusion import finished_matrices, target_choice
from lossviz.ui.parts.exhibits import hang
from lossviz.ui.parts.surface_explorer import WeightSlider, surface_explorer
from lossviz.ui.parts.words import directed

LETTER = "A"
SURFACE, TEXTS = 400, 420
TEXTS_SHOWN = 500


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
            f"commonest label is wrong on {percent(runs.guess.joint)}."
        )


def surface(publication: Publication) -> None:
    """The loss around what it found; nothing where it was published without."""
    for plane, own in publication.surfaces.items():
        _surface(publication, own, plane)


def _surface(publication: Publication, surface: Surface, plane: str) -> None:
    about = surface.slice
    if about is None:
        return
    st.subheader("The loss around its weights", anchor=False)
    surface_explorer(
        [(f"{surface.formulation}: loss around its weights", surface)],
        surface.trained_at,
        sliders_of(publication),
        axes=about.axes,
        corners=(),
        view="3d",
        key=f"published-{plane}",
        height=SURFACE,
    )
    st.caption(
        f"The mean over {about.rows:,} of {count(about.of, 'training text')}. Drag to turn it; the "
        "sliders mix the same solution anew, and train nothing."
    )


def sliders_of(publication: Publication) -> list[WeightSlider]:
    """Of the weights that act on its loss."""
    names, objective = publication.schema.names, publication.run.experiment.objective
    positions = [*range(len(names))] if objective.weighted else []
    if objective.joint_weighted:
        positions.append(len(names))
    return [
        WeightSlider(k, weight_label(k, names), component_colour(k) if k < len(names) else TEXT)
        for k in positions
    ]


def confusions(publication: Publication) -> None:
    """What it takes for what; with the texts behind a cell, where they were published."""
    target = target_choice(publication.schema, "published-target")
    readable = publication.texts is not None
    answer = _nothing if readable else None
    runs = ShownRuns(publication.schema, {LETTER: publication.run}, look=Look(target))
    clicked = finished_matrices(runs, "published", on_click=answer)
    if not readable:
        st.caption("The texts were not published with it.")
        return
    st.caption("Click a cell to read its texts.")
    if clicked is not None:
        matrix, cell = clicked
        if isinstance(cell, list) and len(cell) == 2:
            _open(publication, matrix, target, int(cell[0]), int(cell[1]))


def _nothing() -> None:
    """A click is answered where the matrix is drawn."""


def _open(
    publication: Publication, matrix: Confusion, target: int, true: int, predicted: int
) -> None:
    if min(true, predicted) >= 0 and max(true, predicted) < len(matrix.labels):
        _texts(publication, matrix, target, true, predicted)


@st.dialog("Texts behind the cell", width="large")
def _texts(
    publication: Publication, matrix: Confusion, target: int, true: int, predicted: int
) -> None:
    found = texts_behind(publication, matrix, target, true, predicted)
    st.text(
        f"True {matrix.labels[true]}, predicted {matrix.labels[predicted]}: "
        f"{count(len(found), 'held-out text')}."
    )
    if len(found) > TEXTS_SHOWN:
        st.caption(f"The first {TEXTS_SHOWN} are shown.")
    shown = found.head(TEXTS_SHOWN)
    st.dataframe(shown, hide_index=True, height=TEXTS, alt="Texts behind the cell")


def texts_behind(
    publication: Publication, matrix: Confusion, target: int, true: int, predicted: int
) -> pd.DataFrame:
    """Text, true label and predicted label of the rows in one cell."""
    judged, texts, schema = publication.run.evaluation, publication.texts, publication.schema
    assert judged is not None
    assert texts is not None
    columns = slice(None) if target == WHOLE else slice(target, target + 1)
    inside = (judged.true[:, columns] == matrix.codes[true]).all(axis=1)
    inside &= (judged.predicted[:, columns] == matrix.codes[predicted]).all(axis=1)
    rows = np.flatnonzero(inside).tolist()
    return pd.DataFrame(
        {
            "text": [directed(texts[row]) for row in rows],
            "true": [schema.format(schema.decode(judged.true[row].tolist())) for row in rows],
            "predicted": [
                schema.format(schema.decode(judged.predicted[row].tolist())) for row in rows
            ],
        }
    )
