"""How cells are read as labels: as yes or no, as tags, or as the parts of one compound label."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from lossviz.data.labels.items import items_of
from lossviz.data.labels.spelling import UNKNOWN, key, tidy

YES, NO = "yes", "no"
_LONGEST_UNKNOWN = 12
"""Characters: what says that nothing is known is shorter, with spaces around it."""
NONE = "(none)"
"""The value of a level that a path does not reach."""
# fmt: off
_YES = frozenset(
    "1 1.0 yes y true t x ✓ ✔ ☑ ✅ ja j oui si sí sim da да так wahr vrai waar vero verdadero "  # noqa: SIM905
    "verdadeiro prawda tak ano áno igen kyllä evet bəli ya có jah taip jā ναι ναί כן نعم हाँ हां "
    "はい 是 对 對 有 예 네 ใช่ بله بلی آری ہاں جی হ্যাঁ होय ஆம் అవును այո კი так já jah иә ndiyo bai "
    "checked selected present".split()
)
_NO = frozenset(
    "0 0.0 no n false f - ✗ ✘ ☐ ❌ nein nee non não nao nej нет ні falsch faux onwaar falso "  # noqa: SIM905
    "fałsz nie ne nē не nu nem ei hayır hayir xeyr tidak không όχι לא لا नहीं नाही いいえ 否 不是 "
    "不 不对 无 無 没有 沒有 아니요 아니오 ไม่ ไม่ใช่ خیر نه نہیں না இல்லை కాదు ոչ არა жоқ hapana ez "
    "unchecked unselected absent".split()
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
    if len(cell) > _LONGEST_UNKNOWN and cell.isascii() and not cell.isspace():
        return False
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
    (``A > B > C``, or a column a level: a component for each) or ``set`` (one component: the tags
    in any order).

    :param separator: between parts, tags or levels; "" for the other kinds.
    :param names: proposed for the components, in order; the tags themselves for ``tags``.
    :param evidence: what speaks for it, in words.
    :param unmarked: for ``yes/no`` and ``groups``, the columns in which an empty cell means no.
    :param groups: for ``groups``, the values of each component; for ``separator`` those that are
        known by their keys, where some hold the separator.
    :param inner: for ``columns``, how each of them is read; none where each is a component.
    :param columns: for ``groups``, the value that each column stands for, and for ``levels`` the
        columns; none in one column.
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
        parts = f"{len(self.names)} part{'s' * (len(self.names) != 1)}"
        between = "a line break" if self.separator == "\n" else f"“{self.separator}”"
        if self.inner:
            return f"{parts} in {sum(inner.width for inner in self.inner)} columns"
        titles: dict[Kind, str] = {
            "whole": "as one part",
            "characters": f"{parts}, one character each",
            "columns": f"{parts}, one column each",
            "yes/no": f"{parts}, yes or no",
            "tags": f"{parts}, a list of tags at {between}",
            "groups": f"{parts} whose values exclude each other",
            "levels": f"{parts}, levels of a hierarchy"
            + (f" at {between}" if self.separator else ""),
            "set": "as one part, a list in any order",
            "separator": f"{parts}, split at {between}",
        }
        return titles[self.kind]

    def items(self, cell: str) -> list[str]:
        """The items of a cell, as this reading separates them."""
        separator = self.separator or "\x1f"
        return items_of(cell, separator, lists="lists" not in self.exact)
