"""Values that exclude each other: in groups, whatever the order in which they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lossviz.data.labels.items import pieces
from lossviz.data.labels.reading import LabelReading, answer

_MANY_VALUES = 60
_ELSEWHERE = 0.1
"""Of the values: so many stand in another place than they do mostly."""
ENOUGH = 10
"""Rows: of fewer, two values may well never stand together by chance."""
_LONGEST_NAME = 30


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


def from_groups(groups: Groups, separator: str, how: str) -> LabelReading:
    """A part for each group.

    :param how: they were found, in words.
    """
    names, values = group_names(groups.groups)
    evidence = f"{len(names)} part{'s' * (len(names) != 1)} {how}: {groups.evidence}"
    return LabelReading("groups", separator, names, evidence, groups=values)


def group_names(
    groups: Sequence[Sequence[str]],
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Names for groups of values, and the values: what they begin with alike is the name.

    >>> group_names([["topic_film", "topic_sport"], ["cool", "heated"]])
    (('topic', 'cool or heated'), (('film', 'sport'), ('cool', 'heated')))
    """
    starts = [common_start(group) for group in groups]
    names: list[str] = []
    values: list[tuple[str, ...]] = []
    for number, (start, group) in enumerate(zip(starts, groups, strict=True), 1):
        rest = tuple(value[len(start) :].strip("] ") for value in group)
        rest = rest if all(rest) else tuple(group)
        joined = " or ".join(rest)
        name = start.rstrip("_.:-[ ") if starts.count(start) == 1 else ""
        names.append(name or (joined if len(joined) <= _LONGEST_NAME else f"part {number}"))
        values.append(rest)
    return tuple(names), tuple(values)


def common_start(group: Sequence[str]) -> str:
    """What all values begin with, up to a sign that ends a word; "" where there is nothing."""
    first, last = min(group), max(group)
    alike = next((k for k, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), 0)
    start = re.match(r".*[_.:\-\[ ]", first[:alike])
    return start[0] if start else ""
