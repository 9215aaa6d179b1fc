"""What the reader looks at on the Formulations page, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations

import numpy as np

from lossviz.arrays import Integers
from lossviz.data import Dataset
from lossviz.experiments.surfaces.surface import OutputPlane
from lossviz.figures import View as SurfaceView
from lossviz.losses.objectives import OBJECTIVES, Objective
from lossviz.schema import TEXTBOOK, LabelSchema

MOST_PANELS = 4
COMMONEST = 6
"""Values of a part among which the two to begin with are looked for."""

Choice = tuple[int, int, int]
"""A component, and two of its values' codes."""


@dataclass
class Explorer:
    """The formulation that is explained, and the surfaces beside it.

    :param weights: α, β and γ.
    :param settings: of all formulations, by name, where they are not at their defaults.
    :param parts: which two components of the data in use, and which two values of each; None for
        the textbook's AC, AD, BC, BD.
    :param true: codes of the true label in the two by two schema.
    """

    formulation: str = "marginals"
    beside: tuple[str, ...] = ("joint",)
    weights: tuple[float, float, float] = (1.0, 1.0, 1.0)
    settings: dict[str, float] = field(default_factory=dict)
    parts: tuple[Choice, Choice] | None = None
    true: tuple[int, int] = (0, 0)
    coupling: float = 0.0
    view: SurfaceView = "3d"

    def look_at(self, dataset: Dataset) -> None:
        """Show labels of these data, where they have two parts."""
        self.parts = first_parts(dataset.schema)
        self.true = (0, 0)

    def weigh(self, weights: tuple[float, ...]) -> None:
        """α, β and γ from the sliders."""
        alpha, beta, gamma = weights
        self.weights = (alpha, beta, gamma)

    @property
    def objective(self) -> Objective:
        """The formulation that is explained, with its settings."""
        return OBJECTIVES[self.formulation].configured(self.settings)

    @property
    def shown(self) -> tuple[str, ...]:
        """The formulations whose surfaces stand side by side."""
        others = [text for text in self.beside if text != self.formulation]
        return (self.formulation, *others)[:MOST_PANELS]

    def schema(self, dataset: Dataset) -> LabelSchema:
        """The two by two labels that everything on the page is about."""
        return TEXTBOOK if self.parts is None else dataset.schema.pair(*self.parts)

    def planes(self, dataset: Dataset, formulations: tuple[str, ...]) -> tuple[OutputPlane, ...]:
        """What to ask for the surfaces of these."""
        schema = self.schema(dataset)
        true = self.true if self.true in schema.classes else schema.classes[0]
        return tuple(
            OutputPlane(
                name,
                tuple(sorted(OBJECTIVES[name].configured(self.settings).values.items())),
                schema,
                true,
                self.coupling,
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
    most, one, other = max(options, key=lambda own: own[0])
    return (one, other) if most > 1 else None


def _pairs(counts: Integers) -> Iterator[tuple[int, int]]:
    common = np.sort(np.argsort(-counts, kind="stable")[:COMMONEST]).tolist()
    yield from combinations(common, 2)
