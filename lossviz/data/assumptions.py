"""What was taken for granted where a file leaves room, why, and how it is overruled."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

DENIABLE = {
    "export": "unfold the export of a tool that was recognised",
    "lines": "leave out lines above and below the table",
    "headers": "take further rows below the header for headers",
    "heads": "take the first word of each line for its label",
    "merged": "fill merged cells down",
    "null": "take \\N for a missing cell and undo backslashes",
    "class-names": "show class numbers by their names",
    "lists": "take cells in brackets for lists",
    "spelling": "merge values that differ in white space, invisible characters or Unicode form",
    "case": "merge values that differ in case",
    "unknown": "take ?, nan and null for a missing value",
    "annotators": "take the columns of several annotators for rows of their own",
    "split": "use the split that several files stand for",
}
"""What is assumed unless it is denied by this word: on the page by a press, else by ``--not``."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something that was taken for granted.

    :param what: a word of ``DENIABLE``, or what was chosen: ``text``, ``label``, ``parts``.
    :param took: what was taken, in words.
    :param evidence: what speaks for it.
    :param instead: the option of the command line that overrules it.
    :param runner_up: what would have been taken otherwise, in words; "" where nothing would.
    """

    what: str
    took: str
    evidence: str
    instead: str
    runner_up: str = ""

    @property
    def words(self) -> str:
        """In one line.

        >>> Assumption("parts", "two parts at '|'", "98 % of cells have two", "--separator").words
        "Two parts at '|': 98 % of cells have two."
        """
        took = f"{self.took}: {self.evidence}" if self.evidence else self.took
        runner_up = f" Else: {self.runner_up}." if self.runner_up else ""
        return f"{took[:1].upper()}{took[1:].rstrip('.')}.{runner_up}"

    @property
    def deniable(self) -> bool:
        """Whether a press denies it, without a choice of something else."""
        return self.what in DENIABLE

    def to_json(self) -> dict[str, Any]:
        """With the keys that the command line promises."""
        return {
            "what": self.what,
            "took": self.took,
            "evidence": self.evidence,
            "instead": self.instead,
            "runner_up": self.runner_up,
        }


def assumed(what: str, took: str, evidence: str = "", runner_up: str = "") -> Assumption:
    """An assumption that is denied by its word."""
    return Assumption(what, took, evidence, f"--not {what}", runner_up)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A column that is not proposed, and what it was taken for."""

    column: str
    reason: str

    def to_json(self) -> dict[str, str]:
        """With the keys that the command line promises."""
        return {"column": self.column, "reason": self.reason}

    @property
    def words(self) -> str:
        """In one line."""
        return f"{self.column}: {self.reason}"


Denied = Collection[str]
"""Words of ``DENIABLE`` that were denied."""


def listed(assumptions: Iterable[Assumption]) -> list[dict[str, Any]]:
    """As JSON has them."""
    return [assumption.to_json() for assumption in assumptions]
