"""What splitting labels in one way gives: parts, and whether they recombine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import prod

from lossviz.data.labels.items import pieces
from lossviz.data.labels.spelling import key

_NEARLY_ALL = 0.98
_MOSTLY = 0.5
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
    :param values: known of each part, by their keys, where some hold the separator; else none.
    """

    separator: str
    sizes: tuple[int, ...]
    seen: int
    single: tuple[float, ...]
    evidence: str
    values: tuple[frozenset[str], ...] = ()

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
        return _with_separators(counts, split, separator) if width == 2 else None
    fits = {label: parts for label, parts in split.items() if len(parts) == width}
    rows = {parts for parts in fits.values() if all(parts)}
    lacking = sum(counts[label] for label, parts in fits.items() if not all(parts))
    if not rows or lacking > _MOSTLY * fitting:
        return None
    times = _COUNT_WORDS[width - 1]
    evidence = _how_many(fitting, counts.total(), f"exactly {times} {separator!r}")
    lack = f"; {lacking:,} of them lack a part" if lacking else ""
    return _shape(separator, rows, evidence + lack)


def _with_separators(
    counts: Counter[str], split: dict[str, tuple[str, ...]], separator: str
) -> Shape | None:
    """Two parts, where a value has the separator in it and the other part tells where it ends:
    ``TV/Radio/good`` beside ``Print/good``; None unless they recombine."""
    if len(split) < len(counts):
        return None
    pairs = [parts for parts in split.values() if len(parts) == 2]
    known = tuple(frozenset(map(key, values)) for values in zip(*pairs, strict=True))
    rows = {rejoined(parts, separator, known) for parts in split.values()}
    if not all(map(all, rows)):
        return None
    within = len(split) - len(pairs)
    text = f"all labels have {separator!r}, and in {within:,} of {len(split):,} a value has it, too"
    shape = _shape(separator, rows, text)
    return replace(shape, values=known) if shape.recombines else None


def rejoined(
    parts: Sequence[str], separator: str, known: Sequence[Collection[str]]
) -> tuple[str, ...]:
    """Two parts of more pieces: what is known of one of them tells where the other one ends.

    :param known: by their keys, values of the first part and of the second.
    :returns: two empty ones where nothing is known, or it is told in several ways.

    >>> rejoined(["TV", "Radio", "good"], "/", (["print"], ["good", "bad"]))
    ('TV/Radio', 'good')
    """
    cuts = [
        (separator.join(parts[:cut]), separator.join(parts[cut:])) for cut in range(1, len(parts))
    ]
    told = [cut for cut in cuts if key(cut[1]) in known[1]]
    told = told or [cut for cut in cuts if key(cut[0]) in known[0]]
    return told[0] if len(told) == 1 else ("", "")


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
