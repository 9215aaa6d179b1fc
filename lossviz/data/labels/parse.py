"""Reading the cells of a row as the parts of its label."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice, takewhile

from lossviz.data.labels.items import list_of
from lossviz.data.labels.reading import NO, NONE, YES, Kind, LabelReading, answer, unknown
from lossviz.data.labels.shapes import rejoined
from lossviz.data.labels.spelling import fold_of
from lossviz.errors import LossVizError


def parse_label(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    """The parts of one row's label, without the spaces around them.

    >>> parse_label(LabelReading("separator", "|", ("arousal", "valence"), ""), ["high | low"])
    ('high', 'low')
    >>> parse_label(LabelReading("tags", ",", ("anger", "joy"), ""), ["joy"])
    ('no', 'yes')

    :param cells: the row's cells in the label columns, in order.
    :raises LossVizError: with a phrase that rows share: "empty label", "no value for …".
    """
    if not cells:
        raise LossVizError("empty label")
    if reading.inner:
        if len(cells) != sum(inner.width for inner in reading.inner):
            raise LossVizError(_misfit(reading))
        rest = iter(cells)
        outcomes = [_or_reason(inner, list(islice(rest, inner.width))) for inner in reading.inner]
        return _together(reading, outcomes, cells)
    if reading.kind == "yes/no":
        return _answers(reading, cells)
    if reading.kind == "groups":
        return _of_groups(reading, cells)
    return _PARSERS[reading.kind](reading, cells)


def _or_reason(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...] | str:
    try:
        return parse_label(reading, cells)
    except LossVizError as error:
        return str(error)


def _together(
    reading: LabelReading, outcomes: Sequence[tuple[str, ...] | str], cells: Sequence[str]
) -> tuple[str, ...]:
    """The parts of several columns, each of which was read by itself."""
    reasons = {
        inner.names: outcome
        for inner, outcome in zip(reading.inner, outcomes, strict=True)
        if isinstance(outcome, str)
    }
    if not reasons:
        return tuple(part for outcome in outcomes for part in outcome)
    if all(unknown(cell, reading.exact) for cell in cells):
        raise LossVizError("empty label")
    names, reason = next(iter(reasons.items()))
    raise LossVizError(_missing(names) if reason == "empty label" else reason)


def _missing(names: Sequence[str]) -> str:
    """What rows share that lack some parts of the label."""
    return f"no value for the part{'s' * (len(names) > 1)} {', '.join(map(repr, names))}"


def _whole_parts(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    """A cell for each part; a list in a cell is one value."""
    return _complete(reading, [_whole_value(reading, cell) for cell in cells])


def _whole_value(reading: LabelReading, cell: str) -> str:
    items = None if "lists" in reading.exact else list_of(cell)
    return cell.strip() if items is None else ", ".join(items)


def _character_parts(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    return _complete(reading, list(cells[0].strip()))


def _separated_parts(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    if unknown(cells[0], reading.exact):
        raise LossVizError("empty label")
    items = reading.items(cells[0])
    if reading.groups and len(items) > len(reading.names):
        items = list(rejoined(items, reading.separator, reading.groups))
    return _complete(reading, items)


def _complete(reading: LabelReading, parts: Sequence[str]) -> tuple[str, ...]:
    missing = [k for k, part in enumerate(parts) if unknown(part, reading.exact)]
    if len(missing) == len(parts):
        raise LossVizError("empty label")
    if len(parts) != len(reading.names):
        raise LossVizError(_misfit(reading))
    if missing:
        raise LossVizError(_missing([reading.names[k] for k in missing]))
    return tuple(parts)


def _set_part(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    items = sorted({item for item in reading.items(cells[0]) if not unknown(item, reading.exact)})
    if not items:
        raise LossVizError("empty label")
    return (f"{reading.separator}{' ' * (reading.separator in ',;')}".join(items),)


def _level_parts(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    if reading.columns:
        return _column_levels(reading, cells)
    steps = [step for step in reading.items(cells[0]) if step]
    if not steps or unknown(cells[0], reading.exact):
        raise LossVizError("empty label")
    if len(steps) > len(reading.names):
        raise LossVizError(f"label with more than {len(reading.names)} levels")
    return tuple(steps) + (NONE,) * (len(reading.names) - len(steps))


def _column_levels(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    """A cell for each level; below one that is empty there is none."""
    if len(cells) != len(reading.names):
        raise LossVizError(_misfit(reading))
    steps = ["" if unknown(cell, reading.exact) else _whole_value(reading, cell) for cell in cells]
    reached = len(list(takewhile(bool, steps)))
    if not any(steps):
        raise LossVizError("empty label")
    if any(steps[reached:]):
        raise LossVizError(_missing([reading.names[reached]]))
    return (*steps[:reached], *(NONE,) * (len(steps) - reached))


def _tags(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    fold = fold_of(reading.exact)
    tags = {fold(item) for item in reading.items(cells[0]) if not unknown(item, reading.exact)}
    names = [fold(name) for name in reading.groups[0]] if reading.groups else None
    names = [fold(name) for name in reading.names] if names is None else names
    if not tags <= set(names):
        raise LossVizError("label with a tag that was not there when the labels were read")
    return tuple(YES if name in tags else NO for name in names)


def _answers(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    names = reading.names
    if len(cells) != len(names):
        raise LossVizError(_misfit(reading))
    answers = [_answer(reading, name, cell) for name, cell in zip(names, cells, strict=True)]
    if not any(answers) and all(unknown(cell, reading.exact) for cell in cells):
        raise LossVizError("empty label")
    if any(not a and not unknown(c, reading.exact) for a, c in zip(answers, cells, strict=True)):
        raise LossVizError("label that says neither yes nor no")
    if not all(answers):
        raise LossVizError(_missing([n for n, a in zip(names, answers, strict=True) if not a]))
    return tuple(answers)


def _answer(reading: LabelReading, name: str, cell: str) -> str:
    """``yes``, ``no``, or "" where the cell says neither; where a mark stands for yes, any does."""
    if name not in reading.unmarked:
        return answer(cell)
    return NO if unknown(cell, reading.exact) else answer(cell) or YES


def _of_groups(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    """The value of each group that is there, in whatever order."""
    if reading.columns:
        items = [
            value
            for value, cell in zip(reading.columns, cells, strict=True)
            if _answer(reading, value, cell) == YES
        ]
    else:
        items = [item for item in reading.items(cells[0]) if not unknown(item, reading.exact)]
    if not items:
        raise LossVizError("empty label")
    fold = fold_of(reading.exact)
    chosen = {fold(item) for item in items}
    if not chosen <= {fold(value) for group in reading.groups for value in group}:
        raise LossVizError("label with a value that was not there when the labels were read")
    present = [[value for value in group if fold(value) in chosen] for group in reading.groups]
    if missing := [name for name, values in zip(reading.names, present, strict=True) if not values]:
        raise LossVizError(_missing(missing))
    if double := [n for n, values in zip(reading.names, present, strict=True) if len(values) > 1]:
        raise LossVizError(f"more than one value for the part {double[0]!r}")
    return tuple(values[0] for values in present)


_PARSERS: dict[Kind, Callable[[LabelReading, Sequence[str]], tuple[str, ...]]] = {
    "whole": _whole_parts,
    "columns": _whole_parts,
    "characters": _character_parts,
    "separator": _separated_parts,
    "set": _set_part,
    "levels": _level_parts,
    "tags": _tags,
}


def _misfit(reading: LabelReading) -> str:
    count = len(reading.names)
    if reading.kind == "characters":
        return f"label without exactly {count} characters"
    if reading.kind == "separator":
        return f"label without exactly {count} parts between {reading.separator!r}"
    return f"label without exactly {sum(inner.width for inner in reading.inner) or count} cells"
