"""The ways in which label columns can be read as the parts of one compound label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lossviz.data.labels.reading import LabelReading
from lossviz.data.labels.several import of_several
from lossviz.data.labels.single import chosen_reading, of_one
from lossviz.errors import LossVizError


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
    readings = of_several(columns, exact) if len(columns) > 1 else of_one(*columns[0], exact)
    return tuple(replace(label_reading, exact=tuple(exact)) for label_reading in readings)


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
    return replace(chosen_reading(*columns[0], separator, exact), exact=tuple(exact))
