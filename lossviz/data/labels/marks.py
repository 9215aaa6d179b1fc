"""Cells that say yes or no: ``1`` and ``0``, ``true`` and ``false``, or a cross and nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

YES, NO = "yes", "no"
# fmt: off
_YES = frozenset(
    "1 1.0 yes y true t x ✓ ✔ ☑ ja j oui si sí sim da да wahr vrai".split()  # noqa: SIM905
)
_NO = frozenset(
    "0 0.0 no n false f - ✗ ✘ ☐ nein non não nao nej нет falsch faux".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Marks:
    """How the cells of a column say yes and no.

    :param yes: as it is written; "" where no cell says yes.
    :param no: as it is written; "" where no cell says no in so many words.
    :param blank: whether some cells are empty.
    """

    yes: str
    no: str
    blank: bool

    @property
    def unmarked(self) -> bool:
        """Does an empty cell mean no? It does where nothing else does; else it is missing."""
        return self.blank and not self.no

    @property
    def varied(self) -> bool:
        """Are there rows of both kinds?"""
        return bool(self.yes) and (bool(self.no) or self.blank)

    def __str__(self) -> str:
        return f"{self.yes or YES} and {self.no or 'an empty cell'}"


def answer(cell: str) -> str:
    """``yes`` or ``no``; "" for a cell that says neither.

    >>> answer("TRUE"), answer("0"), answer("perhaps"), answer("")
    ('yes', 'no', '', '')
    """
    folded = cell.strip().casefold()
    return YES if folded in _YES else NO if folded in _NO else ""


def marks_of(cells: Iterable[str]) -> Marks | None:
    """How a column says yes and no; None where it has other cells, or two words for the same.

    >>> marks_of(["x", "", "X"]).unmarked, marks_of(["1", "0", ""]).unmarked
    (True, False)
    >>> marks_of(["yes", "no", "perhaps"]) is None, marks_of(["1", "yes"]) is None
    (True, True)
    """
    values = sorted({cell.strip() for cell in set(cells)})
    said = {value: answer(value) for value in values if value}
    yes = {value.casefold(): value for value in said if said[value] == YES}
    no = {value.casefold(): value for value in said if said[value] == NO}
    if not said or len(yes) > 1 or len(no) > 1 or not all(said.values()):
        return None
    return Marks(next(iter(yes.values()), ""), next(iter(no.values()), ""), "" in values)
