"""How cells are read as labels: as yes or no, as tags, or as the parts of one compound label."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from lossviz.errors import LossVizError

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
    answers = {value: answer(value) for value in values if value}
    yes = {value.casefold(): value for value in answers if answers[value] == YES}
    no = {value.casefold(): value for value in answers if answers[value] == NO}
    if not answers or len(yes) > 1 or len(no) > 1 or not all(answers.values()):
        return None
    return Marks(next(iter(yes.values()), ""), next(iter(no.values()), ""), "" in values)


def split_tags(cell: str, separator: str) -> frozenset[str]:
    """The tags of a cell, without brackets and quotes around them.

    >>> sorted(split_tags("['joy', 'anger']", ","))
    ['anger', 'joy']
    """
    parts = (part.strip(" '\"") for part in cell.strip("[](){} ").split(separator))
    return frozenset(part for part in parts if part)


Kind = Literal["characters", "separator", "columns", "whole", "yes/no", "tags"]


@dataclass(frozen=True, slots=True)
class LabelReading:
    """One way to read label cells as parts.

    ``kind`` is ``characters`` (``AC``), ``separator`` (``A|C``), ``columns`` (a column for each
    component), ``whole`` (one component), ``yes/no`` (a column of yes or no for each component)
    or ``tags`` (``joy,anger``: a component for each tag, yes or no).

    :param separator: between parts or tags; "" for the other kinds.
    :param names: proposed for the components, in order; the tags themselves for ``tags``.
    :param evidence: what speaks for it, in words.
    :param unmarked: for ``yes/no``, the columns in which an empty cell means no.
    """

    kind: Kind
    separator: str
    names: tuple[str, ...]
    evidence: str
    unmarked: tuple[str, ...] = ()


def parse_label(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    """The parts of one row's label, without the spaces around them.

    >>> parse_label(LabelReading("separator", "|", ("arousal", "valence"), ""), ["high | low"])
    ('high', 'low')
    >>> parse_label(LabelReading("tags", ",", ("anger", "joy"), ""), ["joy"])
    ('no', 'yes')

    :param cells: the row's cells in the label columns, in order.
    :raises LossVizError: with a phrase that rows share: "empty label", "label without …".
    """
    stripped = [cell.strip() for cell in cells]
    if not stripped:
        raise LossVizError("empty label")
    if reading.kind == "tags":
        return _tags(reading, stripped[0])
    if reading.kind == "yes/no":
        return _answers(reading, stripped)
    if not all(stripped):
        raise LossVizError("empty label")
    if reading.kind in ("columns", "whole"):
        parts = tuple(stripped)
    elif reading.kind == "characters":
        parts = tuple(stripped[0])
    else:
        parts = tuple(part.strip() for part in stripped[0].split(reading.separator))
    if len(parts) != len(reading.names) or not all(parts):
        raise LossVizError(_misfit(reading))
    return parts


def _tags(reading: LabelReading, cell: str) -> tuple[str, ...]:
    tags = split_tags(cell, reading.separator)
    if not tags <= set(reading.names):
        raise LossVizError("label with a tag that was not there when the labels were read")
    return tuple(YES if name in tags else NO for name in reading.names)


def _answers(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    if len(cells) != len(reading.names):
        raise LossVizError(_misfit(reading))
    answers = tuple(
        answer(cell) if cell or name not in reading.unmarked else NO
        for name, cell in zip(reading.names, cells, strict=True)
    )
    if not all(answers):
        raise LossVizError("label that says neither yes nor no" if all(cells) else "empty label")
    return answers


def _misfit(reading: LabelReading) -> str:
    count = len(reading.names)
    if reading.kind == "characters":
        return f"label without exactly {count} characters"
    if reading.kind == "separator":
        return f"label without exactly {count} parts between {reading.separator!r}"
    return f"label without exactly {count} cells"
