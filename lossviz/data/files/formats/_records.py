"""The table that records make: JSON objects or lists, each of them a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from lossviz.data.files.cells import Cells, Row, TableFormat
from lossviz.data.files.formats._base import MAX_CELLS, Cleaner, bounded
from lossviz.data.files.formats._json import cell_of, columns_of, values_of, what
from lossviz.data.files.limits import EXPECTED, MAX_COLUMNS
from lossviz.errors import LossVizError


class Record(NamedTuple):
    """A JSON value, and where it stands: ``line 3``."""

    where: str
    value: Any


Records = Callable[[], Iterator[Record]]


def table_of(records: Records, name: str, form: TableFormat, notes: list[str]) -> Cells:
    """Objects as rows under the union of their keys, in order of appearance; or lists as rows.

    :param records: reads the file anew: once for the columns, once for the rows.
    :param notes: in the end they say what had to be replaced.
    """
    first = next(records(), None)
    if first is None:
        raise LossVizError(f"{name} has no rows. {EXPECTED}")
    cleaner = Cleaner()
    if isinstance(first.value, list):
        width = _common_width(records, name)
        rows = _of_lists(records, cleaner, notes)
        return Cells(None, bounded(rows, name), width, form, notes)
    columns = _union(records, name)
    names = tuple(cleaner.clean(column, "the names of the columns") for column in columns)
    rows = _of_objects(records, columns, cleaner, notes)
    return Cells(names, bounded(rows, name), len(names), form, notes)


def _union(records: Records, name: str) -> list[str]:
    """The columns of all objects."""
    columns: dict[str, None] = {}
    count = 0
    for where, value in records():
        count += 1
        if not isinstance(value, dict):
            raise _other_kind(name, where, value, "an object, as in the first row")
        columns.update(dict.fromkeys(columns_of(value)))
        if len(columns) > MAX_COLUMNS:
            raise LossVizError(
                f"Up to {where}, {name} has {len(columns):,} different keys; at most "
                f"{MAX_COLUMNS:,} can be columns. Keep the text and the labels."
            )
    if not columns:
        raise LossVizError(f"{name} has only empty objects. {EXPECTED}")
    if count * len(columns) > MAX_CELLS:
        raise LossVizError(
            f"{name} has {count:,} rows and {len(columns):,} different keys, that is "
            f"{count * len(columns):,} cells; at most {MAX_CELLS:,} can be read. Keep the text and "
            "the labels only, or fewer rows."
        )
    return list(columns)


def _common_width(records: Records, name: str) -> int:
    """The commonest length of the lists."""
    widths: Counter[int] = Counter()
    for where, value in records():
        if not isinstance(value, list):
            raise _other_kind(name, where, value, "a list, as in the first row")
        widths[len(value)] += 1
    return max(widths.items(), key=lambda own: (own[1], own[0]))[0]


def _of_objects(
    records: Records, columns: list[str], cleaner: Cleaner, notes: list[str]
) -> Iterator[Row]:
    for where, value in records():
        own = dict(zip(columns_of(value), values_of(value), strict=True))
        yield [cell_of(own.get(column), cleaner, where) for column in columns]
    notes += cleaner.notes()


def _of_lists(records: Records, cleaner: Cleaner, notes: list[str]) -> Iterator[Row]:
    for where, value in records():
        yield [cell_of(item, cleaner, where) for item in value]
    notes += cleaner.notes()


def _other_kind(name: str, where: str, value: Any, expected: str) -> LossVizError:
    return LossVizError(
        f"{where[0].upper()}{where[1:]} of {name} is {what(value)}; expected {expected}. "
        "Give every row the same keys."
    )
