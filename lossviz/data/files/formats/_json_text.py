"""A JSON text, decoded value by value: its rows need not be held together."""

from __future__ import annotations

import json
import re
from collections.abc import Generator
from typing import Any, NamedTuple

from lossviz.data.files.formats._json import DECODER, Record
from lossviz.errors import LossVizError
from lossviz.guards import MAX_VALUE

_FIRST_LOOK = 1 << 14
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_ROWS = re.compile(r"\[[ \t\r\n]*[\[{]")


class _Value(NamedTuple):
    value: Any
    end: int


class Members(NamedTuple):
    """What an object has: where its longest array of rows begins, under which key; all such arrays
    by their keys; other values."""

    rows: int
    key: str
    arrays: dict[str, int]
    values: dict[str, Any]


class JsonText:
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

    def members(self, start: int) -> Members:
        """What the object there has."""
        rows, key, size, most = 0, "", 0, -1
        arrays: dict[str, int] = {}
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
                arrays[name] = begin
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
        return Members(rows, key, arrays, values)

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
