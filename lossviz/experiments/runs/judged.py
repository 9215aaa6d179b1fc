"""Which trainings the same held-out texts have judged: the best of many looks better than it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from lossviz.experiments.runs.run import Run
from lossviz.experiments.specs import SplitSpec


@dataclass(frozen=True)
class JudgedTraining:
    """A training that held-out texts have judged, at its end.

    :param training: its experiment with the weights that it ended with, as JSON.
    :param split: which texts judged; not how the others are divided.
    """

    training: str
    split: SplitSpec

    @classmethod
    def of(cls, run: Run) -> Self:
        """What this run is."""
        training = run.weights.weigh(run.experiment)
        return cls(training.model_dump_json(), _test_side(training.split))


def looks(judged: Iterable[JudgedTraining], runs: Iterable[Run]) -> int:
    """How many different trainings the texts have judged that judge these runs."""
    here = {_test_side(run.experiment.split) for run in runs}
    return len({one.training for one in judged if one.split in here})


def _test_side(split: SplitSpec) -> SplitSpec:
    return split.model_copy(update={"validation": 0.0})
