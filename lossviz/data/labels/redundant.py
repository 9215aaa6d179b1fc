"""Columns that say again what others say: each with the reason why it is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lossviz.data.labels.columns import Column
from lossviz.data.labels.parse import parse_label
from lossviz.data.labels.reading import YES
from lossviz.data.labels.spelling import key
from lossviz.errors import LossVizError

Reasons = list[tuple[Column, str]]


def rows_of(columns: Sequence[Column]) -> range:
    """The places of their cells."""
    return range(len(columns[0].cells))


def copies(columns: Sequence[Column]) -> Reasons:
    """Columns that say the same as another one, or annotate the same a second time."""
    kept: list[Column] = []
    reasons: Reasons = []
    for column in sorted(columns, key=lambda column: (column.numbered, len(column.words))):
        same = next((other for other in kept if column.copies(other)), None)
        again = next((other for other in kept if column.repeats(other)), None)
        if same is not None:
            # The names of some numbers may not be there: then these are proposed.
            fuller, other = (column, same) if column.empty < same.empty else (same, column)
            kept[kept.index(same)] = fuller
            reasons.append((other, f"says the same as {fuller.name!r}, which is proposed"))
        elif again is not None:
            reasons.append((column, f"annotates the same as {again.name!r} again"))
        else:
            kept.append(column)
    return reasons


def spread(columns: Sequence[Column]) -> Reasons:
    """Of a question and the columns of its answers (``topics``, ``topics/film``, …) the question,
    where several answers may be given, else the columns."""
    reasons: Reasons = []
    for column in columns:
        answers = [c for c in columns if c.yes_no and _answers(column.name, c.name)]
        given = [
            [key(_answers(column.name, c.name)) for c in answers if c.folded[row] == YES]
            for row in rows_of(columns)
        ]
        same = all(
            answer in key(cell)
            for cell, chosen in zip(column.cells, given, strict=True)
            for answer in chosen
        )
        if len(answers) < 2 or column.yes_no or not same or not any(given):
            continue
        if max(map(len, given)) > 1:
            reasons.append((column, f"says what {' and '.join(c.name for c in answers)} say"))
        else:
            reasons += [(c, f"says what {column.name!r} says") for c in answers]
    return reasons


def _answers(question: str, name: str) -> str:
    """The answer that a column is for, by its name; "" where it is not one to this question."""
    rest = name.removeprefix(question)
    return rest.strip("/_.:-[]() ") if rest != name and rest[:1] in "/_.:-[( " else ""


def contained(columns: Sequence[Column]) -> Reasons:
    """Compound columns whose parts have columns of their own; else columns that are such a part."""
    reasons: Reasons = []
    whole = [column for column in columns if not column.compound]
    for column in columns:
        if not column.compound or column.reading.kind not in ("separator", "groups", "characters"):
            continue
        parts = _parts_of(column)
        same = [
            next((c for c in whole if _same([c.folded[k] for k in parts.rows], part)), None)
            for part in parts.columns
        ]
        if parts.columns and all(same):
            listed = " and ".join(c.name for c in same if c is not None)
            reasons.append((column, f"says what {listed} say together"))
            continue
        reasons += [
            (c, f"says the same as a part of {column.name!r}, which is proposed")
            for c in same
            if c is not None
        ]
    return reasons


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a compound column, and the rows that have them."""

    rows: tuple[int, ...]
    columns: tuple[tuple[str, ...], ...]


def _parts_of(column: Column) -> _Parts:
    rows, parts = [], []
    for place, cell in enumerate(column.cells):
        try:
            parts.append(parse_label(column.reading, [cell]))
        except LossVizError:
            continue
        rows.append(place)
    return _Parts(tuple(rows), tuple(zip(*parts, strict=True)))


def _same(first: Sequence[str], second: Sequence[str]) -> bool:
    pairs = set(zip(first, second, strict=True))
    return len(pairs) == len(set(first)) == len(set(second))
