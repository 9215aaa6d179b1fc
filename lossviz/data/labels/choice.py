"""Which columns are proposed as parts of the label, and why the others are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lossviz.data.assumptions import LeftOut
from lossviz.data.files.table import Table, listing
from lossviz.data.labels.columns import Column
from lossviz.data.labels.levels import levels_among
from lossviz.data.labels.redundant import Reasons, contained, copies, rows_of, spread
from lossviz.errors import LossVizError

MOST_PARTS = 12
MOST_LABELS = 1_000
"""Different whole labels: as many as a data set may have."""
MOST_LOST = 0.5
"""Of the rows: a part that costs more of them is not proposed."""
_CHANCE = 0.001
_HARD = (
    "empty",
    "email",
    "link",
    "split",
    "weight",
    "prediction",
    "score",
    "identifier",
    "comment",
    "nested",
    "time",
)
"""What is no label, whatever else there is."""


@dataclass(frozen=True, slots=True)
class ChosenLabels:
    """The label columns, in the file's order, and those that are left out."""

    labels: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


def choose_labels(table: Table, columns: Sequence[Column]) -> ChosenLabels:
    """The parts among the columns that are not the text.

    :raises LossVizError: listing the columns, when none fits.
    """
    deeper = _deeper_levels(columns)
    reasons = {
        column.name: reason
        for column in columns
        if column.name not in deeper and (reason := _no_part(column))
    }
    reasons |= {
        c.name: f"says {min(c.values)!r} or nothing"
        for c in _lone_marks(columns)
        if c.name not in deeper
    }
    parts = [column for column in columns if column.name not in reasons]
    if not parts:
        parts = _second_best(columns)
        reasons = {k: v for k, v in reasons.items() if k not in {c.name for c in parts}}
    if not parts:
        nested = [c.name for c in columns if c.role is not None and c.role.id == "nested"]
        inside = f" In {listing(nested, 3)} there are objects of a tool." if nested else ""
        raise LossVizError(
            f"No column of {table.name} looks like a label (a few values that repeat).{inside} "
            f"Choose the label column; there are: {listing(table.columns)}."
        )
    for thin in (copies, spread, contained, _too_many, _reasons_why, _costly, _too_fine):
        # Of a level that is missing no row is lost.
        lossless = thin in (_reasons_why, _costly)
        looked_at = [c for c in parts if not lossless or c.name not in deeper]
        for column, reason in thin(looked_at):
            reasons[column.name] = reason
        parts = [column for column in parts if column.name not in reasons]
    left_out = [LeftOut(c.name, reasons[c.name]) for c in columns if c.name in reasons]
    return ChosenLabels(tuple(column.name for column in parts), tuple(left_out))


def _deeper_levels(columns: Sequence[Column]) -> frozenset[str]:
    """The columns below the first level of a hierarchy: where they are empty nothing is lost."""
    free = [c for c in columns if c.role is None and (c.categorical or c.compound)]
    hierarchies = levels_among([(column.name, column.cells) for column in free])
    return frozenset(name for levels in hierarchies.values() for name in levels.columns[1:])


def _no_part(column: Column) -> str:
    """Why a column is no part; "" where it is one."""
    if column.role is not None:
        return f"looks like {column.role.phrase}"
    if column.yes_no or column.marked:
        return ""
    if column.empty > MOST_LOST:
        return f"empty in {100 * column.empty:.0f} % of the rows, which would be lost"
    if column.categorical or column.compound:
        return ""
    return f"{column.distinct:,} different values: too many to be a part"


def _lone_marks(columns: Sequence[Column]) -> list[Column]:
    """Columns with one value or nothing that are no choice among several: these stand side by
    side, each with a value of its own, as surveys write questions with several answers."""
    lone: list[Column] = []
    for place, column in enumerate(columns):
        if column.marked and column.role is None:
            beside = [*columns[max(place - 1, 0) : place], *columns[place + 1 : place + 2]]
            if not any(other.marked and other.values != column.values for other in beside):
                lone.append(column)
    return lone


def _second_best(columns: Sequence[Column]) -> list[Column]:
    """Where nothing looks like a part: what looks least unlike one."""
    free = [c for c in columns if c.role is None or c.role.id not in _HARD]
    free = [c for c in free if c.categorical and c.empty <= MOST_LOST]
    constant = [column for column in free if column.label_name]
    varied = [column for column in free if column.distinct > 1]
    nested = any(column.role is not None and column.role.id == "nested" for column in columns)
    return varied or ([] if nested else constant)


def _too_many(columns: Sequence[Column]) -> Reasons:
    """Of more columns than there can be parts, those that say least."""
    if len(columns) <= MOST_PARTS:
        return []
    by_use = sorted(columns, key=lambda c: (not c.label_name, -c.rarest))
    return [(c, f"more than {MOST_PARTS} parts") for c in by_use[MOST_PARTS:]]


def _reasons_why(columns: Sequence[Column]) -> Reasons:
    """Columns that are empty wherever another one has some value, such as why it has another: with
    them that value would be lost."""
    reasons: Reasons = []
    for column in (c for c in columns if c.gaps):
        for other in columns:
            both = {other.folded[row] for row in rows_of(columns) if column.folded[row]}
            lost = [value for value in other.folded if value and value not in both]
            if other.empty < column.empty and lost and column.empty ** len(lost) < _CHANCE:
                shown = other.cells[other.folded.index(lost[0])].strip()
                reasons.append((column, f"empty wherever {other.name!r} is {shown!r}"))
                break
    return reasons


def _costly(columns: Sequence[Column]) -> Reasons:
    """Columns that would cost most of the rows together, the emptiest first."""
    reasons: Reasons = []
    left = list(columns)
    while len(left) > 1:
        gaps = [column for column in left if column.gaps]
        lost = [any(column.folded[row] == "" for column in gaps) for row in rows_of(left)]
        if sum(lost) <= MOST_LOST * len(lost):
            break
        worst = max(gaps, key=lambda column: column.empty)
        share = 100 * sum(lost) / len(lost)
        reasons.append(
            (worst, f"empty in {100 * worst.empty:.0f} % of the rows: {share:.0f} % would be lost")
        )
        left.remove(worst)
    return reasons


def _too_fine(columns: Sequence[Column]) -> Reasons:
    """Columns with which there would be more whole labels than can be told apart."""
    reasons: Reasons = []
    taken: list[Column] = []
    for column in sorted(columns, key=lambda c: (not c.label_name, c.distinct)):
        if (
            taken
            and len(set(zip(*(c.folded for c in (*taken, column)), strict=True))) > MOST_LABELS
        ):
            reasons.append(
                (column, f"with it there would be more than {MOST_LABELS:,} whole labels")
            )
        else:
            taken.append(column)
    return reasons
