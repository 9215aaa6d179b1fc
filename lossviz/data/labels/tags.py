"""Cells as lists of tags: which there are, and whether they combine freely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from lossviz.data.labels.items import pieces
from lossviz.data.labels.spelling import key

_NEARLY_EVERY = 0.8
_MOST_TAGS = 12
_LONGEST = 40
TAG_SEPARATORS = ("||", "|", ";", ",", "#", "/", "+", "&", "\n", "\x1f", " ")
# The others stand in single values too often to be believed before these are asked for.
_USUAL_BETWEEN_TAGS = ("||", "|", ";", ",", "\n")


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


def tags_shape(
    counts: Counter[str],
    separator: str,
    empty: int,
    *,
    listed: bool = False,
    any_length: bool = False,
    fold: Callable[[str], str] = key,
) -> Tags | None:
    """What reading cells as lists of tags gives; None unless 2 to 12 tags come in lists of
    different lengths, and half of them at least in more than one list.

    :param counts: how often each cell occurs, without empty ones.
    :param empty: the number of empty cells: lists of no tags.
    :param listed: whether the cells are lists as some tool writes them, so that nothing else is
        meant.
    :param any_length: whether lists may all be equally long.
    :param fold: the same for all spellings of a tag.
    """
    spelled: dict[str, str] = {}
    lists: set[frozenset[str]] = set()
    names: set[str] = set()
    times: Counter[frozenset[str]] = Counter()
    for cell in counts:
        tags = items_in(cell, separator, fold, spelled)
        names |= tags
        if len(names) > _MOST_TAGS or any(len(name) > _LONGEST for name in tags):
            return None
        lists.add(tags)
        times[tags] += counts[cell]
        empty += counts[cell] if not tags else 0
    lists.discard(frozenset())
    lengths = {len(tags) for tags in lists} | ({0} if empty else set())
    if len(names) < 2 or (len(lengths) < 2 and not any_length) or max(lengths) < 2:
        return None
    often = sum(n > 1 for n in Counter(name for tags in lists for name in tags).values())
    if 2 * often < len(names) and not listed:
        return None
    # "1,5" may be a number; "1,5,7" is none.
    worded = max(lengths) > 2 or all(any(c.isalpha() for c in name) for name in names)
    free = len(lists) > len(names) and 4 * often >= 3 * len(names)
    alone = {name for tags in lists if len(tags) == 1 for name in tags}
    several = {tags: n for tags, n in times.items() if len(tags) > 1}
    known = sum(n for tags, n in several.items() if tags <= alone)
    free = free or known >= _NEARLY_EVERY * sum(several.values())
    shown = {"\n": "line breaks", " ": "spaces"}.get(separator, repr(separator))
    none = f"; {empty:,} rows have none" if empty else ""
    return Tags(
        separator,
        tuple(sorted(names)),
        listed or (separator in _USUAL_BETWEEN_TAGS and worded and free),
        f"lists of {min(lengths)} to {max(lengths)} tags between {shown}: {len(names)} tags in "
        f"{len(lists) + bool(empty):,} combinations, read as {len(names)} parts, yes or no" + none,
    )


def items_in(
    cell: str, separator: str, fold: Callable[[str], str], spelled: dict[str, str]
) -> frozenset[str]:
    """The items of a cell, each in the spelling in which it came first.

    :param spelled: by what is the same for all spellings of an item, how it came first.
    """
    items = filter(None, pieces(cell, separator))
    return frozenset(spelled.setdefault(fold(item), item) for item in items)
