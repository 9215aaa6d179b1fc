from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from lossviz.experiments.experiment import Experiment


@dataclass(frozen=True, slots=True)
class Weights:
    """α, β … and γ at a moment."""

    components: tuple[float, ...]
    joint: float

    @classmethod
    def of(cls, experiment: Experiment) -> Self:
        """The weights that a run starts with."""
        return cls(experiment.component_weights, experiment.joint_weight)

    def fields(self) -> dict[str, Any]:
        """As fields of an experiment."""
        return {"component_weights": self.components, "joint_weight": self.joint}


@dataclass(frozen=True, slots=True)
class WeightChange:
    """From the step after ``step`` on, these weights act."""

    step: int
    weights: Weights
