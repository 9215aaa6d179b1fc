"""Confusion matrices side by side, and the texts behind a cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from lossviz.compute.lab import Lab
from lossviz.experiments.evaluation import WHOLE
from lossviz.experiments.words import count
from lossviz.figures import MOST_LABELS, ShownRuns, can_be_drawn
from lossviz.figures.base.chart import shortened
from lossviz.figures.exhibits import EXHIBITS
from lossviz.schema import Codes, LabelSchema
from lossviz.ui.parts.chart import answered_here
from lossviz.ui.parts.controls import tied, tied_to
from lossviz.ui.parts.exhibits import mount, runs_of
from lossviz.ui.parts.tables import directed, download_table
from lossviz.ui.parts.words import plain
from lossviz.ui.state.view import View

CONFUSION = EXHIBITS["confusion"]
NORMALISE = {
    "true": "true labels",
    "predicted": "predictions",
    "all": "all texts",
    "none": "none",
}
TEXTS_SHOWN, TEXTS_HEIGHT = 500, 420
MOST_SEGMENTS, LONGEST_SEGMENT, LONGEST_OPTION = 5, 24, 60
"""More targets than that are chosen from a list, which has room for longer names."""

Cell = tuple[int, int]
"""Positions of the true and of the predicted label."""


def matrices(lab: Lab, view: View) -> None:
    """The matrices of all runs, on one colour scale."""
    runs = runs_of(lab, view.look)
    _choices(runs, view)
    for letter, clicked in mount(CONFUSION, runs, on_click=answered_here).items():
        cell = cell_at(runs, letter, clicked)
        if cell is not None:
            _texts_of_runs(runs, lab.held_out_texts, letter, cell)


def _choices(runs: ShownRuns, view: View) -> None:
    names = runs.schema.names
    with st.container(horizontal=True, vertical_alignment="bottom", key="confusion-choices"):
        put = partial(setattr, view, "target")
        _target(names, [WHOLE, *range(len(names))], "confusion-target", view.target, put)
        size = _labels(runs)
        large = size > MOST_LABELS
        st.segmented_control(
            "Percentages of",
            list(NORMALISE),
            **tied_to(view, "normalise", "confusion-normalise"),
            format_func=NORMALISE.__getitem__,
            required=True,
            disabled=large and not view.all_cells,
            help="What 100 % is in a matrix: a row, a column, or all texts. Colour follows it.",
        )
        if large:
            _cells(view, names, size)


def target_choice(schema: LabelSchema, key: str) -> int:
    """The whole label, or one of its parts; nothing but the control remembers which."""
    names = schema.names
    targets = [WHOLE, *range(len(names))] if len(names) > 1 else [WHOLE]
    return _target(names, targets, key, st.session_state.get(key, WHOLE), lambda _: None)


def _target(
    names: Sequence[str], targets: list[int], key: str, target: int, put: Callable[[Any], None]
) -> int:
    tie = tied(key, target if target in targets else WHOLE, put)

    def name(k: int, longest: int) -> str:
        return "whole label" if k == WHOLE else shortened(names[k], longest)

    if len(targets) <= MOST_SEGMENTS:
        chosen = st.segmented_control(
            "Confusion of",
            targets,
            **tie,
            format_func=lambda k: plain(name(k, LONGEST_SEGMENT)),
            required=True,
        )
    else:
        chosen = st.selectbox(
            "Confusion of",
            targets,
            **tie,
            format_func=lambda k: name(k, LONGEST_OPTION),
            width=300,
        )
    return WHOLE if chosen is None else chosen


def _labels(runs: ShownRuns) -> int:
    """Rows of the largest matrix that can be drawn, or of the largest: a run may say combinations
    that never occur."""
    if runs.look.target != WHOLE:
        return runs.schema.sizes[runs.look.target]
    sizes = [len(matrix.labels) for matrix in runs.matrices.values()]
    sizes = sizes or [len(runs.schema.classes)]
    return max([size for size in sizes if can_be_drawn(size)] or sizes)


def _cells(view: View, names: Sequence[str], size: int) -> None:
    """Of very many labels, a matrix is drawn when somebody asks for it."""
    possible = can_be_drawn(size)
    drawn = view.all_cells and possible
    st.toggle(
        f"Draw all {size**2:,} cells",
        **tied("confusion-cells", drawn, partial(setattr, view, "all_cells")),
        disabled=not possible,
        help=f"Up to {MOST_LABELS} labels the matrix is drawn by itself. Of more, the pairs that "
        "are confused most often say more."
        + ("" if possible else " So many cells would be smaller than a pixel each."),
    )
    if drawn and view.target == WHOLE and len(names) > 1:
        k = min(view.grouped, len(names) - 1)
        st.selectbox(
            "Rows and columns grouped by",
            range(len(names)),
            **tied("confusion-grouped", k, partial(setattr, view, "grouped")),
            format_func=lambda k: shortened(names[k], LONGEST_OPTION),
            width=220,
        )


def cell_at(runs: ShownRuns, letter: str, clicked: object) -> Cell | None:
    """What a click means. It comes from a browser: what is no cell is not listened to."""
    matrix = runs.matrices.get(letter)
    if matrix is None or not isinstance(clicked, list) or len(clicked) != 2:
        return None
    true, predicted = clicked
    positions = range(len(matrix.labels))
    return (int(true), int(predicted)) if true in positions and predicted in positions else None


def _texts_of_runs(runs: ShownRuns, texts: Sequence[str], letter: str, cell: Cell) -> None:
    labels, (true, predicted) = runs.matrices[letter].labels, cell
    table = texts_behind(runs, texts, letter, cell)
    first = f"only {letter} gets wrong" if true != predicted else "other runs get wrong"
    texts_dialog(
        f"Run {letter}: true {labels[true]}, predicted {labels[predicted]}. {len(table):,} "
        f"held-out texts; those that {first} come first.",
        table,
        to_download=True,
    )


@st.dialog("Texts behind the cell", width="large")
def texts_dialog(words: str, table: pd.DataFrame, *, to_download: bool) -> None:
    """The first texts of a table, below what they are."""
    st.text(words)
    if len(table) > TEXTS_SHOWN:
        st.caption(f"The first {TEXTS_SHOWN} are shown.")
    shown = table.head(TEXTS_SHOWN).assign(text=lambda table: table["text"].map(directed))
    st.dataframe(shown, hide_index=True, height=TEXTS_HEIGHT, alt="Texts behind the cell")
    if to_download:
        label = f"Download {count(len(table), 'text')} as CSV"
        download_table(label, lambda: table, "texts.csv", key="texts-csv")


def texts_behind(runs: ShownRuns, texts: Sequence[str], letter: str, cell: Cell) -> pd.DataFrame:
    """Text, true label and every run's prediction of the rows in one cell of a run's matrix.

    The ones that only this run gets wrong stand first; in a right cell, those that others miss.

    :param texts: held out, in the order of the evaluations.
    """
    evaluation, matrix, target = runs.evaluations[letter], runs.matrices[letter], runs.look.target
    true, predicted = cell
    columns = slice(None) if target == WHOLE else slice(target, target + 1)
    inside = (evaluation.true[:, columns] == matrix.codes[true]).all(axis=1)
    inside &= (evaluation.predicted[:, columns] == matrix.codes[predicted]).all(axis=1)
    rows = np.flatnonzero(inside)
    right_elsewhere = np.zeros(len(rows), dtype=int)
    for name, other in runs.evaluations.items():
        if name != letter:
            right_elsewhere += ~other.wrong[rows][:, columns].any(axis=1)
    order = np.argsort(-right_elsewhere if true != predicted else right_elsewhere, kind="stable")
    rows = rows[order]

    def labels(codes: Codes) -> list[str]:
        return [runs.schema.format(runs.schema.decode(row)) for row in codes[rows].tolist()]

    return pd.DataFrame(
        {"text": [texts[row] for row in rows.tolist()], "true": labels(evaluation.true)}
        | {f"{name} says": labels(each.predicted) for name, each in runs.evaluations.items()}
    )
