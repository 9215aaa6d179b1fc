"""The ways in which label columns can be read as the parts of one compound label."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from lossviz.data.files.header import GENERIC_NAMES
from lossviz.data.labels.items import joiner_of, list_of, pieces
from lossviz.data.labels.reading import YES, Kind, LabelReading, Marks, answer, marks_of, unknown
from lossviz.data.labels.shapes import (
    ENOUGH,
    TAG_SEPARATORS,
    Groups,
    Shape,
    Tags,
    characters_shape,
    groups_of,
    items_in,
    levels_shape,
    separator_shape,
    tags_shape,
    unordered,
)
from lossviz.data.labels.spelling import fold_of, key, tidy
from lossviz.errors import LossVizError

# A vertical bar stands in labels to separate; the others may belong to a value, more and more so.
SURE_SEPARATORS = ("||", "|")
_USUAL = ("->", "=>", "::", ":", "/", ";", ",", "+", "&", ">", "~", "^", "#", "\\")
_WEAK = ("--", "__", "-", "_", " ")
SEPARATORS = SURE_SEPARATORS + _USUAL + _WEAK
# A reading is judged by so many different labels: a million would be split twenty times.
_TRIED = 20_000
_JUDGED = ("characters", "separator", "groups", "tags", "set")
_NEARLY_ALL = 0.98
_LONGEST_NAME = 30
_BETWEEN = ": "
"""The name of a column of marks, and what stands in it."""
LEVEL_SEPARATORS = ("->", "=>", ">", "::", ":")
"""Arrows, and what :func:`lossviz.data.labels.items.pieces` takes for one; colons."""


def propose_readings(
    columns: Sequence[tuple[str, Sequence[str]]], exact: Sequence[str] = ()
) -> tuple[LabelReading, ...]:
    """Every plausible reading of the label columns, the best one first.

    Several columns are one component each, or several where a column's cells are best read so;
    where all of them say yes or no, they are read so first, or as the groups of those that exclude
    each other. In one column, a reading in parts comes before the whole value where the parts
    recombine: ``A-C, A-D, B-C`` do, ``very-good, very-bad`` do not. Of very many different labels
    some 20,000 are looked at.

    :param columns: name and cells of each label column; empty cells are passed over.
    :param exact: what is not read otherwise than it is written.
    :raises LossVizError: without columns.
    """
    if not columns:
        raise LossVizError("Expected at least one label column, found none. Choose one.")
    readings = _of_several(columns, exact) if len(columns) > 1 else _of_one(*columns[0], exact)
    return tuple(replace(label_reading, exact=tuple(exact)) for label_reading in readings)


def _of_several(
    columns: Sequence[tuple[str, Sequence[str]]], exact: Sequence[str]
) -> list[LabelReading]:
    readings = _yes_no(columns)
    if not readings:
        inner = [each for run in _runs(columns) for each in _inners(run, exact)]
        if any(label_reading.kind != "whole" for _, label_reading in inner):
            readings.append(_mixed(inner))
    return [*readings, _columns(columns)]


def _of_one(name: str, cells: Sequence[str], exact: Sequence[str]) -> list[LabelReading]:
    counted = _counted(cells, exact)
    labels, empty = counted.labels, counted.empty
    some = _some(labels)
    separators = (counted.joiner,) if counted.lists else SEPARATORS
    fitting = [shape for s in separators if (shape := _shape_at(labels, some, s)) is not None]
    shapes = sorted(
        (shape for shape in fitting if not any(_within(shape, other) for other in fitting)),
        key=lambda shape: (_rank(shape), -shape.crossing),
    )
    surely = [shape for shape in shapes if _rank(shape) < 2 or counted.lists]
    lists = _lists(labels, empty, counted, [shape.separator for shape in fitting])
    before = [*_levels(some), *_in_any_order(labels, empty, surely, counted)]
    before += [_from_shape(name, shape) for shape in surely]
    before += [_from_tags(tags) for tags in lists if tags.compelling]
    if counted.lists:
        before.append(_set(name, counted.joiner, labels))
    after = [_from_shape(name, shape) for shape in shapes if shape not in surely]
    after += [_from_tags(tags) for tags in lists if not tags.compelling]
    characters = None if counted.lists else characters_shape(some)
    if characters is not None:
        before.append(_from_shape(name, characters))
    looked = f"{len(some):,} of {len(labels):,} different labels looked at: "
    judged = "" if some is labels else looked
    if counted.lists:
        judged += f"{counted.lists:,} cells are lists: "
    once: dict[tuple[str, str], LabelReading] = {}
    for label_reading in (*before, _whole(name, labels), *after):
        once.setdefault((label_reading.kind, label_reading.separator), label_reading)
    return [
        replace(label_reading, evidence=judged + label_reading.evidence)
        if label_reading.kind in _JUDGED
        else label_reading
        for label_reading in once.values()
    ]


def _in_any_order(
    labels: Counter[str], empty: int, shapes: Sequence[Shape], counted: _Counted
) -> list[LabelReading]:
    """Readings in which the order of what is separated means nothing: where a value stands in
    several places, or some labels lack one."""
    readings: list[LabelReading] = []
    free = [s for s in TAG_SEPARATORS[:-1] if any(len(pieces(label, s)) > 1 for label in labels)]
    for separator in (counted.joiner,) if counted.lists else free:
        shape = next((shape for shape in shapes if shape.separator == separator), None)
        if shape is None and any(shape.separator != separator for shape in shapes):
            continue
        if shape is not None and not unordered(labels, separator, listed=bool(counted.lists)):
            continue
        sets: Counter[frozenset[str]] = Counter()
        spelled: dict[str, str] = {}
        for label, count in labels.items():
            sets[items_in(label, separator, counted.fold, spelled)] += count
        groups = groups_of(sets)
        if groups is not None and len(groups.groups) > 1:
            readings.append(_from_groups(groups, separator, "in any order"))
        elif shape is not None:
            tags = tags_shape(
                labels, separator, empty, listed=True, any_length=True, fold=counted.fold
            )
            readings.append(_from_tags(tags) if tags else _set("label", separator, labels))
    return readings


def _from_groups(groups: Groups, separator: str, how: str) -> LabelReading:
    names, values = group_names(groups.groups)
    evidence = f"{len(names)} parts {how}: {groups.evidence}"
    return LabelReading("groups", separator, names, evidence, groups=values)


def group_names(
    groups: Sequence[Sequence[str]],
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Names for groups of values, and the values: what they begin with alike is the name.

    >>> group_names([["topic_film", "topic_sport"], ["cool", "heated"]])
    (('topic', 'cool or heated'), (('film', 'sport'), ('cool', 'heated')))
    """
    starts = [_start(group) for group in groups]
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


def _start(group: Sequence[str]) -> str:
    """What all values begin with, up to a sign that ends a word; "" where there is nothing."""
    first, last = min(group), max(group)
    alike = next((k for k, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), 0)
    start = re.match(r".*[_.:\-\[ ]", first[:alike])
    return start[0] if start else ""


def _set(name: str, separator: str, labels: Counter[str]) -> LabelReading:
    sets = {frozenset(filter(None, pieces(label, separator))) for label in labels}
    evidence = f"lists as one component, in any order: {len(sets):,} different ones"
    return LabelReading("set", separator, (name,), evidence)


def _levels(labels: Counter[str]) -> list[LabelReading]:
    for separator in LEVEL_SEPARATORS:
        shape = levels_shape(labels, separator)
        if shape is not None:
            depth, evidence = shape
            names = tuple(f"level {k}" for k in range(1, depth + 1))
            return [LabelReading("levels", separator, names, evidence)]
    return []


def _inner(name: str, cells: Sequence[str], exact: Sequence[str]) -> LabelReading:
    """How one of several columns is read: in parts only where that is sure."""
    marks = marks_of(cells, anything=True)
    if marks is not None and marks.unmarked and marks.varied:
        part = _ticked(name, marks)
        return LabelReading("yes/no", "", (part,), f"{marks}", (part,))
    counted = _counted(cells, exact)
    whole = _whole(name, counted.labels)
    first = _of_one(name, cells, exact)[0]
    worded = any(character.isalpha() for label in counted.labels for character in label)
    sure = first.kind not in ("whole", "characters") and worded
    return first if sure and first.separator not in _WEAK else whole


Columns = Sequence[tuple[str, Sequence[str]]]


def _runs(columns: Columns) -> list[list[tuple[str, Sequence[str]]]]:
    """The columns, those of yes and no that stand side by side together."""
    runs: list[list[tuple[str, Sequence[str]]]] = []
    before = False
    for column in columns:
        marks = marks_of(column[1], anything=True)
        marked = marks is not None and marks.varied
        if marked and before:
            runs[-1].append(column)
        else:
            runs.append([column])
        before = marked
    return runs


def _inners(run: Columns, exact: Sequence[str]) -> list[tuple[str, LabelReading]]:
    """How columns are read: together where they exclude each other, else each by itself."""
    together = _yes_no(run) if len(run) > 1 else []
    if together and together[0].kind == "groups":
        return [(run[0][0], together[0])]
    return [(name, _inner(name, cells, exact)) for name, cells in run]


def _mixed(readings: Sequence[tuple[str, LabelReading]]) -> LabelReading:
    """Columns that are read each in its own way."""
    inner: list[LabelReading] = []
    taken = {column for column, _ in readings}
    for column, label_reading in readings:
        if label_reading.kind == "whole":
            inner.append(replace(label_reading, names=(column,)))
            continue
        between = ": " if label_reading.kind == "tags" else " "
        parts = tuple(
            f"{column}{between}{part.removeprefix('part ')}"
            if part.startswith(("part ", "level "))
            or label_reading.kind == "tags"
            or (part in taken and label_reading.kind != "yes/no")
            else part
            for part in label_reading.names
        )
        taken |= set(parts)
        tags = (label_reading.names,) if label_reading.kind == "tags" else label_reading.groups
        inner.append(replace(label_reading, names=parts, groups=tags))
    evidence = "; ".join(
        f"{column}: {label_reading.evidence}"
        for (column, _), label_reading in zip(readings, inner, strict=True)
    )
    parts = tuple(part for label_reading in inner for part in label_reading.names)
    return LabelReading("columns", "", parts, evidence, inner=tuple(inner))


def reading_for(
    columns: Sequence[tuple[str, Sequence[str]]],
    separator: str | None,
    exact: Sequence[str] = (),
) -> LabelReading:
    """The reading that a person has chosen by its separator.

    :param separator: between the parts, or between tags where labels differ in their number; ""
        reads every character as a part; None reads the whole cell.
    :raises LossVizError: when no label can be read so, or there are several columns.
    """
    if len(columns) != 1:
        raise LossVizError(
            f"A separator is for one label column; {len(columns)} were chosen. "
            "Choose one column, or no separator."
        )
    return replace(_chosen(*columns[0], separator, exact), exact=tuple(exact))


def _chosen(
    name: str, cells: Sequence[str], separator: str | None, exact: Sequence[str]
) -> LabelReading:
    counted = _counted(cells, exact)
    labels = counted.labels
    if separator is None:
        return _whole(name, labels)
    if separator and separator_shape(labels, separator) is None:
        tags = tags_shape(labels, separator, counted.empty)
        if tags is not None:
            return _from_tags(tags)
    shape = (
        separator_shape(labels, separator, least=0.0)
        if separator
        else characters_shape(labels, anyhow=True)
    )
    if shape is None:
        example = next(iter(labels), "")
        how = f"at {separator!r}" if separator else "into characters"
        raise LossVizError(
            f"The labels in column {name!r} cannot be split {how}: the first is {example!r}. "
            "Choose the character that stands between the parts."
        )
    return _from_shape(name, shape)


class _Counted(NamedTuple):
    """The different labels of a column.

    :param labels: how often each occurs; the items of lists joined.
    :param empty: the number of cells without one.
    :param lists: the number of cells that are lists, as some tool writes them.
    :param joiner: what their items are joined by.
    :param fold: the same for all spellings that are not told apart.
    """

    labels: Counter[str]
    empty: int
    lists: int
    joiner: str
    fold: Callable[[str], str]


def _counted(cells: Sequence[str], exact: Sequence[str] = ()) -> _Counted:
    raw = Counter(cells)
    inside = {} if "lists" in exact else {cell: list_of(cell) for cell in raw if cell}
    lists = {cell: items for cell, items in inside.items() if items is not None}
    joiner = joiner_of([*lists.values(), *([cell] for cell in raw if cell not in lists)])
    several = any(len(items) > 1 for items in lists.values())
    labels: Counter[str] = Counter()
    empty = 0
    for cell, count in raw.items():
        items = lists.get(cell)
        label = tidy(cell) if items is None else joiner.join(items)
        if items is None and unknown(cell, exact):
            label = ""
        labels[label] += count
    empty = labels.pop("", 0)
    return _Counted(
        labels, empty, sum(raw[cell] for cell in lists) if several else 0, joiner, fold_of(exact)
    )


def _some(labels: Counter[str]) -> Counter[str]:
    """At most 20,000 of the different labels, from all over the table."""
    if len(labels) <= _TRIED:
        return labels
    step = -(-len(labels) // _TRIED)
    return Counter(dict(islice(labels.items(), 0, None, step)))


def _shape_at(labels: Counter[str], some: Counter[str], separator: str) -> Shape | None:
    """What splitting gives, judged by some of the labels, and then not into names of rows."""
    shape = separator_shape(some, separator)
    return shape if some is labels or shape is None or not shape.names_rows else None


def _lists(labels: Counter[str], empty: int, counted: _Counted, taken: Sequence[str]) -> list[Tags]:
    """Readings as lists of tags, at separators that do not stand in every label equally often."""
    free = [
        s
        for s in ((counted.joiner,) if counted.lists else TAG_SEPARATORS)
        if not any(s in separator or separator in s for separator in taken)
    ]
    listed = bool(counted.lists)
    lists = [
        t
        for s in free
        if (t := tags_shape(labels, s, empty, listed=listed, fold=counted.fold)) is not None
    ]
    return sorted(lists, key=lambda tags: not tags.compelling)[:2]


def _within(shape: Shape, other: Shape) -> bool:
    """Is its separator only a piece of the other's: ``>`` where ``->`` fits?"""
    return shape is not other and shape.separator in other.separator


def _rank(shape: Shape) -> int:
    """0: read so; 1: read so where nothing surer does; 2: only offered after the whole value."""
    if shape.separator in SURE_SEPARATORS:
        return 0
    if shape.separator in _USUAL:
        return 0 if shape.crosses else 2
    return 1 if shape.recombines else 2


def _columns(columns: Sequence[tuple[str, Sequence[str]]]) -> LabelReading:
    names = tuple(name for name, _ in columns)
    counts = ", ".join(
        f"{name} {len({key(c) for c in set(cells) if not unknown(c)}):,}" for name, cells in columns
    )
    return LabelReading("columns", "", names, f"one column for each component; values: {counts}")


def _yes_no(columns: Sequence[tuple[str, Sequence[str]]]) -> list[LabelReading]:
    """The readings of columns that all say yes or no; none where one does not."""
    by_column = {name: marks_of(cells, anything=True) for name, cells in columns}
    marks = {_ticked(name, mark): mark for name, mark in by_column.items() if mark is not None}
    if len(marks) < len(by_column) or sum(mark.varied for mark in marks.values()) < 2:
        return []
    unmarked = tuple(name for name, mark in marks.items() if mark.unmarked)
    evidence = f"{len(marks)} yes/no columns{_written(marks.values())}, read as {len(marks)} parts"
    if unmarked:
        where = "" if len(unmarked) == len(marks) else f" in {', '.join(unmarked)}"
        evidence += f"; an empty cell{where} means no"
    sets = Counter(
        frozenset(name for name, cell in zip(marks, row, strict=True) if _ticks(cell, marks[name]))
        for row in zip(*(cells for _, cells in columns), strict=True)
    )
    groups = groups_of(sets, least=_NEARLY_ALL)
    alone = [] if groups is None else [_one_of(groups, tuple(marks), unmarked)]
    if groups is None and (apart := _apart(sets)):
        evidence += f"; {apart} exclude each other"
    return [*alone, LabelReading("yes/no", "", tuple(marks), evidence, unmarked)]


def _ticked(name: str, marks: Marks) -> str:
    """The name of a column of yes and no: with what stands in it where that says more."""
    says_more = not answer(marks.yes) and key(marks.yes) not in key(name)
    return f"{name}{_BETWEEN}{marks.yes}" if marks.yes and says_more else name


def _ticks(cell: str, marks: Marks) -> bool:
    return answer(cell) == YES or (marks.unmarked and not unknown(cell))


def _one_of(groups: Groups, columns: tuple[str, ...], unmarked: tuple[str, ...]) -> LabelReading:
    """Columns of which exactly one in each group says yes."""
    label_reading = _from_groups(groups, "", f"in {len(columns)} yes/no columns")
    if all(_BETWEEN in column for column in columns):
        label_reading = _by_what_stands_there(label_reading, groups)
    shown = {
        column: value
        for group, values in zip(groups.groups, label_reading.groups, strict=True)
        for column, value in zip(group, values, strict=True)
    }
    return replace(
        label_reading,
        columns=tuple(shown[column] for column in columns),
        unmarked=tuple(shown[column] for column in unmarked),
    )


def _by_what_stands_there(label_reading: LabelReading, groups: Groups) -> LabelReading:
    """Where the columns hold the values themselves, these are the values."""
    values = tuple(tuple(c.partition(_BETWEEN)[2] for c in group) for group in groups.groups)
    names = [_start([c.partition(_BETWEEN)[0] for c in group]) for group in groups.groups]
    parts = tuple(
        name.rstrip("_.:-[ ") if name and names.count(name) == 1 else " or ".join(group)
        for name, group in zip(names, values, strict=True)
    )
    return replace(label_reading, names=parts, groups=values)


def _apart(sets: Counter[frozenset[str]]) -> str:
    """Two columns of which exactly one says yes in every row; "" without such."""
    rows = sets.total()
    if rows < ENOUGH:
        return ""
    names = sorted({name for items in sets for name in items})
    for place, first in enumerate(names):
        for second in names[place + 1 :]:
            if sum(n for items, n in sets.items() if (first in items) != (second in items)) == rows:
                return f"{first} and {second}"
    return ""


def _written(marks: Collection[Marks]) -> str:
    """How yes and no stand in the file, where that is soon said."""
    ways = list(dict.fromkeys(str(mark) for mark in marks if mark.varied))
    return f" ({' or '.join(ways)} in the file)" if len(ways) <= 2 else ""


def _whole(name: str, labels: Counter[str]) -> LabelReading:
    values = "value" if len(labels) == 1 else "different values"
    component = "label" if name.startswith("column ") else name
    evidence = f"the label as one component: {len(set(map(key, labels))):,} {values}"
    return LabelReading("whole", "", (component,), evidence)


def _from_tags(tags: Tags) -> LabelReading:
    return LabelReading("tags", tags.separator, tags.names, tags.evidence)


def _from_shape(name: str, shape: Shape) -> LabelReading:
    kind: Kind = "separator" if shape.separator else "characters"
    return LabelReading(kind, shape.separator, _names(name, shape), shape.evidence)


def _names(header: str, shape: Shape) -> tuple[str, ...]:
    """Names from a header like ``arousal|valence``; else ``part 1``, ``part 2``."""
    count = len(shape.sizes)
    for separator in dict.fromkeys((shape.separator or "|", *SEPARATORS, "×")):
        parts = tuple(part.strip() for part in header.split(separator))
        fits = len(parts) == count == len(set(parts)) and all(parts)
        if fits and not any(p.casefold() in GENERIC_NAMES or p.isdigit() for p in parts):
            return parts
    return tuple(f"part {k}" for k in range(1, count + 1))
