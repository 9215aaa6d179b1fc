"""How the cells of label columns are read as the parts of one compound label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lossviz.datasets.names import GENERIC_NAMES
from lossviz.datasets.shapes import Shape, characters_shape, separator_shape
from lossviz.errors import LossVizError

Kind = Literal["characters", "separator", "columns", "whole"]

# A vertical bar stands in labels to separate; the others may belong to a value, more and more so.
SURE_SEPARATORS = ("||", "|")
_USUAL = ("->", "=>", "::", ":", "/", ";", ",", "+", "&", ">", "~", "^", "#", "\\")
_WEAK = ("--", "__", "-", "_", " ")
SEPARATORS = SURE_SEPARATORS + _USUAL + _WEAK


@dataclass(frozen=True, slots=True)
class LabelReading:
    """One way to read label cells as parts.

    ``kind`` is ``characters`` (``AC``), ``separator`` (``A|C``), ``columns`` (a column for each
    component) or ``whole`` (one component). ``separator`` is "" but for ``separator``. ``names``
    are proposed for the components, in order; ``evidence`` says in words what speaks for it.
    """

    kind: Kind
    separator: str
    names: tuple[str, ...]
    evidence: str


def propose_readings(
    columns: Sequence[tuple[str, Sequence[str]]],
) -> tuple[LabelReading, ...]:
    """Every plausible reading of the label columns, the best one first.

    Several columns are one component each. In one column, a reading in parts comes before the
    whole value where the parts recombine: ``A-C, A-D, B-C`` do, ``very-good, very-bad`` do not.

    :param columns: name and cells of each label column; empty cells are passed over.
    :raises LossVizError: without columns.
    """
    if not columns:
        raise LossVizError("Expected at least one label column, found none. Choose one.")
    if len(columns) > 1:
        return (_columns(columns),)
    name, cells = columns[0]
    labels = [label for cell in cells if (label := cell.strip())]
    whole = _whole(name, labels)
    fitting = [shape for s in SEPARATORS if (shape := separator_shape(labels, s)) is not None]
    shapes = sorted(
        (shape for shape in fitting if not any(_within(shape, other) for other in fitting)),
        key=lambda shape: (_rank(shape), -shape.crossing),
    )
    before = [_from_shape(name, shape) for shape in shapes if _rank(shape) < 2]
    after = [_from_shape(name, shape) for shape in shapes if _rank(shape) == 2]
    characters = characters_shape(labels)
    if characters is not None:
        before.append(_from_shape(name, characters))
    return (*before, whole, *after)


def reading_for(
    columns: Sequence[tuple[str, Sequence[str]]], separator: str | None
) -> LabelReading:
    """The reading that a person has chosen by its separator.

    :param separator: between the parts; "" reads every character as a part; None reads the
        whole cell.
    :raises LossVizError: when no label can be read so, or there are several columns.
    """
    if len(columns) != 1:
        raise LossVizError(
            f"A separator is for one label column; {len(columns)} were chosen. "
            "Choose one column, or no separator."
        )
    name, cells = columns[0]
    labels = [label for cell in cells if (label := cell.strip())]
    if separator is None:
        return _whole(name, labels)
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


def parse_label(reading: LabelReading, cells: Sequence[str]) -> tuple[str, ...]:
    """The parts of one row's label, without the spaces around them.

    >>> parse_label(LabelReading("separator", "|", ("arousal", "valence"), ""), ["high | low"])
    ('high', 'low')

    :param cells: the row's cells in the label columns, in order.
    :raises LossVizError: with a phrase that rows share: "empty label", "label without …".
    """
    stripped = [cell.strip() for cell in cells]
    if not all(stripped) or not stripped:
        raise LossVizError("empty label")
    if reading.kind in ("columns", "whole"):
        parts = tuple(stripped)
    elif reading.kind == "characters":
        parts = tuple(stripped[0])
    else:
        parts = tuple(part.strip() for part in stripped[0].split(reading.separator))
    if len(parts) != len(reading.names) or not all(parts):
        raise LossVizError(_misfit(reading))
    return parts


def _misfit(reading: LabelReading) -> str:
    count = len(reading.names)
    if reading.kind == "characters":
        return f"label without exactly {count} characters"
    if reading.kind == "separator":
        return f"label without exactly {count} parts between {reading.separator!r}"
    return f"label without exactly {count} cells"


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
        f"{name} {len({c.strip() for c in cells} - {''}):,}" for name, cells in columns
    )
    return LabelReading("columns", "", names, f"one column for each component; values: {counts}")


def _whole(name: str, labels: Sequence[str]) -> LabelReading:
    count = len(set(labels))
    values = "value" if count == 1 else "different values"
    own = "label" if name.startswith("column ") else name
    return LabelReading("whole", "", (own,), f"the label as one component: {count:,} {values}")


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
