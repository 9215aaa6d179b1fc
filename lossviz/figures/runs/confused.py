"""What is taken for what: a matrix, or what says more where labels are very many."""

from __future__ import annotations

from dataclasses import dataclass

from lossviz.experiments.evaluation import WHOLE, Confusion
from lossviz.figures.base.chart import Chart
from lossviz.figures.runs.blocks import MOST_CELLS, Group, block_matrix
from lossviz.figures.runs.matrices import MOST_LABELS, Normalise, confusion
from lossviz.figures.runs.pairs import Labels, confused_pairs
from lossviz.schema import LabelSchema


@dataclass(frozen=True)
class Look:
    """How confusion is looked at.

    :param target: the number of a part, or the whole label.
    :param normalise: what 100 % is.
    :param all_cells: whether matrices of very many labels are drawn, too.
    :param grouped: the part by which their rows and columns are grouped.
    """

    target: int = WHOLE
    normalise: Normalise = "true"
    all_cells: bool = False
    grouped: int = 0


AT_FIRST = Look()
"""Whole labels, each row of them 100 %."""


def can_be_drawn(labels: int) -> bool:
    """Whether a matrix is too large to be drawn unasked, but not too large at all."""
    return labels > MOST_LABELS and labels**2 <= MOST_CELLS


def confused(
    letter: str, matrix: Confusion | None, look: Look, schema: LabelSchema, top: float
) -> Chart:
    """The matrix of so many labels as have room, and the most confused pairs of more; or all cells,
    where that is what is looked at.

    :param letter: of the run; empty where there is only one.
    :param top: of the colour scale.
    """
    k = look.target
    name = "whole label" if k == WHOLE else schema.names[k]
    labels = Labels.whole(schema) if k == WHOLE else Labels.component(schema, k)
    if matrix is None or len(matrix.labels) <= MOST_LABELS:
        return confusion(letter, matrix, look.normalise, name, top)
    if look.all_cells and can_be_drawn(len(matrix.labels)):
        group = _group(matrix, labels, look.grouped)
        return block_matrix(letter, matrix, look.normalise, name, top, group)
    return confused_pairs(letter, matrix, name, labels)


def _group(matrix: Confusion, labels: Labels, grouped: int) -> Group | None:
    """What the rows and columns of a large matrix are grouped by."""
    if len(labels.components) == 1:
        return None
    k = min(grouped, len(labels.components) - 1)
    return Group(labels.values[k], matrix.codes[:, k])
