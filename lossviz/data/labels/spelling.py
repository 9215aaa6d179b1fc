"""Spellings of one value: what differs in case, white space, invisible characters, Unicode form."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

_JOINERS = "\u200c\u200d"
"""Between letters of Persian and between the people of an emoji they mean something."""
_HALF_WIDTH = {
    code: unicodedata.normalize("NFKC", chr(code))
    for code in range(0xFF01, 0xFFE7)
    if unicodedata.category(chr(code))[0] in "LN"
}
"""Letters and digits as wide as Chinese ones, and narrow Japanese ones, in their usual form."""
_VARIANTS = frozenset(map(chr, range(0xFE00, 0xFE10)))
UNKNOWN = frozenset("? ?? ??? nan <na> null \\n #n/a #ref! #value! #div/0! #name?".split())  # noqa: SIM905
"""Cells that say that nothing is known, in lower case."""


def tidy(value: str) -> str:
    """A value in Unicode's composed form, without invisible characters, with single spaces.

    >>> tidy(" he\\u200bated\\u00a0 now "), tidy("cafe\\u0301") == "café"
    ('heated now', True)
    """
    if value.isascii() and value.isprintable():
        return value.strip() if "  " not in value else " ".join(value.split())
    composed = unicodedata.normalize("NFC", value)
    visible = "".join(
        character
        for character in composed.translate(_HALF_WIDTH)
        if character in _JOINERS or unicodedata.category(character) != "Cf"
    )
    return " ".join(visible.split()).strip(_JOINERS)


def key(value: str) -> str:
    """The same for all spellings of a value.

    >>> key("RESTAURANT ") == key("restaurant"), key("rале") == key("race")
    (True, False)
    """
    plain = tidy(value)
    if plain.isascii():
        return plain.lower()
    return unicodedata.normalize("NFC", _plain(plain).casefold())


def _plain(value: str) -> str:
    return "".join(c for c in value if c not in _JOINERS and c not in _VARIANTS)


def fold_of(exact: Sequence[str]) -> Callable[[str], str]:
    """What is the same for all spellings that are not told apart.

    :param exact: ``case`` where case tells values apart, ``spelling`` where everything does.
    """
    if "spelling" in exact:
        return str.strip
    return tidy if "case" in exact else key


@dataclass(frozen=True, slots=True)
class Merged:
    """Spellings that are read as one value.

    :param shown: the spelling that stands for them: the commonest.
    :param spellings: all of them, the commonest first.
    :param rows: rows that were written otherwise.
    """

    component: str
    shown: str
    spellings: tuple[str, ...]
    rows: int

    @property
    def by_case(self) -> bool:
        """Do they differ in case, and not only in what cannot be seen?"""
        return len({_plain(tidy(spelling)) for spelling in self.spellings}) > 1


def merge_spellings(
    component: str,
    counts: Mapping[str, int],
    shown: Mapping[str, str],
    exact: Sequence[str] = (),
) -> tuple[dict[str, str], list[Merged]]:
    """What each spelling of a component is read as, and which were merged.

    :param counts: the rows of each spelling.
    :param shown: by key, the values that are known already, as those of a training file are.
    :param exact: ``case`` where case tells values apart, ``spelling`` where everything does.
    """
    if "spelling" in exact:
        return {value: value for value in counts}, []
    fold = fold_of(exact)
    groups: dict[str, dict[str, int]] = {}
    for value, count in counts.items():
        groups.setdefault(fold(value), {})[value] = count
    names: dict[str, str] = {}
    merged: list[Merged] = []
    for folded, spellings in groups.items():
        forms: dict[str, int] = {}
        for spelling, count in spellings.items():
            forms[tidy(spelling)] = forms.get(tidy(spelling), 0) + count
        value = shown.get(folded) or max(forms, key=lambda form: (forms[form], form)) or folded
        names |= dict.fromkeys(spellings, value)
        if len(spellings) > 1:
            order = tuple(sorted(spellings, key=lambda s: (-spellings[s], s)))
            rows = sum(count for s, count in spellings.items() if s != value)
            merged.append(Merged(component, value, order, rows))
    return names, merged
