"""Labels as a person has edited them, each different one once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lossviz.arrays import Bools
from lossviz.data.files.header import is_number
from lossviz.data.labels.edits import LabelEdits, PartEdits
from lossviz.data.labels.parts import LabelParts, distinct
from lossviz.data.labels.reading import LabelReading
from lossviz.schema import Codes

_SEPARATORS = ("|", "/", "·", "¦", "\x1f")
IMPOSSIBLE = "combination marked impossible"


@dataclass(frozen=True, eq=False)
class EditedLabels:
    """The labels after the edits, those that are left out included.

    :param parts: the components that stay, by the names that were found, in order.
    :param names: what they are called.
    :param values: of each component, in order.
    :param counts: the rows of each value of each component.
    :param combinations: ``(C, K)``, the different labels as places among the values, ascending.
    :param rows: ``(C,)``, the rows of each.
    :param index: ``(M,)``, the label of each combination as it was read.
    :param reasons: ``(C,)``, why a label is left out; "" for those that are used.
    """

    parts: tuple[str, ...]
    names: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    counts: tuple[tuple[int, ...], ...]
    combinations: Codes
    rows: Codes
    index: Codes
    reasons: tuple[str, ...]

    @property
    def used(self) -> Bools:
        """Which labels are used, ``(C,)``."""
        return np.array([not reason for reason in self.reasons], dtype=bool)

    def label(self, c: int) -> tuple[str, ...]:
        """The values of a label."""
        codes = self.combinations[c].tolist()
        return tuple(value[code] for value, code in zip(self.values, codes, strict=True))

    def combination(self, c: int) -> tuple[tuple[str, str], ...]:
        """A label as edits name it: the components with their values."""
        return tuple(zip(self.parts, self.label(c), strict=True))


@dataclass(frozen=True, eq=False)
class _EditedPart:
    """A component after the edits: its values in order, their rows, and the places of the values
    as they were read among them, ``(n,)``."""

    values: tuple[str, ...]
    counts: tuple[int, ...]
    places: Codes


def edit_labels(read: LabelParts, edits: LabelEdits) -> EditedLabels:
    """Labels as they were read, with the edits. Linear in the number of different labels.

    :raises LossVizError: when no component would stay.
    """
    parts = edits.kept(read.names)
    edited_parts = [_part(read, read.names.index(name), edits.of(name)) for name in parts]
    columns = [
        part.places[read.combinations[:, read.names.index(name)]]
        for part, name in zip(edited_parts, parts, strict=True)
    ]
    number, first = distinct(columns)
    labels = np.stack([column[first] for column in columns], axis=1)
    order = np.lexsort(labels.T[::-1])
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    index, labels = rank[number], labels[order]
    rows = np.zeros(len(labels), dtype=np.int64)
    np.add.at(rows, index, read.counts)
    values = tuple(part.values for part in edited_parts)
    impossible = _impossible(parts, values, labels, edits)
    few = f"combination with fewer than {edits.least:,} texts"
    return EditedLabels(
        parts,
        tuple(edits.of(name).name or name for name in parts),
        values,
        tuple(part.counts for part in edited_parts),
        labels,
        rows,
        index,
        tuple(
            IMPOSSIBLE if out else few if count < edits.least else ""
            for out, count in zip(impossible.tolist(), rows.tolist(), strict=True)
        ),
    )


def settled(read: LabelParts, edits: LabelEdits) -> LabelEdits:
    """Edits that do to other rows what these do to the rows that were read.

    What depends on the number of rows is decided: the values that are rare here are so called
    there, however often they occur, and the combinations that are left out here are impossible.
    """
    edited = edit_labels(read, edits)
    settled_parts = []
    for name, values in zip(edited.parts, edited.values, strict=True):
        part_edits, k = edits.of(name), read.names.index(name)
        places = _part(read, k, part_edits).places.tolist()
        shown = tuple(zip(read.values[k], (values[place] for place in places), strict=True))
        rest = part_edits.other if part_edits.rare else part_edits.rest
        settled_parts.append(
            PartEdits(part=name, name=part_edits.name, shown=shown, rest=rest, first=values)
        )
    few = (
        edited.combination(c)
        for c, reason in enumerate(edited.reasons)
        if reason and reason != IMPOSSIBLE
    )
    impossible = (*edits.impossible, *few)
    return edits.changed(parts=tuple(settled_parts), impossible=impossible, least=0)


def _part(read: LabelParts, k: int, edits: PartEdits) -> _EditedPart:
    shown = dict(edits.shown)
    called = [shown.get(value) or edits.rest or value for value in read.values[k]]
    rows = read.value_counts(k).tolist()
    counts = _summed(called, rows)
    if edits.rare:
        rare = {value for value, count in counts.items() if count < edits.rare}
        called = [edits.other if value in rare else value for value in called]
        counts = _summed(called, rows)
    order = _in_order(counts, edits)
    place = {value: code for code, value in enumerate(order)}
    places = np.array([place[value] for value in called], dtype=np.int64)
    return _EditedPart(tuple(order), tuple(counts[value] for value in order), places)


def _summed(called: Sequence[str], rows: Sequence[int]) -> dict[str, int]:
    """The rows of each value, in the order in which the file first has them."""
    counts: dict[str, int] = {}
    for value, count in zip(called, rows, strict=True):
        counts[value] = counts.get(value, 0) + count
    return counts


def _in_order(counts: dict[str, int], edits: PartEdits) -> list[str]:
    if edits.sort == "count":
        values = sorted(counts, key=lambda value: (-counts[value], value))
    elif edits.sort == "file":
        values = list(counts)
    else:
        values = _by_name(counts)
    first = [value for value in dict.fromkeys(edits.first) if value in counts]
    known = set(first)
    return [*first, *(value for value in values if value not in known)]


def separator_for(reading: LabelReading, values: Sequence[Sequence[str]]) -> str:
    """What stands between the parts: that of the file where it still separates; else a sign that
    no value contains."""
    if reading.kind == "characters" and all(len(v) == 1 for value in values for v in value):
        return ""
    separated = reading.kind == "separator" and reading.separator.isprintable()
    file = (reading.separator,) if separated else ()
    free = (s for s in (*file, *_SEPARATORS) if not any(s in v for part in values for v in part))
    return next(free, _SEPARATORS[-1])


def _by_name(values: Sequence[str] | dict[str, int]) -> list[str]:
    """Alphabetically; numerically where every value is a number."""
    if all(map(is_number, values)):
        return sorted(values, key=lambda v: (float(v.rstrip("%").replace(",", ".")), v))
    return sorted(values)


def _impossible(
    parts: Sequence[str],
    values: Sequence[Sequence[str]],
    labels: Codes,
    edits: LabelEdits,
) -> Bools:
    """Which labels ``(C,)`` have the values of a combination that is marked so."""
    impossible = np.zeros(len(labels), dtype=bool)
    columns = dict(zip(parts, labels.T, strict=True))
    places = {
        part: {value: code for code, value in enumerate(part_values)}
        for part, part_values in zip(parts, values, strict=True)
    }
    marked: dict[tuple[str, ...], list[list[int]]] = {}
    for combination in edits.impossible:
        if combination and all(value in places.get(part, {}) for part, value in combination):
            codes = [places[part][value] for part, value in combination]
            marked.setdefault(tuple(part for part, _ in combination), []).append(codes)
    for names, rows in marked.items():
        marked_codes = np.array(rows, dtype=np.int64)
        both = [np.concatenate([columns[name], marked_codes[:, j]]) for j, name in enumerate(names)]
        index, _ = distinct(both)
        impossible |= np.isin(index[: len(labels)], index[len(labels) :])
    return impossible
