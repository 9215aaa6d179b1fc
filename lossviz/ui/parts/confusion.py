"""Confusion matrices side by side, and the texts behind a cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from lossviz.compute.lab import Lab
from lossviz.experiments.evaluation import WHOLE, Confusion
from lossviz.experiments.words import count
from lossviz.figures import MOST_LABELS, ShownRuns, can_be_drawn
from lossviz.figures.base.chart import shortened
from lossviz.figures.exhibits import EXHIBITS
from lossviz.schema import LabelSchema
from lossviz.sharing.spreadsheet import neutral_csv
from lossviz.ui.parts.controls import download
from lossviz.ui.parts.exhibits import hang, mount, runs_of
from lossviz.ui.parts.words import plain
from lossviz.ui.state.view import View

CONFUSION = EXHIBITS["confusion"]
NORMALISE = {
    "true": "true labels",
    "predicted": "predictions",
    "all": "all texts",
    "none": "none",
}
TEXTS_SHOWN = 500
MOST_SEGMENTS, LONGEST_SEGMENT, LONGEST_OPTION = 5, 24, 60
"""More targets than that are chosen from a list, which has room for longer names."""


def matrices(lab: Lab, view: View) -> None:
    """The matrices of all runs, on one colour scale."""
    _choices(lab, view)
    for letter, cell in mount(CONFUSION, runs_of(lab, view.look), on_click=_nothing).items():
        _open(lab, view, letter, cell)


def _nothing() -> None:
    """A click is answered where the matrix is drawn."""


def _choices(lab: Lab, view: View) -> None:
    names = lab.dataset.schema.names
    targets = [WHOLE, *range(len(names))]

    def choose() -> None:
        view.target = st.session_state["confusion-target"]

    st.session_state["confusion-target"] = view.target if view.target in targets else WHOLE
    with st.container(horizontal=True, vertical_alignment="bottom", key="confusion-choices"):
        if len(targets) <= MOST_SEGMENTS:
            st.segmented_control(
                "Confusion of",
                targets,
                key="confusion-target",
                format_func=lambda k: plain(_name(names, k, LONGEST_SEGMENT)),
                required=True,
                on_change=choose,
            )
        else:
            st.selectbox(
                "Confusion of",
                targets,
                key="confusion-target",
                format_func=lambda k: _name(names, k, LONGEST_OPTION),
                on_change=choose,
                width=300,
            )
        size = _labels(lab, view)
        large = size > MOST_LABELS
        _percentages(view, disabled=large and not view.all_cells)
        if large:
            _cells(view, names, size)


def _name(names: Sequence[str], k: int, longest: int) -> str:
    return "whole label" if k == WHOLE else shortened(names[k], longest)


def _labels(lab: Lab, view: View) -> int:
    """Rows of the largest matrix that can be drawn, or of the largest: a run may say combinations
    that never occur."""
    schema = lab.dataset.schema
    if view.target != WHOLE:
        return schema.sizes[view.target]
    matrices = runs_of(lab, view.look).matrices.values()
    sizes = [len(matrix.labels) for matrix in matrices] or [len(schema.classes)]
    return max([size for size in sizes if can_be_drawn(size)] or sizes)


def _percentages(view: View, *, disabled: bool) -> None:
    def choose() -> None:
        view.normalise = st.session_state["confusion-normalise"]

    st.session_state["confusion-normalise"] = view.normalise
    st.segmented_control(
        "Percentages of",
        list(NORMALISE),
        key="confusion-normalise",
        format_func=NORMALISE.__getitem__,
        required=True,
        on_change=choose,
        disabled=disabled,
        help="What 100 % is in a matrix: a row, a column, or all texts. Colour follows it.",
    )


def _cells(view: View, names: Sequence[str], size: int) -> None:
    """Of very many labels, a matrix is drawn when somebody asks for it."""
    possible = can_be_drawn(size)

    def choose() -> None:
        view.all_cells = bool(st.session_state["confusion-cells"])

    def group() -> None:
        view.grouped = st.session_state["confusion-grouped"]

    st.session_state["confusion-cells"] = view.all_cells and possible
    st.toggle(
        f"Draw all {size**2:,} cells",
        key="confusion-cells",
        on_change=choose,
        disabled=not possible,
        help=f"Up to {MOST_LABELS} labels the matrix is drawn by itself. Of more, the pairs that "
        "are confused most often say more."
        + ("" if possible else " So many cells would be smaller than a pixel each."),
    )
    if view.all_cells and possible and view.target == WHOLE and len(names) > 1:
        st.session_state["confusion-grouped"] = min(view.grouped, len(names) - 1)
        st.selectbox(
            "Rows and columns grouped by",
            range(len(names)),
            key="confusion-grouped",
            format_func=lambda k: shortened(names[k], LONGEST_OPTION),
            on_change=group,
            width=220,
        )


def _open(lab: Lab, view: View, letter: str, cell: object) -> None:
    shown = runs_of(lab, view.look).matrices.get(letter)
    if shown is None or not isinstance(cell, list) or len(cell) != 2:
        return
    true, predicted = (int(position) for position in cell)
    if max(true, predicted) < len(shown.labels) and min(true, predicted) >= 0:
        _texts(lab, view, letter, shown, true, predicted)


@st.dialog("Texts behind the cell", width="large")
def _texts(lab: Lab, view: View, letter: str, shown: Confusion, true: int, predicted: int) -> None:
    table = texts_behind(lab, letter, shown, view.target, true, predicted)
    st.text(
        f"Run {letter}: true {shown.labels[true]}, predicted {shown.labels[predicted]}. "
        f"{len(table):,} held-out texts; those that "
        + (f"only {letter} gets wrong" if true != predicted else "other runs get wrong")
        + " come first."
    )
    if len(table) > TEXTS_SHOWN:
        st.caption(f"The first {TEXTS_SHOWN} are shown.")
    st.dataframe(table.head(TEXTS_SHOWN), hide_index=True, height=420, alt="Texts behind the cell")
    download(
        f"Download {count(len(table), 'text')} as CSV",
        lambda: neutral_csv(table),
        "texts.csv",
        key="texts-csv",
    )


def texts_behind(
    lab: Lab, letter: str, shown: Confusion, target: int, true: int, predicted: int
) -> pd.DataFrame:
    """Text, true label and every run's prediction of the rows in one cell.

    The ones that only this run gets wrong stand first; in a right cell, those that others miss.
    """
    evaluation = lab.evaluations[letter]
    columns = slice(None) if target == WHOLE else slice(target, target + 1)
    inside = (evaluation.true[:, columns] == shown.codes[true]).all(axis=1)
    inside &= (evaluation.predicted[:, columns] == shown.codes[predicted]).all(axis=1)
    rows = np.flatnonzero(inside)
    others = [run for other, run in lab.evaluations.items() if other != letter]
    right_elsewhere = np.zeros(len(rows), dtype=int)
    for run in others:
        right_elsewhere += ~run.wrong[rows][:, columns].any(axis=1)
    order = np.argsort(-right_elsewhere if true != predicted else right_elsewhere, kind="stable")
    rows = rows[order]
    schema = lab.dataset.schema
    texts = lab.held_out_texts
    table = {
        "text": [texts[row] for row in rows],
        "true": [schema.format(schema.decode(evaluation.true[row].tolist())) for row in rows],
    }
    for name, run in lab.evaluations.items():
        table[f"{name} says"] = [
            schema.format(schema.decode(run.predicted[row].tolist())) for row in rows
        ]
    return pd.DataFrame(table)


def target_choice(schema: LabelSchema, key: str) -> int:
    """The whole label, or one of its parts."""
    names = schema.names
    targets = [WHOLE, *range(len(names))] if len(names) > 1 else [WHOLE]

    def name(k: int, longest: int) -> str:
        return "whole label" if k == WHOLE else shortened(names[k], longest)

    if len(targets) <= MOST_SEGMENTS:
        chosen = st.segmented_control(
            "Confusion of",
            targets,
            key=key,
            default=WHOLE,
            format_func=lambda k: plain(name(k, LONGEST_SEGMENT)),
            required=True,
        )
    else:
        chosen = st.selectbox(
            "Confusion of",
            targets,
            key=key,
            format_func=lambda k: name(k, LONGEST_OPTION),
            width=300,
        )
    return WHOLE if chosen is None else chosen


def finished_matrices(
    runs: ShownRuns, key: str, on_click: Callable[[], None] | None = None
) -> tuple[Confusion, object] | None:
    """One for each run, on one colour scale.

    :returns: the matrix and the cell that was just clicked.
    """
    clicked = hang(CONFUSION, runs, key, on_click=on_click)
    return next(((runs.matrices[letter], cell) for letter, cell in clicked.items()), None)
