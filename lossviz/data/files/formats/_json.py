"""JSON values: decoded with their numbers as they are spelled, and laid out as cells."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from lossviz.data.files.formats._base import Cleaner
from lossviz.errors import LossVizError

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
        return JOIN.join(cell_of(item, cleaner, where) for item in value)
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
