"""JSON: an array of objects or lists, or an object that holds one, or columns."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from typing import Any, NamedTuple

from lossviz.data.assumptions import Denied
from lossviz.data.files.cells import EXPECTED, Cells, TableFormat
from lossviz.data.files.formats._base import Format
from lossviz.data.files.formats._json import (
    DECODER,
    Record,
    encoding_of,
    open_text,
    shape,
    table_of,
)
from lossviz.errors import LossVizError
from lossviz.guards import MAX_JSON, MAX_VALUE

_FIRST_LOOK = 1 << 14
_ENOUGH = 3
"""Rows: fewer objects are something else."""
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_ROWS = re.compile(r"\[[ \t\r\n]*[\[{]")


class _Value(NamedTuple):
    value: Any
    end: int


class JsonArray(Format):
    """One JSON value in the whole file. Its rows are decoded one after the other."""

    id = "json"
    order = 2
    title = "JSON"
    formats = ("json",)

    def recognises(self, content: bytes, name: str) -> bool:
        """Does it begin as an array of objects or lists, or as an object, does?"""
        return shape(content, name) == "whole"

    def read(
        self, content: bytes, name: str, *, sheet: str | None = None, without: Denied = ()
    ) -> Cells:
        """Keys are columns; a key that a row lacks, and null, are missing cells.

        Understood are ``[{…}, …]``, ``[[…], …]``, ``{"data": [{…}, …]}``,
        ``{"text": […], "label": […]}``, and pandas' ``{"text": {"0": …}, "label": {"0": …}}``.
        """
        if len(content) > MAX_JSON:
            raise LossVizError(
                f"{name} is JSON of {len(content) >> 20:,} MB; at most {MAX_JSON >> 20:,} MB can "
                "be read in one value. Save it as JSON Lines, an object per line."
            )
        file = _File(open_text(content).read(), name)
        form = TableFormat(encoding_of(content), "", True, "json")
        notes = ["Read as JSON: every element is a row, and its keys are the columns."]
        start = file.skip(0)
        if file.text[start] == "[":
            return table_of(lambda: file.rows(start), name, form, notes)
        members = file.members(start)
        if members.rows:
            return _under_a_key(file, members, form)
        records = _across(members.values, name)
        if records:
            notes = ["Read as JSON: every key is a column."]
        elif records := _by_row(members.values):
            notes = ["Read as JSON: every key is the name of a row (orient='index' in pandas)."]
        single = [Record("the object", members.values)]
        return table_of(lambda: iter(records or single), name, form, notes)


def _under_a_key(file: _File, members: _Members, form: TableFormat) -> Cells:
    """The rows in an array of an object, perhaps with the names of their columns beside it."""
    notes = [f"Read as JSON: the rows are the elements of {members.key!r}."]
    names = members.values.get("columns")

    def records() -> Iterator[Record]:
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            yield Record("the names under 'columns'", names)
        yield from file.rows(members.rows)

    named = isinstance(names, list) and file.text[file.skip(members.rows + 1)] == "["
    rows = records if named else lambda: file.rows(members.rows)
    return table_of(rows, file.name, form, notes)


class _Members(NamedTuple):
    """What an object has: where its longest array of rows begins, under which key; other values."""

    rows: int
    key: str
    values: dict[str, Any]


class _File:
    """A JSON text, decoded value by value."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name

    def skip(self, at: int) -> int:
        """Where the next thing stands that is not a space."""
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def value(self, at: int) -> _Value:
        """The value there.

        :raises LossVizError: with the line, where there is none.
        """
        for size in (_FIRST_LOOK, MAX_VALUE):
            piece = self.text[at : at + size]
            cut = at + size < len(self.text)
            try:
                value, end = DECODER.raw_decode(piece)
            except json.JSONDecodeError as error:
                if not cut:
                    raise self.broken(at + error.pos, error.msg) from None
                continue
            except RecursionError:
                raise self.broken(at, "its values are nested too deeply") from None
            if end < size:
                return _Value(value, at + end)
        raise self.broken(at, f"one value has more than {MAX_VALUE:,} characters, or is not JSON")

    def rows(self, start: int) -> Generator[Record, None, int]:
        """The elements of the array there; returns where it ends.

        Nothing may follow it where it is the whole file.
        """
        number, at = 0, self.skip(start + 1)
        while not self.text.startswith("]", at):
            number += 1
            value, at = self.value(at)
            yield Record(f"row {number:,}", value)
            at = self.skip(at)
            if self.text.startswith(",", at):
                at = self.skip(at + 1)
                if self.text.startswith("]", at):
                    raise self.broken(at, "a comma stands before the end of the array")
            elif not self.text.startswith("]", at):
                raise self.broken(at, "expected a comma, or the end of the array")
        if start == self.skip(0) and (rest := self.skip(at + 1)) < len(self.text):
            raise self.broken(rest, "something follows the end of the array")
        return at + 1

    def members(self, start: int) -> _Members:
        """What the object there has."""
        rows, key, size, most = 0, "", 0, -1
        values: dict[str, Any] = {}
        at = self.skip(start + 1)
        while not self.text.startswith("}", at):
            name, at = self.value(at)
            at = self.skip(at)
            if not isinstance(name, str) or not self.text.startswith(":", at):
                raise self.broken(at, "expected a key in quotes, and a colon")
            at = self.skip(at + 1)
            if _ROWS.match(self.text, at):
                begin, (count, at) = at, _exhausted(self.rows(at))
                at = self.skip(at)
                if count > most:
                    rows, key, most = begin, name, count
            else:
                begin = at
                values[name], at = self.value(at)
                size += at - begin
                at = self.skip(at)
            if size > MAX_VALUE:
                raise self.broken(at, f"its columns have more than {MAX_VALUE:,} characters")
            if self.text.startswith(",", at):
                at = self.skip(at + 1)
            elif not self.text.startswith("}", at):
                raise self.broken(at, "expected a comma, or the end of the object")
        if (rest := self.skip(at + 1)) < len(self.text):
            raise self.broken(rest, "something follows the object")
        return _Members(rows, key, values)

    def broken(self, at: int, why: str) -> LossVizError:
        """The sentence for what is wrong there."""
        line = self.text.count("\n", 0, at) + 1
        found = f"found {self.text[at : at + 40]!r}" if at < len(self.text) else "the file ends"
        return LossVizError(
            f"{self.name} is not JSON in line {line:,}: {why}; {found}. Expected an array of "
            "objects, or an object in every line. Correct it there, or save it again."
        )


def _exhausted(rows: Generator[Record, None, int]) -> tuple[int, int]:
    """How much a generator gives, and what it returns when it has given everything."""
    count = 0
    while True:
        try:
            next(rows)
        except StopIteration as stop:
            end: int = stop.value
            return count, end
        count += 1


def _by_row(values: dict[str, Any]) -> list[Record]:
    """The rows of an object that has an object for each row, under its name; none of another."""
    rows = list(values.values())
    if len(rows) < _ENOUGH or not all(isinstance(row, dict) and row for row in rows):
        return []
    columns = {key for row in rows for key in row}
    if len(columns) > len(rows) or all(key.isdigit() for key in columns):
        return []
    return [Record(f"row {name!r}", row) for name, row in values.items()]


def _across(values: dict[str, Any], name: str) -> list[Record]:
    """The rows of columns; none where the object holds other things than columns."""
    if not values or not all(isinstance(value, list | dict) for value in values.values()):
        return []
    if all(isinstance(value, dict) for value in values.values()):
        keys = {tuple(value) for value in values.values()}
        if len(keys) > 1 or (len(values) > len(next(iter(keys))) and _by_row(values)):
            return []
        columns = {key: list(value.values()) for key, value in values.items()}
    elif all(isinstance(value, list) for value in values.values()):
        columns = values
    else:
        return []
    lengths = {key: len(column) for key, column in columns.items()}
    if len(set(lengths.values())) > 1:
        long, short = max(lengths, key=lengths.__getitem__), min(lengths, key=lengths.__getitem__)
        raise LossVizError(
            f"The columns of {name} differ in length: {long!r} has {lengths[long]:,} cells, "
            f"{short!r} has {lengths[short]:,}. Give every column a cell for every row."
        )
    if not any(lengths.values()):
        raise LossVizError(f"{name} has no rows. {EXPECTED}")
    rows = zip(*columns.values(), strict=True)
    return [
        Record(f"row {number:,}", dict(zip(columns, row, strict=True)))
        for number, row in enumerate(rows, start=1)
    ]
