"""Weights: α, β … and γ, and what they are written as."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from lossviz.experiments.experiment import Experiment
from lossviz.experiments.words import two_digits, weight_symbol


class Weights(tuple[float, ...]):
    """α, β … and γ at a moment: the components' weights, then the whole label's, ``(K + 1,)``.

    >>> weights = Weights((2.0, 1.0, 0.5))
    >>> weights.components, weights.joint, weights.moved(0, 3.0)
    ((2.0, 1.0), 0.5, (3.0, 1.0, 0.5))
    >>> weights.words((0, 2))
    'α = 2.0, γ = 0.50'
    """

    __slots__ = ()

    @classmethod
    def of(cls, experiment: Experiment) -> Self:
        """The weights that a run starts with."""
        return cls((*experiment.component_weights, experiment.joint_weight))

    @property
    def components(self) -> tuple[float, ...]:
        """One for each component."""
        return self[:-1]

    @property
    def joint(self) -> float:
        """Of the whole label."""
        return self[-1]

    @property
    def fields(self) -> dict[str, Any]:
        """As fields of an experiment."""
        return {"component_weights": self.components, "joint_weight": self.joint}

    def weigh(self, experiment: Experiment) -> Experiment:
        """The experiment with these weights; itself where it has them."""
        return experiment if self == self.of(experiment) else experiment.changed(**self.fields)

    def moved(self, position: int, value: float) -> Self:
        """These with another one at a position: of a component, or K for the whole label."""
        return type(self)((*self[:position], value, *self[position + 1 :]))

    def words(self, positions: Iterable[int], between: str = " = ") -> str:
        """``α = 2.0, β = 1.0``: those at these positions."""
        return ", ".join(f"{weight_symbol(k)}{between}{two_digits(self[k])}" for k in positions)

    @property
    def json(self) -> dict[str, Any]:
        """As the command line and a run's file write them."""
        return {"components": list(self.components), "joint": self.joint}

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls, handler(tuple[float, ...]))


@dataclass(frozen=True, slots=True)
class WeightChange:
    """From the step after ``step`` on, these weights act.

    :param drag: those of one are one move; 0 where it is a move of its own.
    """

    step: int
    weights: Weights
    drag: int = 0


def moves(changes: Sequence[WeightChange]) -> tuple[WeightChange, ...]:
    """Of each drag where it was let go of, and what was moved at once.

    >>> w = Weights((1.0, 1.0))
    >>> [m.step for m in moves([WeightChange(3, w, 1), WeightChange(5, w, 1), WeightChange(9, w)])]
    [5, 9]
    """
    return tuple(
        change
        for change, later in zip_longest(changes, changes[1:])
        if later is None or not change.drag or later.drag != change.drag
    )
