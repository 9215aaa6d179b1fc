"""Objects in cells, whoever wrote them: their keys are columns, and people's are rows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from lossviz.data.files.exports._export import Beginning, Export, Fields, cell_of, decoded

_NAMES = ("name", "key", "question", "attribute", "task", "part", "type", "from_name")
_VALUES = ("value", "answer", "choice", "choices", "label", "labels")
_WHO = ("annotator", "annotator_id", "user", "user_id", "worker", "worker_id", "coder", "rater")
_PAIR = re.compile(r"\s*([^\W\d][\w ]{0,30}?)\s*[:=]\s*([^:=;,|]{1,40}?)\s*")
_BETWEEN = re.compile(r"[;,|]")
_MOST_KEYS = 12
_NEARLY = 0.9
_LONGEST = 2_000
_EMPTY: Fields = {}
_found: WeakKeyDictionary[Beginning, tuple[str, ...]] = WeakKeyDictionary()


def _is_packed(head: Beginning) -> bool:
    return len(head.rows) > 1 and bool(_columns(head))


def _columns(head: Beginning) -> tuple[str, ...]:
    """The columns whose cells are such."""
    if head not in _found:
        _found[head] = tuple(
            name for name in head.names if is_packed([row.get(name, "") for row in head.rows])
        )
    return _found[head]


def is_packed(cells: Sequence[str]) -> bool:
    """Are these objects of the same few keys, or lists of objects?"""
    filled = [cell for cell in cells if cell.strip()]
    rows = [_rows(cell) for cell in filled]
    keys = {key for found in rows for row in found for key in row}
    enough = sum(bool(found) for found in rows) >= max(_NEARLY * len(filled), 2)
    # One key says nothing more than the cell does.
    return enough and 1 < len(keys) <= _MOST_KEYS


def _rows(cell: str) -> list[Fields]:
    """The objects of a cell: one, or one for each person; none where it holds none."""
    if not 3 <= len(cell) <= _LONGEST:
        return []
    value = _value(cell)
    if isinstance(value, dict):
        return [fields] if (fields := _plain(value)) else []
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return _of_items(value)
    pairs = [_PAIR.fullmatch(piece) for piece in _BETWEEN.split(cell)] if value is None else []
    if len(pairs) > 1 and all(pairs):
        return [{pair[1]: pair[2] for pair in pairs if pair is not None}]
    return []


def _of_items(items: list[Mapping[str, Any]]) -> list[Fields]:
    """What a list of objects says: of each person, or of each name; none of passages."""
    if {"start", "end"} & set(items[0]):
        return []
    if any(who in items[0] for who in _WHO):
        return [fields for item in items if (fields := _by_whom(item))]
    return [fields] if (fields := _named(items)) else []


def _value(cell: str) -> Any:
    value = decoded(cell)
    if value is None and cell.startswith("{'") and cell.count("{") == 1 and "--" not in cell:
        try:
            return ast.literal_eval(cell)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            return None
    return value


def _plain(value: Mapping[str, Any]) -> Fields:
    """The keys of an object of plain values; none where it says which values hold, or holds a list
    of choices."""
    fields = {str(key): item for key, item in value.items()}
    marks = all(item in (0, 1) for item in fields.values() if not isinstance(item, list | dict))
    if marks or not all(isinstance(item, str | int | float | None) for item in fields.values()):
        return _EMPTY
    return {key: "" if item is None else str(item) for key, item in fields.items()}


def _by_whom(item: Mapping[str, Any]) -> Fields:
    who = next(str(item[key]) for key in _WHO if key in item) if set(_WHO) & set(item) else ""
    rest = {key: value for key, value in item.items() if key not in _WHO}
    fields = {
        key: cell_of(value if isinstance(value, list) else [value])
        for key, value in rest.items()
        if not isinstance(value, dict)
    }
    return fields | {"annotator": who} if who and fields else _EMPTY


def _named(items: list[Mapping[str, Any]]) -> Fields:
    """Objects that have a name and a value each."""
    fields: Fields = {}
    for item in items:
        name = next((key for key in _NAMES if isinstance(item.get(key), str)), None)
        value = next((key for key in _VALUES if key in item), None)
        if name is None or value is None or str(item[name]) in fields:
            return _EMPTY
        chosen = item[value]
        fields[str(item[name])] = cell_of(chosen if isinstance(chosen, list) else [chosen])
    return fields


def _unfold(row: Fields, head: Beginning) -> Iterator[Fields]:
    columns = _columns(head)
    base = {name: cell for name, cell in row.items() if name not in columns}
    rows = [base]
    for column in columns:
        packed = _rows(row.get(column, ""))
        inside = [{_free(key, column, base): v for key, v in one.items()} for one in packed]
        rows = [one | more for one in rows for more in (inside or [_EMPTY])]
    yield from rows


def _free(key: str, column: str, base: Fields) -> str:
    return f"{column}.{key}" if key in base else key


OBJECTS = Export(
    "objects",
    "",
    _is_packed,
    _unfold,
    "cells hold objects: their keys are columns, and what each person said is a row",
)
