"""The ways in which one column can be read as the parts of a label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from lossviz.data.files.header import GENERIC_NAMES
from lossviz.data.labels.counted import CountedLabels, count_labels
from lossviz.data.labels.groups import from_groups, groups_of, unordered
from lossviz.data.labels.items import pieces
from lossviz.data.labels.levels import levels_of
from lossviz.data.labels.reading import Kind, LabelReading
from lossviz.data.labels.shapes import Shape, characters_shape, separator_shape
from lossviz.data.labels.spelling import key
from lossviz.data.labels.tags import TAG_SEPARATORS, Tags, items_in, tags_shape
from lossviz.errors import LossVizError

# A vertical bar and a line break stand in labels to separate; the others may belong to a value,
# more and more so.
SURE_SEPARATORS = ("||", "|", "\n")
_USUAL = ("->", "=>", "::", ":", "/", ";", ",", "+", "&", ">", "~", "^", "#", "\\")
WEAK = ("--", "__", "-", "_", " ")
SEPARATORS = SURE_SEPARATORS + _USUAL + WEAK
# A reading is judged by so many different labels: a million would be split twenty times.
_TRIED = 20_000
_JUDGED = ("characters", "separator", "groups", "tags", "set")


def of_one(name: str, cells: Sequence[str], exact: Sequence[str]) -> list[LabelReading]:
    """Every plausible reading of a column, the best one first."""
    counted = count_labels(cells, exact)
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
    levels = levels_of(some)
    before = [paths for paths, sure in levels if sure]
    before += _in_any_order(labels, empty, surely, counted)
    before += [_from_shape(name, shape) for shape in surely]
    before += [_from_tags(tags) for tags in lists if tags.compelling]
    if counted.lists:
        before.append(_set(name, counted.joiner, labels))
    after = [paths for paths, sure in levels if not sure]
    after += [_from_shape(name, shape) for shape in shapes if shape not in surely]
    after += [_from_tags(tags) for tags in lists if not tags.compelling]
    characters = None if counted.lists else characters_shape(some)
    if characters is not None:
        before.append(_from_shape(name, characters))
    looked = f"{len(some):,} of {len(labels):,} different labels looked at: "
    judged = "" if some is labels else looked
    if counted.lists:
        judged += f"{counted.lists:,} cells are lists: "
    once: dict[tuple[str, str], LabelReading] = {}
    for label_reading in (*before, whole_cell(name, labels), *after):
        once.setdefault((label_reading.kind, label_reading.separator), label_reading)
    return [
        replace(label_reading, evidence=judged + label_reading.evidence)
        if label_reading.kind in _JUDGED
        else label_reading
        for label_reading in once.values()
    ]


def _in_any_order(
    labels: Counter[str], empty: int, shapes: Sequence[Shape], counted: CountedLabels
) -> list[LabelReading]:
    """Readings in which the order of what is separated means nothing: where a value stands in
    several places, or some labels lack one."""
    readings: list[LabelReading] = []
    free = [s for s in TAG_SEPARATORS[:-1] if any(len(pieces(label, s)) > 1 for label in labels)]
    for separator in (counted.joiner,) if counted.lists else free:
        shape = next((shape for shape in shapes if shape.separator == separator), None)
        if shape is None and any(shape.separator != separator for shape in shapes):
            continue
        ordered = shape is not None and shape.values
        if ordered or (shape and not unordered(labels, separator, listed=bool(counted.lists))):
            continue
        sets: Counter[frozenset[str]] = Counter()
        spelled: dict[str, str] = {}
        for label, count in labels.items():
            sets[items_in(label, separator, counted.fold, spelled)] += count
        groups = groups_of(sets)
        if groups is not None and len(groups.groups) > 1:
            readings.append(from_groups(groups, separator, "in any order"))
        elif shape is not None:
            tags = tags_shape(
                labels, separator, empty, listed=True, any_length=True, fold=counted.fold
            )
            readings.append(_from_tags(tags) if tags else _set("label", separator, labels))
    return readings


def _set(name: str, separator: str, labels: Counter[str]) -> LabelReading:
    sets = {frozenset(filter(None, pieces(label, separator))) for label in labels}
    evidence = f"lists as one component, in any order: {len(sets):,} different ones"
    return LabelReading("set", separator, (name,), evidence)


def chosen_reading(
    name: str, cells: Sequence[str], separator: str | None, exact: Sequence[str]
) -> LabelReading:
    """The reading at a separator that was chosen: see :func:`reading_for`."""
    counted = count_labels(cells, exact)
    labels = counted.labels
    if separator is None:
        return whole_cell(name, labels)
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


def _lists(
    labels: Counter[str], empty: int, counted: CountedLabels, taken: Sequence[str]
) -> list[Tags]:
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


def whole_cell(name: str, labels: Counter[str]) -> LabelReading:
    """The whole cell is the only part."""
    values = "value" if len(labels) == 1 else "different values"
    component = "label" if name.startswith("column ") else name
    evidence = f"the label as one component: {len(set(map(key, labels))):,} {values}"
    return LabelReading("whole", "", (component,), evidence)


def _from_tags(tags: Tags) -> LabelReading:
    return LabelReading("tags", tags.separator, tags.names, tags.evidence)


def _from_shape(name: str, shape: Shape) -> LabelReading:
    kind: Kind = "separator" if shape.separator else "characters"
    groups = tuple(tuple(sorted(values)) for values in shape.values)
    names = _names(name, shape)
    return LabelReading(kind, shape.separator, names, shape.evidence, groups=groups)


def _names(header: str, shape: Shape) -> tuple[str, ...]:
    """Names from a header like ``arousal|valence``; else ``part 1``, ``part 2``."""
    count = len(shape.sizes)
    for separator in dict.fromkeys((shape.separator or "|", *SEPARATORS, "×")):
        parts = tuple(part.strip() for part in header.split(separator))
        fits = len(parts) == count == len(set(parts)) and all(parts)
        if fits and not any(p.casefold() in GENERIC_NAMES or p.isdigit() for p in parts):
            return parts
    return tuple(f"part {k}" for k in range(1, count + 1))
