"""The ways in which label columns can be read as the parts of one compound label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import islice

from lossviz.data.files.header import GENERIC_NAMES
from lossviz.data.labels.reading import Kind, LabelReading, Marks, marks_of
from lossviz.data.labels.shapes import (
    TAG_SEPARATORS,
    Shape,
    Tags,
    characters_shape,
    separator_shape,
    tags_shape,
)
from lossviz.errors import LossVizError

# A vertical bar stands in labels to separate; the others may belong to a value, more and more so.
SURE_SEPARATORS = ("||", "|")
_USUAL = ("->", "=>", "::", ":", "/", ";", ",", "+", "&", ">", "~", "^", "#", "\\")
_WEAK = ("--", "__", "-", "_", " ")
SEPARATORS = SURE_SEPARATORS + _USUAL + _WEAK
# A reading is judged by so many different labels: a million would be split twenty times.
_TRIED = 20_000
_JUDGED = ("characters", "separator")


def propose_readings(
    columns: Sequence[tuple[str, Sequence[str]]],
) -> tuple[LabelReading, ...]:
    """Every plausible reading of the label columns, the best one first.

    Several columns are one component each; where all of them say yes or no, they are read so
    first. In one column, a reading in parts comes before the whole value where the parts
    recombine: ``A-C, A-D, B-C`` do, ``very-good, very-bad`` do not. Of very many different labels
    some 20,000 are looked at.

    :param columns: name and cells of each label column; empty cells are passed over.
    :raises LossVizError: without columns.
    """
    if not columns:
        raise LossVizError("Expected at least one label column, found none. Choose one.")
    if len(columns) > 1:
        return (*_yes_no(columns), _columns(columns))
    name, cells = columns[0]
    labels, empty = _counted(cells)
    some = _some(labels)
    fitting = [shape for s in SEPARATORS if (shape := _shape_at(labels, some, s)) is not None]
    shapes = sorted(
        (shape for shape in fitting if not any(_within(shape, other) for other in fitting)),
        key=lambda shape: (_rank(shape), -shape.crossing),
    )
    lists = _lists(labels, empty, [shape.separator for shape in fitting])
    before = [_from_shape(name, shape) for shape in shapes if _rank(shape) < 2]
    before += [_from_tags(tags) for tags in lists if tags.compelling]
    after = [_from_shape(name, shape) for shape in shapes if _rank(shape) == 2]
    after += [_from_tags(tags) for tags in lists if not tags.compelling]
    characters = characters_shape(some)
    if characters is not None:
        before.append(_from_shape(name, characters))
    judged = (
        "" if some is labels else f"{len(some):,} of {len(labels):,} different labels looked at: "
    )
    return tuple(
        replace(label_reading, evidence=judged + label_reading.evidence)
        if label_reading.kind in _JUDGED
        else label_reading
        for label_reading in (*before, _whole(name, labels), *after)
    )


def reading_for(
    columns: Sequence[tuple[str, Sequence[str]]], separator: str | None
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
    name, cells = columns[0]
    labels, empty = _counted(cells)
    if separator is None:
        return _whole(name, labels)
    if separator and separator_shape(labels, separator) is None:
        tags = tags_shape(labels, separator, empty)
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


def _counted(cells: Sequence[str]) -> tuple[Counter[str], int]:
    """How often each label occurs, and the number of empty cells."""
    labels = Counter(map(str.strip, cells))
    return labels, labels.pop("", 0)


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


def _lists(labels: Counter[str], empty: int, taken: Sequence[str]) -> list[Tags]:
    """Readings as lists of tags, at separators that do not stand in every label equally often."""
    free = [
        s
        for s in TAG_SEPARATORS
        if not any(s in separator or separator in s for separator in taken)
    ]
    lists = [tags for s in free if (tags := tags_shape(labels, s, empty)) is not None]
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
        f"{name} {len({c.strip() for c in set(cells)} - {''}):,}" for name, cells in columns
    )
    return LabelReading("columns", "", names, f"one column for each component; values: {counts}")


def _yes_no(columns: Sequence[tuple[str, Sequence[str]]]) -> tuple[LabelReading, ...]:
    """The reading of columns that all say yes or no; none where one does not."""
    by_column = {name: marks_of(cells) for name, cells in columns}
    marks = {name: marks for name, marks in by_column.items() if marks is not None}
    if len(marks) < len(by_column) or sum(mark.varied for mark in marks.values()) < 2:
        return ()
    unmarked = tuple(name for name, mark in marks.items() if mark.unmarked)
    evidence = f"{len(marks)} yes/no columns{_written(marks.values())}, read as {len(marks)} parts"
    if unmarked:
        where = "" if len(unmarked) == len(marks) else f" in {', '.join(unmarked)}"
        evidence += f"; an empty cell{where} means no"
    return (LabelReading("yes/no", "", tuple(marks), evidence, unmarked),)


def _written(marks: Collection[Marks]) -> str:
    """How yes and no stand in the file, where that is soon said."""
    ways = list(dict.fromkeys(str(mark) for mark in marks if mark.varied))
    return f" ({' or '.join(ways)} in the file)" if len(ways) <= 2 else ""


def _whole(name: str, labels: Counter[str]) -> LabelReading:
    values = "value" if len(labels) == 1 else "different values"
    component = "label" if name.startswith("column ") else name
    evidence = f"the label as one component: {len(labels):,} {values}"
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
