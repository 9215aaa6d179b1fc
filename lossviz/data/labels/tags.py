"""Lists of tags in one cell, as many as apply: ``joy,anger``, ``joy``, or none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

_MOST_TAGS = 12
_LONGEST = 40
SEPARATORS = ("||", "|", ";", ",", "/", "+", "&", "\n", " ")
# The others stand in single values too often to be believed before these are asked for.
_USUAL = ("||", "|", ";", ",")


@dataclass(frozen=True, slots=True)
class Tags:
    """What cells are when they are read as lists of tags.

    :param names: the tags, in alphabetical order.
    :param compelling: whether they combine so freely that the whole cell is surely no value.
    :param evidence: what was found, in words.
    """

    separator: str
    names: tuple[str, ...]
    compelling: bool
    evidence: str


def split_tags(cell: str, separator: str) -> frozenset[str]:
    """The tags of a cell, without brackets and quotes around them.

    >>> sorted(split_tags("['joy', 'anger']", ","))
    ['anger', 'joy']
    """
    parts = (part.strip(" '\"") for part in cell.strip("[](){} ").split(separator))
    return frozenset(part for part in parts if part)


def tags_shape(counts: Counter[str], separator: str, empty: int) -> Tags | None:
    """What reading cells as lists of tags gives; None unless 2 to 12 tags come in lists of
    different lengths, and half of them at least in more than one list.

    :param counts: how often each cell occurs, without empty ones.
    :param empty: the number of empty cells: lists of no tags.
    """
    lists: set[frozenset[str]] = set()
    names: set[str] = set()
    for cell in counts:
        own = split_tags(cell, separator)
        names |= own
        if len(names) > _MOST_TAGS or any(len(name) > _LONGEST for name in own):
            return None
        lists.add(own)
        empty += counts[cell] if not own else 0
    lists.discard(frozenset())
    lengths = {len(own) for own in lists} | ({0} if empty else set())
    if len(names) < 2 or len(lengths) < 2 or max(lengths) < 2:
        return None
    often = sum(n > 1 for n in Counter(name for own in lists for name in own).values())
    if 2 * often < len(names):
        return None
    worded = all(any(c.isalpha() for c in name) for name in names)
    free = len(lists) > len(names) and 4 * often >= 3 * len(names)
    shown = {"\n": "line breaks", " ": "spaces"}.get(separator, repr(separator))
    none = f"; {empty:,} rows have none" if empty else ""
    return Tags(
        separator,
        tuple(sorted(names)),
        separator in _USUAL and worded and free,
        f"lists of {min(lengths)} to {max(lengths)} tags between {shown}: {len(names)} tags in "
        f"{len(lists) + bool(empty):,} combinations, read as {len(names)} parts, yes or no" + none,
    )
