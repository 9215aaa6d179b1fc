"""The weights of a trained run as a file: plain values that need no torch to read."""

from __future__ import annotations

from dataclasses import dataclass

from lossviz.data import Dataset
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.weights import WeightChange


@dataclass(frozen=True)
class RunReference:
    """A run as it stands: enough to train it again to the same weights.

    :param name: its letter.
    :param changes: the weights that were moved while it was trained.
    :param step: where it stands.
    """

    name: str
    experiment: Experiment
    changes: tuple[WeightChange, ...]
    step: int


@dataclass(frozen=True)
class TrainedWeights:
    """What a worker has to say about one run.

    :param content: of a ``.safetensors`` file.
    :param seconds: how long it took.
    """

    content: bytes
    seconds: float


@dataclass(frozen=True)
class WeightsBlock:
    """What one call of a worker writes: the weights of one run."""

    run: RunReference

    @property
    def arguments(self) -> tuple[RunReference]:
        """Of the task."""
        return (self.run,)

    @property
    def size(self) -> int:
        """Training steps, as progress counts them."""
        return self.run.step

    @property
    def cost(self) -> float:
        """In proportion to the others."""
        return float(self.run.step)


@dataclass(frozen=True)
class WeightsPlan:
    """The runs whose weights are wanted."""

    runs: tuple[RunReference, ...]

    def blocks(self, dataset: Dataset) -> tuple[WeightsBlock, ...]:
        """Run by run."""
        return tuple(WeightsBlock(run) for run in self.runs)
