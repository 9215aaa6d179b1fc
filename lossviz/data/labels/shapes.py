"""What splitting labels in one way gives: parts, and whether they recombine; or lists of tags."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import prod

from lossviz.data.labels.reading import split_tags

_NEARLY_ALL = 0.98
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
    split = {
        label: parts
        for label in counts
        if len(parts := tuple(part.strip() for part in label.split(separator))) > 1 and all(parts)
    }
    widths: Counter[int] = Counter()
    for label, parts in split.items():
        widths[len(parts)] += counts[label]
    if not widths:
        return None
    width, fitting = widths.most_common(1)[0]
    if fitting < least * counts.total() or width > _MOST_PARTS:
        return None
    rows = {parts for parts in split.values() if len(parts) == width}
    times = _COUNT_WORDS[width - 1]
    evidence = _how_many(fitting, counts.total(), f"exactly {times} {separator!r}")
    return _shape(separator, rows, evidence)


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
TAG_SEPARATORS = ("||", "|", ";", ",", "/", "+", "&", "\n", " ")
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


def tags_shape(counts: Counter[str], separator: str, empty: int) -> Tags | None:
    """What reading cells as lists of tags gives; None unless 2 to 12 tags come in lists of
    different lengths, and half of them at least in more than one list.

    :param counts: how often each cell occurs, without empty ones.
    :param empty: the number of empty cells: lists of no tags.
    """
    lists: set[frozenset[str]] = set()
    names: set[str] = set()
    for cell in counts:
        tags = split_tags(cell, separator)
        names |= tags
        if len(names) > _MOST_TAGS or any(len(name) > _LONGEST for name in tags):
            return None
        lists.add(tags)
        empty += counts[cell] if not tags else 0
    lists.discard(frozenset())
    lengths = {len(tags) for tags in lists} | ({0} if empty else set())
    if len(names) < 2 or len(lengths) < 2 or max(lengths) < 2:
        return None
    often = sum(n > 1 for n in Counter(name for tags in lists for name in tags).values())
    if 2 * often < len(names):
        return None
    worded = all(any(c.isalpha() for c in name) for name in names)
    free = len(lists) > len(names) and 4 * often >= 3 * len(names)
    shown = {"\n": "line breaks", " ": "spaces"}.get(separator, repr(separator))
    none = f"; {empty:,} rows have none" if empty else ""
    return Tags(
        separator,
        tuple(sorted(names)),
        separator in _USUAL_BETWEEN_TAGS and worded and free,
        f"lists of {min(lengths)} to {max(lengths)} tags between {shown}: {len(names)} tags in "
        f"{len(lists) + bool(empty):,} combinations, read as {len(names)} parts, yes or no" + none,
    )
