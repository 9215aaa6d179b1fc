"""The ways in which several columns can be read as the parts of one label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from lossviz.data.labels.counted import count_labels
from lossviz.data.labels.groups import ENOUGH, Groups, common_start, from_groups, groups_of
from lossviz.data.labels.levels import levels_among
from lossviz.data.labels.reading import YES, LabelReading, Marks, answer, marks_of, unknown
from lossviz.data.labels.single import WEAK, of_one, whole_cell
from lossviz.data.labels.spelling import key

Columns = Sequence[tuple[str, Sequence[str]]]
NEARLY_ALL = 0.98
_BETWEEN = ": "
"""The name of a column of marks, and what stands in it."""


def of_several(
    columns: Sequence[tuple[str, Sequence[str]]], exact: Sequence[str]
) -> list[LabelReading]:
    """Every plausible reading of several columns, the best one first."""
    readings = _yes_no(columns)
    if not readings:
        inner = _with_levels(columns, exact)
        if len(inner) == 1:
            readings.append(inner[0][1])
        elif any(label_reading.kind != "whole" for _, label_reading in inner):
            readings.append(_mixed(inner))
    return [*readings, _columns(columns)]


def _inner(name: str, cells: Sequence[str], exact: Sequence[str]) -> LabelReading:
    """How one of several columns is read: in parts only where that is sure."""
    marks = marks_of(cells, anything=True)
    if marks is not None and marks.unmarked and marks.varied:
        part = _ticked(name, marks)
        return LabelReading("yes/no", "", (part,), f"{marks}", (part,))
    counted = count_labels(cells, exact)
    whole = whole_cell(name, counted.labels)
    first = of_one(name, cells, exact)[0]
    worded = any(character.isalpha() for label in counted.labels for character in label)
    sure = first.kind not in ("whole", "characters") and worded
    return first if sure and first.separator not in WEAK else whole


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


def _inners(columns: Columns, exact: Sequence[str]) -> list[tuple[str, LabelReading]]:
    """How columns are read: together where they exclude each other, else each by itself."""
    inner: list[tuple[str, LabelReading]] = []
    for run in _runs(columns):
        together = _yes_no(run) if len(run) > 1 else []
        if together and together[0].kind == "groups":
            inner.append((run[0][0], together[0]))
        else:
            inner += [(name, _inner(name, cells, exact)) for name, cells in run]
    return inner


def _with_levels(columns: Columns, exact: Sequence[str]) -> list[tuple[str, LabelReading]]:
    """The same, those that are levels of a hierarchy together."""
    inner: list[tuple[str, LabelReading]] = []
    place = 0
    for first, levels in levels_among(columns).items():
        inner += [*_inners(columns[place:first], exact), (columns[first][0], levels)]
        place = first + levels.width
    return [*inner, *_inners(columns[place:], exact)]


def _mixed(readings: Sequence[tuple[str, LabelReading]]) -> LabelReading:
    """Columns that are read each in its own way."""
    inner: list[LabelReading] = []
    taken = {column for column, _ in readings}
    for column, label_reading in readings:
        if label_reading.kind == "whole":
            inner.append(replace(label_reading, names=(column,)))
            continue
        if label_reading.kind == "levels" and label_reading.columns:
            inner.append(label_reading)
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
    groups = groups_of(sets, least=NEARLY_ALL)
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
    label_reading = from_groups(groups, "", f"in {len(columns)} yes/no columns")
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
    names = [common_start([c.partition(_BETWEEN)[0] for c in group]) for group in groups.groups]
    parts = tuple(
        name.rstrip("_.:-[ ") if name and names.count(name) == 1 else " or ".join(group)
        for name, group in zip(names, values, strict=True)
    )
    return replace(label_reading, names=parts, groups=values)


def _apart(sets: Counter[frozenset[str]]) -> str:
    """Columns of which exactly one says yes in every row; "" without such."""
    if sets.total() < ENOUGH:
        return ""
    left = sorted({name for items in sets for name in items})
    groups: list[list[str]] = []
    while left:
        group = left[:1]
        for name in left[1:]:
            if not any(name in items and items & set(group) for items in sets):
                group.append(name)
        if len(group) > 1 and all(len(items & set(group)) == 1 for items in sets):
            groups.append(group)
        left = [name for name in left[1:] if not groups or name not in groups[-1]]
    return "; ".join(" and ".join(group) for group in groups)


def _written(marks: Collection[Marks]) -> str:
    """How yes and no stand in the file, where that is soon said."""
    ways = list(dict.fromkeys(str(mark) for mark in marks if mark.varied))
    return f" ({' or '.join(ways)} in the file)" if len(ways) <= 2 else ""
