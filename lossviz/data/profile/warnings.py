"""Warnings: what stands in the way of a good result."""

from __future__ import annotations

from collections.abc import Sequence

from lossviz.data.profile.class_table import ClassTable
from lossviz.data.profile.components import ComponentProfile
from lossviz.data.profile.lengths import TextLengths
from lossviz.data.profile.repetitions import Repetitions

FEW = 5
MUCH = 0.05
"""A share of the texts from which on it is worth a warning."""


def warnings(
    components: Sequence[ComponentProfile],
    classes: ClassTable,
    repeated: Repetitions,
    lengths: TextLengths,
) -> tuple[str, ...]:
    """Sentences, the gravest first."""
    texts = sum(row.found for row in classes.present)
    if len(classes.present) == 1:
        return (
            f"Every row has the label {classes.present[0].label!r}: there is nothing to learn. "
            "Choose another label column, or add rows with other labels.",
        )
    found = [
        f"{component.name!r} is {component.values[0]!r} in every row: nothing to learn there."
        for component in components
        if len(component.values) == 1
    ]
    rare = [row.label for row in classes.present if row.found < FEW]
    if rare:
        found.append(
            f"{len(rare):,} of {len(classes.present):,} labels have fewer than {FEW} rows, for "
            f"example {rare[0]!r}: error rates say little about them."
        )
    if repeated.contradictory_rows > MUCH * texts:
        found.append(
            f"{repeated.contradictory_rows:,} rows have a text that also stands with another "
            "label: no model can be right on all of them."
        )
    if lengths.too_short > MUCH * texts:
        found.append(
            f"{lengths.too_short:,} texts have {lengths.short_rule}: there is little in them to "
            "learn from. See whether this is the right text column."
        )
    return tuple(found)
