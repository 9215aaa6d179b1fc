"""What every export is: how it is recognised by its shape, and what its rows become."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lossviz.data.files.cells import SKIPPED

Fields = dict[str, str]


@dataclass(frozen=True, eq=False)
class Beginning:
    """The names of the columns, and the first rows under them."""

    names: tuple[str, ...]
    rows: tuple[Fields, ...]

    def has(self, *names: str) -> bool:
        """Are all of these columns there?"""
        return set(names) <= set(self.names)

    def starting(self, prefix: str) -> tuple[str, ...]:
        """The columns whose names begin so."""
        return tuple(name for name in self.names if name.startswith(prefix))

    def objects(self, name: str) -> list[Mapping[str, Any]]:
        """The objects in the lists of a column."""
        values = (decoded(row.get(name, "")) for row in self.rows)
        lists = [value for value in values if isinstance(value, list)]
        return [item for value in lists for item in value if isinstance(item, dict)]

    @cached_property
    def filled(self) -> frozenset[str]:
        """The columns in which something stands."""
        return frozenset(name for row in self.rows for name, cell in row.items() if cell.strip())

    def values(self, name: str) -> set[str]:
        """The different cells of a column."""
        return {row.get(name, "") for row in self.rows} - {""}


Unfold = Callable[[Fields, Beginning], Iterator[Fields]]


@dataclass(frozen=True, slots=True)
class Export:
    """The shape in which a tool writes what people annotated with it.

    :param id: for a program.
    :param tool: whose export it is; "" where many write so.
    :param recognises: by the names of the columns, and by the first rows.
    :param unfold: the rows that a row becomes, those with ``SKIPPED`` left out for that reason;
        None where they stay as they are.
    :param says: what is made of it, in words.
    :param refusal: why it cannot be used, and what to do; "" where it can.
    """

    id: str
    tool: str
    recognises: Callable[[Beginning], bool]
    unfold: Unfold | None = None
    says: str = ""
    refusal: str = ""


def decoded(cell: str) -> Any:
    """The list or object that a cell holds as JSON; None where it holds none."""
    if not cell.startswith(("[", "{")):
        return None
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return None


def cell_of(values: Sequence[Any]) -> str:
    """The cell of what somebody chose: the value, or a list of several."""
    texts = [str(value) for value in values if value not in (None, "")]
    return texts[0] if len(texts) == 1 else json.dumps(texts, ensure_ascii=False) if texts else ""


def skipped(row: Fields, reason: str) -> Fields:
    """The row with the reason why it is left out."""
    return row | {SKIPPED: reason}


def without_prefix(row: Fields, prefix: str) -> Fields:
    """The cells of the columns that begin so, by the rest of their names."""
    return {name[len(prefix) :]: cell for name, cell in row.items() if name.startswith(prefix)}


def person(value: Any) -> str:
    """Who it was, by whatever names people."""
    if isinstance(value, dict):
        return next((str(value[k]) for k in ("username", "email", "id") if value.get(k)), "")
    return "" if value is None else str(value)
