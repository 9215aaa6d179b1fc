"""JSON values: numbers as they are spelled, values as cells, records as the rows of a table."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from lossviz.data.files.cells import EXPECTED, Cells, Row, TableFormat
from lossviz.data.files.formats._base import Cleaner, bounded
from lossviz.errors import LossVizError
from lossviz.guards import MAX_CELLS, MAX_COLUMNS

MAX_DEPTH = 4
"""Of objects in objects that get columns of their own, ``a.b.c.d``; deeper ones are one text."""
JOIN = "|"
Shape = Literal["lines", "whole"]
_HEAD = 1 << 16
_LINES = (".jsonl", ".ndjson", ".jsonlines")
_STARTS = re.compile(r'\{\s*"|\[\s*(?:[\[{\]]|$)|\{\s*$')


class Spelled(str):
    """A number, or NaN, as it stands in the file."""

    __slots__ = ()


DECODER = json.JSONDecoder(
    parse_float=Spelled, parse_int=Spelled, parse_constant=Spelled, strict=False
)


def encoding_of(content: bytes) -> str:
    """A Python codec name: UTF-8, UTF-16 or UTF-32, by the zeros among the first four bytes."""
    return json.detect_encoding(content[:4])


def open_text(content: bytes) -> io.TextIOWrapper:
    """The text of a JSON file, a line at a time.

    Bytes that are no character become halves of surrogate pairs, which a ``Cleaner`` counts.
    """
    encoding = encoding_of(content)
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    return io.TextIOWrapper(io.BytesIO(content), encoding, errors, newline="\n")


def shape(content: bytes, name: str) -> Shape | None:
    """Is this one JSON value per line, or one value? None where it is not JSON.

    The first value decides where it is whole: what follows it on its line is then nothing, and
    what follows on the next is another one or nothing. Else the file begins as JSON does, or not.
    """
    head = open_text(content[:_HEAD]).read().lstrip(" \t\r\n\ufeff")
    if not head.startswith(("{", "[")):
        return None
    named = _shape_by_name(name)
    first, _, rest = head.partition("\n")
    try:
        value, end = DECODER.raw_decode(first)
    except (ValueError, RecursionError):
        return named or _shape_of_broken(head)
    if first[end:].strip():
        return named
    if rest.lstrip().startswith(("{", "[")) or named == "lines":
        return "lines"
    record = isinstance(value, dict) and not any(isinstance(v, list | dict) for v in value.values())
    return "lines" if record else "whole"


def _shape_by_name(name: str) -> Shape | None:
    folded = name.casefold()
    return "lines" if folded.endswith(_LINES) else "whole" if folded.endswith(".json") else None


def _shape_of_broken(head: str) -> Shape | None:
    """By how it begins, where its first line is not a JSON value."""
    lines = head.split("\n", 2)
    if len(lines) > 1 and all(re.match(r'\{\s*"', line) for line in lines[:2]):
        return "lines"
    return "whole" if _STARTS.match(head) else None


def columns_of(record: Mapping[str, Any], prefix: str = "", depth: int = 1) -> Iterator[str]:
    """The columns that an object fills, those of objects in it as ``outer.inner``."""
    for key, value in record.items():
        if isinstance(value, dict) and value and depth < MAX_DEPTH:
            yield from columns_of(value, f"{prefix}{key}.", depth + 1)
        else:
            yield prefix + key


def values_of(record: Mapping[str, Any], depth: int = 1) -> Iterator[Any]:
    """What stands in the columns of :func:`columns_of`."""
    for value in record.values():
        if isinstance(value, dict) and value and depth < MAX_DEPTH:
            yield from values_of(value, depth + 1)
        else:
            yield value


def cell_of(value: Any, cleaner: Cleaner, where: str) -> str:
    """The cell of a value: a list of plain ones is joined, other lists and objects stay JSON."""
    if isinstance(value, str):
        return cleaner.clean(value, where)
    if isinstance(value, list) and not any(isinstance(item, list | dict) for item in value):
        items = [cell_of(item, cleaner, where) for item in value]
        if not any(JOIN in item for item in items):
            return JOIN.join(items)
    if not isinstance(value, list | dict):
        return plain(value)
    try:
        return cleaner.clean(compact(value), where) if value else ""
    except RecursionError:
        raise LossVizError(f"A value in {where} is nested too deeply to be a cell.") from None


def plain(value: bool | None) -> str:
    """``true``, ``false``, or "" for null."""
    return "" if value is None else "true" if value else "false"


def compact(value: Any) -> str:
    """JSON without spaces, numbers as they were spelled."""
    if isinstance(value, dict):
        pairs = (
            f"{json.dumps(k, ensure_ascii=False)}:{compact(item)}" for k, item in value.items()
        )
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(compact, value)) + "]"
    if isinstance(value, Spelled):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def what(value: Any) -> str:
    """A value's kind, for a sentence."""
    if isinstance(value, Spelled):
        return "a number"
    if isinstance(value, Sequence):
        return "a text" if isinstance(value, str) else "a list"
    return {dict: "an object", bool: "true or false"}.get(type(value), "null")


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
    return max(widths.items(), key=lambda width: (width[1], width[0]))[0]


def _of_objects(
    records: Records, columns: list[str], cleaner: Cleaner, notes: list[str]
) -> Iterator[Row]:
    for where, value in records():
        by_column = dict(zip(columns_of(value), values_of(value), strict=True))
        yield [cell_of(by_column.get(column), cleaner, where) for column in columns]
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
