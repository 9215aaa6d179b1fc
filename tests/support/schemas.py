"""Label schemas from labels written out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lossviz.schema import Component, LabelSchema


def schema_of(
    names: Sequence[str], labels: Iterable[Sequence[str]], separator: str = "|"
) -> LabelSchema:
    """Of labels that occur: exactly their combinations are allowed; values are sorted."""
    parts = {tuple(label) for label in labels}
    values = [tuple(sorted(set(column))) for column in zip(*parts, strict=True)]
    classes = sorted(tuple(map(tuple.index, values, label)) for label in parts)
    return LabelSchema(tuple(map(Component, names, values)), tuple(classes), separator)
