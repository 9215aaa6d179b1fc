"""The exports that are recognised by their shape. A new tool is one entry of ``EXPORTS``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice

from lossviz.data.assumptions import Denied, assumed
from lossviz.data.files.cells import SKIPPED, Cells, Row
from lossviz.data.files.exports._export import Beginning, Export, Fields
from lossviz.data.files.exports.argilla import ARGILLA
from lossviz.data.files.exports.doccano import DOCCANO
from lossviz.data.files.exports.label_studio import FLAT, TASKS
from lossviz.data.files.exports.objects import OBJECTS
from lossviz.data.files.exports.others import CHAT, HUGGING_FACE_ROWS
from lossviz.data.files.exports.prodigy import PRODIGY
from lossviz.data.files.exports.spacy import SPACY
from lossviz.data.files.formats._base import bounded
from lossviz.errors import LossVizError

EXPORTS = (TASKS, FLAT, PRODIGY, ARGILLA, DOCCANO, SPACY, CHAT, HUGGING_FACE_ROWS, OBJECTS)
_LOOKED_AT = 50


def unfolded(cells: Cells, name: str, without: Denied = ()) -> Cells:
    """The cells with the rows of an export as rows of texts and labels, where they are of one.

    :raises LossVizError: for an export that cannot be used, or that labels no text.
    """
    head = list(islice(cells.rows, _LOOKED_AT))
    cells = replace(cells, rows=chain(head, cells.rows))
    if "export" in without or not head:
        return cells
    shape = _head(cells, head)
    export = next((export for export in EXPORTS if export.recognises(shape)), None)
    if export is None:
        return cells
    if export.refusal:
        raise LossVizError(f"{name} {export.refusal}")
    took, why = f"this is {export.tool}'s export", export.says
    if not export.tool:
        took, _, why = export.says.partition(": ")
    told = assumed("export", took, why, "as a table")
    cells = replace(cells, assumptions=(*cells.assumptions, told))
    return cells if export.unfold is None else _unfold(cells, name, export, shape)


def _head(cells: Cells, rows: list[Row]) -> Beginning:
    names = cells.names or _names(rows[0], cells.width)
    first = rows if cells.names or names != tuple(rows[0]) else rows[1:]
    return Beginning(names, tuple(_fields(names, row) for row in first))


def _names(first: Row, width: int) -> tuple[str, ...]:
    """The first row as names; numbers where a cell of it is no name."""
    if all(0 < len(cell) < 100 and "{" not in cell for cell in first):
        return tuple(first)
    return tuple(str(number) for number in range(width))


def _fields(names: tuple[str, ...], row: Row) -> Fields:
    return dict(zip(names, row, strict=False))


def _each(name: str, export: Export, shape: Beginning, number: int, row: Row) -> list[Fields]:
    """The rows that a row becomes.

    :raises LossVizError: where it is not as the first rows are.
    """
    assert export.unfold is not None
    try:
        return list(export.unfold(_fields(shape.names, row), shape))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        whose = f"{export.tool}'s export" if export.tool else "cells of objects"
        raise LossVizError(
            f"{name} begins as {whose}, but row {number:,} is not written so: {row!r:.80}. Correct "
            "it there, or read the file as a table (--not export)."
        ) from None


def _unfold(cells: Cells, name: str, export: Export, shape: Beginning) -> Cells:
    """All rows, unfolded; their columns are known once all have been."""
    rows = cells.rows
    if cells.names is None and not shape.names[0].isdigit():
        rows = islice(rows, 1, None)
    unfolded_rows = [
        out for number, row in enumerate(rows, 1) for out in _each(name, export, shape, number, row)
    ]
    reasons = [row[SKIPPED] for row in unfolded_rows if SKIPPED in row]
    if reasons and len(reasons) == len(unfolded_rows):
        raise LossVizError(
            f"{name} is {export.tool}'s export, and none of its rows can be used: {reasons[0]}. "
            "Export texts that have labels, or read the file as a table (--not export)."
        )
    columns = list(dict.fromkeys(column for row in unfolded_rows for column in row))

    def out() -> Iterator[Row]:
        for row in unfolded_rows:
            yield [row.get(column, "") for column in columns]

    return replace(cells, names=tuple(columns), rows=bounded(out(), name), width=len(columns))
