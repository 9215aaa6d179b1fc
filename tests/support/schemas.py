"""Label schemas from labels written out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lossviz.schema import Component, LabelSchema


def schema_of(
    names: Sequence[str], labels: Iterable[Sequence[str]], separator: str = "|"
) -> LabelSchema:
    """Of labels that occur: exactly their combinations are allowed; values are sorted."""
    parts = {tuple(label) for label in labels}
    values = (tuple(sorted(set(column))) for column in zip(*parts, strict=True))
    full = LabelSchema.full(list(map(Component, names, values)), separator)
    return replace(full, classes=tuple(sorted(map(full.encode, parts))))
