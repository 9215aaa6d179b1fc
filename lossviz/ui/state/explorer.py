"""What the reader looks at on the Formulations page, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np

from lossviz.arrays import Integers
from lossviz.data import Dataset
from lossviz.experiments.surfaces.surface import OutputPlane
from lossviz.losses.objectives import OBJECTIVES, Objective
from lossviz.schema import TEXTBOOK as TEXTBOOK_SCHEMA
from lossviz.schema import LabelSchema
from lossviz.sharing.looks import TEXTBOOK, FormulationsLook

MOST_PANELS = 4
COMMONEST = 6
"""Values of a part among which the two to begin with are looked for."""

Choice = tuple[int, int, int]
"""A component, and two of its values' codes."""


@dataclass
class Explorer:
    """The formulation that is explained, the surfaces beside it, and how they are looked at."""

    look: FormulationsLook = field(default_factory=FormulationsLook)

    def change(self, **fields: Any) -> None:
        """Look at it in another way."""
        self.look = replace(self.look, **fields)

    def look_at(self) -> None:
        """Show labels of other data, where they have two parts."""
        self.change(parts=None, true=(0, 0))

    @property
    def objective(self) -> Objective:
        """The formulation that is explained, with its settings."""
        return OBJECTIVES[self.look.formulation].configured(self.look.settings)

    @property
    def shown(self) -> tuple[str, ...]:
        """The formulations whose surfaces stand side by side."""
        explained = self.look.formulation
        others = [name for name in self.look.beside if name != explained]
        return (explained, *others)[:MOST_PANELS]

    def parts(self, dataset: Dataset) -> tuple[Choice, Choice] | None:
        """Two components of the data in use, and two values of each; None for the textbook's."""
        parts = self.look.parts
        if parts is None:
            return first_parts(dataset.schema)
        if parts == TEXTBOOK:
            return None
        one, first, second, other, third, fourth = parts
        return (one, first, second), (other, third, fourth)

    def schema(self, dataset: Dataset) -> LabelSchema:
        """The two by two labels that everything on the page is about."""
        parts = self.parts(dataset)
        return TEXTBOOK_SCHEMA if parts is None else dataset.schema.pair(*parts)

    def true(self, schema: LabelSchema) -> tuple[int, ...]:
        """The codes of the true label among these."""
        return self.look.true if self.look.true in schema.classes else schema.classes[0]

    def planes(self, dataset: Dataset, formulations: tuple[str, ...]) -> tuple[OutputPlane, ...]:
        """What to ask for the surfaces of these."""
        schema = self.schema(dataset)
        return tuple(
            OutputPlane(
                name,
                tuple(sorted(OBJECTIVES[name].configured(self.look.settings).values.items())),
                schema,
                self.true(schema),
                self.look.coupling,
            )
            for name in formulations
        )


@lru_cache(maxsize=32)
def first_parts(schema: LabelSchema) -> tuple[Choice, Choice] | None:
    """The two components and values to begin with: those with the most combinations, and of these
    the most often occurring. None for a label with a single part."""
    counts = [np.bincount(column) for column in schema.class_codes.T]
    usable = [k for k, count in enumerate(counts) if len(count) > 1]
    if len(usable) < 2:
        return None
    first, second = usable[:2]
    seen = {tuple(row) for row in schema.class_codes[:, [first, second]].tolist()}
    options = (
        (sum((i, j) in seen for i in a for j in b), (first, *a), (second, *b))
        for a in _pairs(counts[first])
        for b in _pairs(counts[second])
    )
    most, one, other = max(options, key=lambda option: option[0])
    return (one, other) if most > 1 else None


def _pairs(counts: Integers) -> Iterator[tuple[int, int]]:
    common = np.sort(np.argsort(-counts, kind="stable")[:COMMONEST]).tolist()
    yield from combinations(common, 2)
