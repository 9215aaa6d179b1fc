"""Labels as paths in a hierarchy: ``A > B > C``, or a column a level; some end before others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from lossviz.data.labels.items import pieces
from lossviz.data.labels.reading import NONE, LabelReading, unknown
from lossviz.data.labels.spelling import key

_MOSTLY = 0.5
_NEARLY_ALL = 0.98
_NEARLY_EVERY = 0.8
_MOST_LEVELS = 6
_MOST_COLUMNS = 50
"""That are looked at: among hundreds of them there are no levels that somebody would name."""
_DEEP = 3
LEVEL_SEPARATORS = ("->", "=>", ">", "::", ":")
"""Arrows, and what :func:`lossviz.data.labels.items.pieces` takes for one; colons."""
_WEAK_SEPARATORS = ("/", "\\", ".", "|")
"""They part levels where paths are deep, or begin with one; else they may belong to a value."""
_MARKUP = re.compile(r"<[^<>]*>")
_BETWEEN_PATHS = ("||", "|", ";", ",", "\n")


class Levels(NamedTuple):
    """A reading as levels, and whether nothing else can well be meant."""

    reading: LabelReading
    sure: bool


def levels_of(labels: Counter[str]) -> list[Levels]:
    """The readings of one column as levels.

    :param labels: how often each label occurs, without empty ones.
    """
    found: list[Levels] = []
    for separator in (*LEVEL_SEPARATORS, *_WEAK_SEPARATORS):
        paths = [_steps(label, separator) for label in labels]
        usual = separator in LEVEL_SEPARATORS
        if not (usual or _worded(paths)) or _of_several_paths(labels, separator):
            continue
        if ">" in separator and any(map(_MARKUP.search, labels)):
            continue
        if not _is_tree(labels, paths):
            continue
        deepest = max(map(len, paths))
        begun = all(label.startswith(separator) for label in labels)
        names = tuple(f"level {k}" for k in range(1, deepest + 1))
        counts = zip(labels.values(), paths, strict=True)
        missing = sum(n for n, path in counts if len(path) < deepest)
        evidence = _evidence(paths, f"at {separator!r}", missing, labels.total())
        reading = LabelReading("levels", separator, names, evidence)
        found.append(Levels(reading, usual or deepest >= _DEEP or begun))
    return found[:1]


def _steps(label: str, separator: str) -> tuple[str, ...]:
    return tuple(filter(None, pieces(label, separator)))


def _worded(paths: Sequence[tuple[str, ...]]) -> bool:
    return all(any(map(str.isalpha, step)) for path in paths for step in path)


def _of_several_paths(labels: Collection[str], separator: str) -> bool:
    """Are some labels lists of paths, ``A > B; A > C``?"""
    for between in _BETWEEN_PATHS:
        lists = [pieces(label, between) for label in labels if between in label]
        if lists and between != separator:
            items = [item for items in lists for item in items if item]
            if all(separator in item for item in items):
                return True
    return False


def _is_tree(labels: Counter[str], paths: Sequence[tuple[str, ...]]) -> bool:
    """Are labels mostly paths, each step of which stands under one other?"""
    with_it = sum(n for n, path in zip(labels.values(), paths, strict=True) if len(path) > 1)
    deepest = max(map(len, paths), default=0)
    if with_it < _MOSTLY * labels.total() or not 2 <= deepest <= _MOST_LEVELS:
        return False
    parents: dict[tuple[int, str], set[str]] = {}
    for path in paths:
        for depth, (parent, step) in enumerate(pairwise(path)):
            parents.setdefault((depth, step), set()).add(parent)
    single = sum(len(above) == 1 for above in parents.values())
    starts = {path[0] for path in paths if path}
    return single >= _NEARLY_EVERY * len(parents) and len(starts) < len(set(paths))


def _evidence(paths: Sequence[tuple[str, ...]], where: str, missing: int, rows: int) -> str:
    deepest = max(map(len, paths))
    sizes = [len({path[k] for path in paths if len(path) > k}) for k in range(deepest)]
    values = ", ".join(map(str, sizes))
    short = f"; {missing:,} of {rows:,} labels have fewer, read as {NONE}" if missing else ""
    return f"a hierarchy of {deepest} levels {where} with {values} values{short}"


# A column a level


def levels_among(columns: Sequence[tuple[str, Sequence[str]]]) -> dict[int, LabelReading]:
    """The hierarchies in columns that stand side by side, by the place of their first level.

    Some paths do not reach the deepest level, and each value stands under one value of the level
    above.
    """
    if not any(unknown(cell) for _, cells in columns[1:] for cell in set(cells)):
        return {}
    columns = columns[:_MOST_COLUMNS]
    names = [name for name, _ in columns]
    rows: Counter[tuple[str, ...]] = Counter()
    for row, count in Counter(zip(*(cells for _, cells in columns), strict=True)).items():
        rows[tuple("" if unknown(cell) else key(cell) for cell in row)] += count
    found: dict[int, LabelReading] = {}
    place = 0
    while place < len(names) - 1:
        reading = _levels_from(names, rows, place)
        if reading is not None:
            found[place] = reading
        place += 1 if reading is None else reading.width
    return found


def _levels_from(
    names: Sequence[str], rows: Counter[tuple[str, ...]], place: int
) -> LabelReading | None:
    """The columns from this place on, as far as they are levels."""
    end = place + 1
    while end < min(len(names), place + _MOST_LEVELS):
        alike = _stem(names[end - 1]) in _stem(names[end])
        if not _is_under(rows, end, alike):
            break
        end += 1
    paths: Counter[tuple[str, ...]] = Counter()
    for row, count in rows.items():
        paths[row[place:end]] += count
    missing = sum(n for path, n in paths.items() if path[0] and not all(path))
    if end - place < 2 or not missing:
        return None
    steps = [tuple(filter(None, path)) for path in paths if path[0]]
    evidence = _evidence(steps, "in columns", missing, sum(paths.values()))
    levels = tuple(names[place:end])
    return LabelReading("levels", "", levels, evidence, columns=levels)


def _stem(name: str) -> str:
    """The same for the names of levels: ``level1`` and ``level2``, ``category`` and the like.

    >>> _stem("Level 1") == _stem("Level 2"), _stem("category") in _stem("sub_category")
    (True, True)
    """
    return re.sub(r"[\W\d_]+", "", name).casefold()


def _is_under(rows: Counter[tuple[str, ...]], level: int, alike: bool) -> bool:
    """Does each value of this level stand under one of the level above?

    Unless their names are alike, there are several under some, so that it is no copy, and under
    more than one, so that they are no reasons for that one.

    :param alike: whether their names are.
    """
    filled = {row: count for row, count in rows.items() if row[level]}
    under = sum(count for row, count in filled.items() if row[level - 1])
    parents: dict[str, set[str]] = {}
    for row in filled:
        parents.setdefault(row[level], set()).add(row[level - 1])
    above = {parent for over in parents.values() for parent in over}
    single = sum(len(over) == 1 for over in parents.values())
    return (
        under >= max(_NEARLY_ALL * sum(filled.values()), 2 * len(parents))
        and single >= _NEARLY_EVERY * len(parents)
        and 2 * len(above & set(parents)) < len(parents)
        and (alike or 2 <= len(above) < len(parents))
    )
