"""Confusion matrices of runs that are over, of the whole label or of a part."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from lossviz.evaluation import Confusion, Evaluation, confusion_of_component, confusion_of_labels
from lossviz.figures import Labels, confused, confusion_top
from lossviz.figures.chart import shortened
from lossviz.schema import LabelSchema
from lossviz.ui.chart import draw
from lossviz.ui.train.matrices import HEIGHT, LONGEST_OPTION, LONGEST_SEGMENT, MOST_SEGMENTS
from lossviz.ui.view import WHOLE
from lossviz.ui.words import plain


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


def confusion_of(evaluation: Evaluation, schema: LabelSchema, target: int) -> Confusion:
    """Of the whole label, or of a part."""
    if target == WHOLE:
        return confusion_of_labels(evaluation, schema)
    return confusion_of_component(evaluation, schema, target)


def matrices(
    evaluations: Mapping[str, Evaluation],
    schema: LabelSchema,
    target: int,
    key: str,
    on_click: Callable[[], None] | None = None,
) -> tuple[Confusion, object] | None:
    """One for each run, on one colour scale.

    :param evaluations: by letter; a run by itself may have none.
    :returns: the matrix and the cell that was just clicked.
    """
    found = {letter: confusion_of(own, schema, target) for letter, own in evaluations.items()}
    top = confusion_top(found.values(), "true")
    whole = target == WHOLE
    name = "whole label" if whole else schema.names[target]
    labels = Labels.whole(schema) if whole else Labels.component(schema, target)
    clicked = None
    with st.grid(max(2, len(found)), min_column_width=280, gap="small"):
        for letter, matrix in found.items():
            chart = confused(letter, matrix, "true", name, top, labels)
            cell = draw(chart, key=f"{key}-confusion-{letter}", height=HEIGHT, on_click=on_click)
            if cell is not None:
                clicked = matrix, cell
    return clicked
