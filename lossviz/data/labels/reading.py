"""How cells are read as labels: as yes or no, as tags, or as the parts of one compound label."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from lossviz.data.labels.items import items_of, list_of
from lossviz.data.labels.spelling import UNKNOWN, fold_of, key, tidy
from lossviz.errors import LossVizError

YES, NO = "yes", "no"
NONE = "(none)"
"""The value of a level that a path does not reach."""
# fmt: off
_YES = frozenset(
    "1 1.0 yes y true t x ✓ ✔ ☑ ✅ ja j oui si sí sim da да так wahr vrai waar vero verdadero "  # noqa: SIM905
    "verdadeiro prawda tak ano áno igen kyllä evet bəli ya có jah taip jā ναι ναί כן نعم हाँ हां "
    "はい 是 对 對 예 네 ใช่ checked selected present".split()
)
_NO = frozenset(
    "0 0.0 no n false f - ✗ ✘ ☐ ❌ nein nee non não nao nej нет ні falsch faux onwaar falso "  # noqa: SIM905
    "fałsz nie nem ei hayır hayir xeyr tidak không όχι לא لا नहीं いいえ 否 不是 不 아니요 아니오 "
    "ไม่ unchecked unselected absent".split()
)
# fmt: on


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
    folded = key(cell)
    return YES if folded in _YES else NO if folded in _NO else ""


def marks_of(cells: Iterable[str], *, anything: bool = False) -> Marks | None:
    """How a column says yes and no; None where it has other cells, or two words for the same.

    :param anything: whether any one value, beside empty cells, says yes.

    >>> marks_of(["x", "", "X"]).unmarked, marks_of(["1", "0", ""]).unmarked
    (True, False)
    >>> marks_of(["yes", "no", "perhaps"]) is None, marks_of(["1", "yes"]) is None
    (True, True)
    """
    values = sorted({"" if unknown(cell) else tidy(cell) for cell in set(cells)})
    answers = {value: answer(value) for value in values if value}
    yes = {value.casefold(): value for value in answers if answers[value] == YES}
    no = {value.casefold(): value for value in answers if answers[value] == NO}
    if anything and len(answers) == 1 and "" in values and not all(answers.values()):
        return Marks(next(iter(answers)), "", True)
    if not answers or len(yes) > 1 or len(no) > 1 or not all(answers.values()):
        return None
    return Marks(next(iter(yes.values()), ""), next(iter(no.values()), ""), "" in values)


def unknown(cell: str, exact: Sequence[str] = ()) -> bool:
    """Is it empty, or does it say that nothing is known?

    >>> unknown(" "), unknown("NaN"), unknown("none"), unknown("?", exact=("unknown",))
    (True, True, False, False)
    """
    value = tidy(cell)
    return not value or (value.casefold() in UNKNOWN and "unknown" not in exact)


Kind = Literal[
    "characters", "separator", "columns", "whole", "yes/no", "tags", "groups", "levels", "set"
]


@dataclass(frozen=True, slots=True)
class LabelReading:
    """One way to read label cells as parts.

    ``kind`` is ``characters`` (``AC``), ``separator`` (``A|C``), ``columns`` (a column for each
    component), ``whole`` (one component), ``yes/no`` (a column of yes or no for each component),
    ``tags`` (``joy,anger``: a component for each tag, yes or no), ``groups`` (``C,A`` as well as
    ``A,C``: a component for each group of values that exclude each other), ``levels``
    (``A > B > C``: a component for each level) or ``set`` (one component: the tags in any order).

    :param separator: between parts, tags or levels; "" for the other kinds.
    :param names: proposed for the components, in order; the tags themselves for ``tags``.
    :param evidence: what speaks for it, in words.
    :param unmarked: for ``yes/no`` and ``groups``, the columns in which an empty cell means no.
    :param groups: for ``groups``, the values of each component.
    :param inner: for ``columns``, how each of them is read; none where each is a component.
    :param columns: for ``groups``, the value that each column stands for; none in one column.
    :param exact: what is not read otherwise than it is written: words of
        :data:`lossviz.data.assumptions.DENIABLE`.
    """

    kind: Kind
    separator: str
    names: tuple[str, ...]
    evidence: str
    unmarked: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    inner: tuple[LabelReading, ...] = ()
    columns: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """How many columns it reads, as one of several readings."""
        return max(len(self.columns), 1)

    @property
    def title(self) -> str:
        """The way of reading in a few words."""
        parts = f"{len(self.names)} parts"
        if self.inner:
            return f"{parts} in {sum(inner.width for inner in self.inner)} columns"
        titles: dict[Kind, str] = {
            "whole": "as one part",
            "characters": f"{parts}, one character each",
            "columns": f"{parts}, one column each",
            "yes/no": f"{parts}, yes or no",
            "tags": f"{parts}, a list of tags at “{self.separator}”",
            "groups": f"{parts} whose values exclude each other",
            "levels": f"{parts}, levels of a hierarchy at “{self.separator}”",
            "set": "as one part, a list in any order",
            "separator": f"{parts}, split at “{self.separator}”",
        }
        return titles[self.kind]

    def items(self, cell: str) -> list[str]:
        """The items of a cell, as this reading separates them."""
        separator = self.separator or "\x1f"
        return items_of(cell, separator, lists="lists" not in self.exact)


def parse_label(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    """The parts of one row's label, without the spaces around them.

    >>> parse_label(LabelReading("separator", "|", ("arousal", "valence"), ""), ["high | low"])
    ('high', 'low')
    >>> parse_label(LabelReading("tags", ",", ("anger", "joy"), ""), ["joy"])
    ('no', 'yes')

    :param cells: the row's cells in the label columns, in order.
    :raises LossVizError: with a phrase that rows share: "empty label", "no value for …".
    """
    if not cells:
        raise LossVizError("empty label")
    if reading.inner:
        if len(cells) != sum(inner.width for inner in reading.inner):
            raise LossVizError(_misfit(reading))
        rest = iter(cells)
        outcomes = [_or_reason(inner, list(islice(rest, inner.width))) for inner in reading.inner]
        return _together(reading, outcomes, cells)
    if reading.kind == "yes/no":
        return _answers(reading, cells)
    if reading.kind == "groups":
        return _of_groups(reading, cells)
    return _PARSERS[reading.kind](reading, cells)


def _or_reason(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...] | str:
    try:
        return parse_label(reading, cells)
    except LossVizError as error:
        return str(error)


def _together(
    reading: LabelReading, outcomes: Sequence[tuple[str, ...] | str], cells: Sequence[str]
) -> tuple[str, ...]:
    """The parts of several columns, each of which was read by itself."""
    reasons = {
        inner.names: outcome
        for inner, outcome in zip(reading.inner, outcomes, strict=True)
        if isinstance(outcome, str)
    }
    if not reasons:
        return tuple(part for outcome in outcomes for part in outcome)
    if all(unknown(cell, reading.exact) for cell in cells):
        raise LossVizError("empty label")
    names, reason = next(iter(reasons.items()))
    raise LossVizError(_missing(names) if reason == "empty label" else reason)


def _missing(names: Sequence[str]) -> str:
    """What rows share that lack some parts of the label."""
    return f"no value for the part{'s' * (len(names) > 1)} {', '.join(map(repr, names))}"


def _whole_parts(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    """A cell for each part; a list in a cell is one value."""
    return _complete(reading, [_whole_value(reading, cell) for cell in cells])


def _whole_value(reading: LabelReading, cell: str) -> str:
    items = None if "lists" in reading.exact else list_of(cell)
    return cell.strip() if items is None else ", ".join(items)


def _character_parts(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    return _complete(reading, list(cells[0].strip()))


def _separated_parts(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    if unknown(cells[0], reading.exact):
        raise LossVizError("empty label")
    return _complete(reading, reading.items(cells[0]))


def _complete(reading: LabelReading, parts: Sequence[str]) -> tuple[str, ...]:
    missing = [k for k, part in enumerate(parts) if unknown(part, reading.exact)]
    if len(missing) == len(parts):
        raise LossVizError("empty label")
    if len(parts) != len(reading.names):
        raise LossVizError(_misfit(reading))
    if missing:
        raise LossVizError(_missing([reading.names[k] for k in missing]))
    return tuple(parts)


def _set_part(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    items = sorted({item for item in reading.items(cells[0]) if not unknown(item, reading.exact)})
    if not items:
        raise LossVizError("empty label")
    return (f"{reading.separator}{' ' * (reading.separator in ',;')}".join(items),)


def _level_parts(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    steps = [step for step in reading.items(cells[0]) if step]
    if not steps or unknown(cells[0], reading.exact):
        raise LossVizError("empty label")
    if len(steps) > len(reading.names):
        raise LossVizError(f"label with more than {len(reading.names)} levels")
    return tuple(steps) + (NONE,) * (len(reading.names) - len(steps))


def _tags(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    fold = fold_of(reading.exact)
    tags = {fold(item) for item in reading.items(cells[0]) if not unknown(item, reading.exact)}
    names = [fold(name) for name in reading.groups[0]] if reading.groups else None
    names = [fold(name) for name in reading.names] if names is None else names
    if not tags <= set(names):
        raise LossVizError("label with a tag that was not there when the labels were read")
    return tuple(YES if name in tags else NO for name in names)


def _answers(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    names = reading.names
    if len(cells) != len(names):
        raise LossVizError(_misfit(reading))
    answers = [_answer(reading, name, cell) for name, cell in zip(names, cells, strict=True)]
    if not any(answers) and all(unknown(cell, reading.exact) for cell in cells):
        raise LossVizError("empty label")
    if any(not a and not unknown(c, reading.exact) for a, c in zip(answers, cells, strict=True)):
        raise LossVizError("label that says neither yes nor no")
    if not all(answers):
        raise LossVizError(_missing([n for n, a in zip(names, answers, strict=True) if not a]))
    return tuple(answers)


def _answer(reading: LabelReading, name: str, cell: str) -> str:
    """``yes``, ``no``, or "" where the cell says neither; where a mark stands for yes, any does."""
    if name not in reading.unmarked:
        return answer(cell)
    return NO if unknown(cell, reading.exact) else answer(cell) or YES


def _of_groups(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    """The value of each group that is there, in whatever order."""
    if reading.columns:
        items = [
            value
            for value, cell in zip(reading.columns, cells, strict=True)
            if _answer(reading, value, cell) == YES
        ]
    else:
        items = [item for item in reading.items(cells[0]) if not unknown(item, reading.exact)]
    if not items:
        raise LossVizError("empty label")
    fold = fold_of(reading.exact)
    chosen = {fold(item) for item in items}
    if not chosen <= {fold(value) for group in reading.groups for value in group}:
        raise LossVizError("label with a value that was not there when the labels were read")
    present = [[value for value in group if fold(value) in chosen] for group in reading.groups]
    if missing := [name for name, values in zip(reading.names, present, strict=True) if not values]:
        raise LossVizError(_missing(missing))
    if double := [n for n, values in zip(reading.names, present, strict=True) if len(values) > 1]:
        raise LossVizError(f"more than one value for the part {double[0]!r}")
    return tuple(values[0] for values in present)


_PARSERS: dict[Kind, Callable[[LabelReading, Sequence[str]], tuple[str, ...]]] = {
    "whole": _whole_parts,
    "columns": _whole_parts,
    "characters": _character_parts,
    "separator": _separated_parts,
    "set": _set_part,
    "levels": _level_parts,
    "tags": _tags,
}


def _misfit(reading: LabelReading) -> str:
    count = len(reading.names)
    if reading.kind == "characters":
        return f"label without exactly {count} characters"
    if reading.kind == "separator":
        return f"label without exactly {count} parts between {reading.separator!r}"
    return f"label without exactly {sum(inner.width for inner in reading.inner) or count} cells"
