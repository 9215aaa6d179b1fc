"""What splitting labels in one way gives: parts, and whether they recombine; or lists of tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import prod

from lossviz.data.labels.items import pieces
from lossviz.data.labels.reading import NONE, answer
from lossviz.data.labels.spelling import key

_NEARLY_ALL = 0.98
_MOSTLY = 0.5
_MANY_VALUES = 60
_ELSEWHERE = 0.1
"""Of the values: so many stand in another place than they do mostly."""
ENOUGH = 10
"""Rows: of fewer, two values may well never stand together by chance."""
_NEARLY_EVERY = 0.8
_MOST_PARTS = 6
_MOST_CHARACTERS = 8
_COUNT_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven")


@dataclass(frozen=True, slots=True)
class Shape:
    """What splitting labels gives.

    :param separator: "" for one character per part.
    :param sizes: the number of values of each part.
    :param seen: the number of different labels.
    :param single: for each part, the share of its values that occur in one combination only.
    :param evidence: what was found, in words.
    """

    separator: str
    sizes: tuple[int, ...]
    seen: int
    single: tuple[float, ...]
    evidence: str

    @property
    def crossing(self) -> float:
        """The share of the possible combinations that occur."""
        return self.seen / prod(self.sizes)

    @property
    def names_rows(self) -> bool:
        """Is a part different in nearly every label: a number, a name, rather than a value?"""
        return max(self.sizes) > _NEARLY_EVERY * self.seen

    @property
    def crosses(self) -> bool:
        """Are there more labels than any one part has values, so that no part is a mere prefix?"""
        return sum(size > 1 for size in self.sizes) > 1 and self.seen > max(self.sizes)

    @property
    def recombines(self) -> bool:
        """Do the parts recombine so freely that the split cannot be chance?

        Every part varies, most combinations occur, and at least half of each part's values
        occur in more than one.
        """
        enough = 0.6 if len(self.sizes) == 2 else 0.3
        varied = min(self.sizes) > 1 and max(self.single) <= 0.5
        return self.crosses and varied and self.crossing >= enough


def separator_shape(
    counts: Counter[str], separator: str, least: float = _NEARLY_ALL
) -> Shape | None:
    """What splitting at ``separator`` gives; None unless nearly all labels have as many parts.

    :param counts: how often each label occurs, without empty ones.
    :param least: the share of labels that must have the commonest number of parts.
    """
    split = {label: parts for label in counts if len(parts := tuple(pieces(label, separator))) > 1}
    widths: Counter[int] = Counter()
    for label, parts in split.items():
        if any(parts):
            widths[len(parts)] += counts[label]
    if not widths:
        return None
    width, fitting = widths.most_common(1)[0]
    if fitting < least * counts.total() or width > _MOST_PARTS:
        return None
    fits = {label: parts for label, parts in split.items() if len(parts) == width}
    rows = {parts for parts in fits.values() if all(parts)}
    lacking = sum(counts[label] for label, parts in fits.items() if not all(parts))
    if not rows or lacking > _MOSTLY * fitting:
        return None
    times = _COUNT_WORDS[width - 1]
    evidence = _how_many(fitting, counts.total(), f"exactly {times} {separator!r}")
    lack = f"; {lacking:,} of them lack a part" if lacking else ""
    return _shape(separator, rows, evidence + lack)


def characters_shape(counts: Counter[str], *, anyhow: bool = False) -> Shape | None:
    """What reading each character as a part gives; None unless the characters recombine.

    :param counts: how often each label occurs, without empty ones.
    :param anyhow: ask only that the labels have one length.
    """
    widths: Counter[int] = Counter()
    for label, count in counts.items():
        widths[len(label)] += count
    if not widths:
        return None
    width, fitting = widths.most_common(1)[0]
    total = counts.total()
    if not 2 <= width <= _MOST_CHARACTERS or (fitting < _NEARLY_ALL * total and not anyhow):
        return None
    rows = {tuple(label) for label in counts if len(label) == width and not _spaced(label)}
    if not rows:
        return None
    shape = _shape("", rows, _how_many(fitting, total, f"exactly {width} characters"))
    return shape if anyhow or _few_characters(rows, shape) else None


def _spaced(label: str) -> bool:
    return any(character.isspace() for character in label)


def _few_characters(rows: set[tuple[str, ...]], shape: Shape) -> bool:
    """Letters or digits, few at each place, and most combinations occur; digits: all of them."""
    if not all(c.isalnum() for row in rows for c in row) or max(shape.sizes) > _MOST_PARTS:
        return False
    digits = all(c.isdigit() for row in rows for c in row)
    return shape.recombines and (not digits or shape.crossing == 1)


def _how_many(fitting: int, total: int, what: str) -> str:
    if fitting == total:
        return f"all {total:,} labels have {what}"
    rest = total - fitting
    return f"{fitting:,} of {total:,} labels have {what}, the other {rest:,} would be left out"


def _shape(separator: str, rows: set[tuple[str, ...]], text: str) -> Shape:
    rows = {tuple(map(key, parts)) for parts in rows} if separator else rows
    columns = list(zip(*rows, strict=True))
    counts = [Counter(column) for column in columns]
    sizes = tuple(map(len, counts))
    single = tuple(sum(n == 1 for n in count.values()) / len(count) for count in counts)
    parts = "left has {} values, right {}" if len(sizes) == 2 else "the parts have {} values"
    values = parts.format(*sizes) if len(sizes) == 2 else parts.format(", ".join(map(str, sizes)))
    seen = f"{len(rows):,} of {prod(sizes):,} combinations occur"
    return Shape(separator, sizes, len(rows), single, f"{text}; {values}; {seen}")


_MOST_TAGS = 12
_LONGEST = 40
TAG_SEPARATORS = ("||", "|", ";", ",", "#", "/", "+", "&", "\n", "\x1f", " ")
# The others stand in single values too often to be believed before these are asked for.
_USUAL_BETWEEN_TAGS = ("||", "|", ";", ",")


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
    worded = all(any(c.isalpha() for c in name) for name in names)
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


@dataclass(frozen=True, slots=True)
class Groups:
    """Values in any order, one of each group.

    :param groups: values that never stand together, in alphabetical order.
    :param evidence: what was found, in words.
    """

    groups: tuple[tuple[str, ...], ...]
    evidence: str


def groups_of(sets: Counter[frozenset[str]], least: float = 0.9) -> Groups | None:
    """The groups of values of which each set has one; None where they are not so.

    :param sets: how often each set of values occurs.
    :param least: the share of sets that have a value of every group.
    """
    values = {value for items in sets for value in items}
    width = max(map(len, sets), default=0)
    whole = sum(count for items, count in sets.items() if len(items) == width)
    if not 2 <= len(values) <= _MANY_VALUES or whole < least * sets.total() or width == 0:
        return None
    if sets.total() < ENOUGH:
        return None
    with_it = {v: {w for items in sets if v in items for w in items} - {v} for v in values}
    groups: dict[frozenset[str], set[str]] = {}
    for value in values:
        groups.setdefault(frozenset(values - with_it[value]), set()).add(value)
    exact = all(alone == group for alone, group in groups.items())
    if not exact or len(groups) != width or min(map(len, groups.values())) < 2:
        return None
    ordered = sorted(tuple(sorted(group)) for group in groups.values())
    said = "; ".join(" and ".join(group[:6]) + " …" * (len(group) > 6) for group in ordered)
    return Groups(tuple(ordered), f"these exclude each other: {said}")


def unordered(counts: Counter[str], separator: str, *, listed: bool = False) -> bool:
    """Do values stand now here, now there, and never twice in a label? Then places mean nothing.

    Not where all values say yes or no, nor where they are digits, unless the labels are lists.
    """
    places: dict[str, Counter[int]] = {}
    for label, count in counts.items():
        parts = [part for part in pieces(label, separator) if part]
        if len(set(parts)) < len(parts):
            return False
        for place, part in enumerate(parts):
            places.setdefault(part, Counter())[place] += count
    if all(answer(v) or (v.lstrip("+-").isdigit() and not listed) for v in places):
        return False
    elsewhere = sum(at.total() - max(at.values()) for at in places.values())
    return elsewhere > _ELSEWHERE * sum(at.total() for at in places.values())


def levels_shape(counts: Counter[str], separator: str) -> tuple[int, str] | None:
    """How deep paths go, and what speaks for it; None unless nearly all labels are paths, and each
    step stands under one other."""
    paths = {tuple(filter(None, pieces(label, separator))) for label in counts}
    with_it = sum(n for label, n in counts.items() if len(pieces(label, separator)) > 1)
    deepest = max(map(len, paths), default=0)
    if with_it < _MOSTLY * counts.total() or not 2 <= deepest <= _MOST_PARTS:
        return None
    parents: dict[tuple[int, str], set[str]] = {}
    for path in paths:
        for depth, (parent, step) in enumerate(pairwise(path)):
            parents.setdefault((depth, step), set()).add(parent)
    single = sum(len(above) == 1 for above in parents.values())
    starts = {path[0] for path in paths if path}
    if single < _NEARLY_EVERY * len(parents) or len(starts) >= len(paths):
        return None
    steps = [len({path[k] for path in paths if len(path) > k}) for k in range(deepest)]
    missing = sum(
        n for label, n in counts.items() if len([*filter(None, pieces(label, separator))]) < deepest
    )
    short = f"; {missing:,} of {counts.total():,} labels have fewer, read as {NONE}"
    evidence = f"a hierarchy of {deepest} levels at {separator!r} with {steps} values"
    return deepest, evidence.replace("[", "").replace("]", "") + (short if missing else "")
