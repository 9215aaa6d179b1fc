"""JSON: an array of objects or lists, or an object that holds one, or columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lossviz.data.assumptions import Denied
from lossviz.data.files.cells import EXPECTED, Cells, TableFormat
from lossviz.data.files.formats._base import Format
from lossviz.data.files.formats._json import (
    Record,
    encoding_of,
    open_text,
    shape,
    table_of,
)
from lossviz.data.files.formats._json_text import JsonText, Members
from lossviz.data.files.sides import side_of_word
from lossviz.errors import LossVizError
from lossviz.guards import MAX_JSON

_ENOUGH = 3
"""Rows: fewer objects are something else."""


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
        file = JsonText(open_text(content).read(), name)
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


def _under_a_key(file: JsonText, members: Members, form: TableFormat) -> Cells:
    """The rows in an array of an object, perhaps with the names of their columns beside it; in
    several arrays where their keys say train and test."""
    sides = [key for key in members.arrays if side_of_word(key.casefold())]
    if members.key in sides and len(sides) > 1:
        return _divided(file, members, sides, form)
    notes = [f"Read as JSON: the rows are the elements of {members.key!r}." + _rest(members)]
    names = members.values.get("columns")

    def records() -> Iterator[Record]:
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            yield Record("the names under 'columns'", names)
        yield from file.rows(members.rows)

    named = isinstance(names, list) and file.text[file.skip(members.rows + 1)] == "["
    rows = records if named else lambda: file.rows(members.rows)
    return table_of(rows, file.name, form, notes)


def _divided(file: JsonText, members: Members, sides: list[str], form: TableFormat) -> Cells:
    """The rows of several arrays, each with its array's key."""
    said = ", ".join(map(repr, sides))
    notes = [f"Read as JSON: the rows are the elements of {said}." + _rest(members, sides)]

    def records() -> Iterator[Record]:
        for key in sides:
            for where, value in file.rows(members.arrays[key]):
                row = value
                if isinstance(value, dict):
                    row = {"split": key, **value}
                elif isinstance(value, list):
                    row = [*value, key]
                yield Record(f"{where} of {key!r}", row)

    return table_of(records, file.name, form, notes)


def _rest(members: Members, taken: Sequence[str] = ()) -> str:
    """The other arrays, as a sentence behind others."""
    rest = [key for key in members.arrays if key not in (taken or (members.key,))]
    return f" Left out: {', '.join(map(repr, rest[:6]))}." if rest else ""


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
