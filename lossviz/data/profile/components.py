"""How often each value of a component occurs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lossviz.schema import Codes, LabelSchema


@dataclass(frozen=True, slots=True)
class ComponentProfile:
    """How often each value of a component occurs; ``counts`` is aligned with ``values``."""

    name: str
    values: tuple[str, ...]
    counts: tuple[int, ...]

    @property
    def majority(self) -> str:
        """The commonest value; the first one of equals."""
        return self.values[self.counts.index(max(self.counts))]

    @property
    def majority_accuracy(self) -> float:
        """How often it is right to guess the commonest value."""
        return max(self.counts) / sum(self.counts)


def component_profiles(schema: LabelSchema, codes: Codes) -> tuple[ComponentProfile, ...]:
    """One for each component, in order.

    :param codes: ``(N, K)``.
    """
    return tuple(
        ComponentProfile(
            component.name,
            component.values,
            tuple(np.bincount(codes[:, k], minlength=len(component.values)).tolist()),
        )
        for k, component in enumerate(schema.components)
    )
