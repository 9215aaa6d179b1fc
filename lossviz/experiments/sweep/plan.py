"""The plan of a sweep: a grid of weights, how often each is trained, and in which blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from math import ceil
from typing import Self

from lossviz.data import Dataset
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.specs import starts
from lossviz.experiments.study.plan import StudyPlan
from lossviz.experiments.sweep.grid import Grid, Point
from lossviz.losses.heads import HEADS

FIRST_SEEDS, MOST_SEEDS = 5, 50
BLOCK_SECONDS = 3.0
"""About how long a block takes: progress is told, and pictures grow, block by block."""
STEP_SECONDS, COLUMN_SECONDS = 0.0006, 4.5e-6
"""A step for one column of the first layer, and what each further column adds; one core."""
ROW_SECONDS = 28e-9
"""What a column adds for each feature where every row of it moves at every step."""
LEAST_COLUMNS = 300
"""A block of fewer spends its time on what all members share."""


@dataclass(frozen=True)
class PointsBlock:
    """What one call of a worker trains: points of one seed, from one start.

    :param start: 0 for what the seed itself decides.
    :param places: of the points among the grid's members.
    :param cost: about how many seconds it takes.
    """

    seed: int
    start: int
    places: range
    members: tuple[Point, ...]
    experiment: Experiment
    cost: float

    @property
    def arguments(self) -> tuple[object, ...]:
        """Of the task that trains it."""
        return (self.experiment, self.members)

    @property
    def size(self) -> int:
        """Models."""
        return len(self.members)


@dataclass(frozen=True)
class SweepPlan:
    """What a person chooses before a sweep starts.

    :param experiment: what all points share; its weights and seeds are replaced.
    :param seeds: each decides the split and the start, for all points alike: what
        ``python -m lossviz fit --seed`` decides.
    :param starts: for each split: from so many initial weights, and orders of the texts, every
        point is trained. Those after the first are ``fit --seed`` :func:`start_seed` ``--split-seed
        SEED``.
    """

    experiment: Experiment
    grid: Grid
    seeds: tuple[int, ...]
    starts: int = 1

    def __post_init__(self) -> None:
        if not self.experiment.objective.weighted:
            raise LossVizError(
                f"{self.experiment.formulation} looks at the whole label only, so α and β do "
                "nothing in it. Choose a formulation with a part for each component."
            )
        if self.experiment.weighting != "fixed":
            raise LossVizError(
                "A sweep sets the weights itself, so its weighting is fixed; found "
                f"{self.experiment.weighting}."
            )
        if len(self.experiment.component_weights) != self.grid.components:
            raise LossVizError(
                f"The grid is for {self.grid.components} parts, the labels have "
                f"{len(self.experiment.component_weights)}."
            )
        if not 1 <= len(set(self.seeds)) == len(self.seeds) <= MOST_SEEDS:
            raise LossVizError(
                f"seeds: expected 1 to {MOST_SEEDS}, each once; found {len(self.seeds)}."
            )

    @classmethod
    def usual(cls, dataset: Dataset) -> Self:
        """What is trained if nothing else is chosen: the experiment that a run starts with."""
        experiment = Experiment.for_dataset(dataset)
        return cls.of(experiment, Grid(len(dataset.schema.names)), range(FIRST_SEEDS))

    @classmethod
    def of(cls, experiment: Experiment, grid: Grid, seeds: Iterable[int]) -> Self:
        """With as many starts as the model needs."""
        return cls(experiment, grid, tuple(seeds), starts(experiment.model))

    @property
    def trainings(self) -> int:
        """How many models are trained."""
        return len(self.seeds) * self.starts * len(self.grid.members)

    def seconds(self, dataset: Dataset) -> float:
        """About how long it takes on one core."""
        return sum(block.cost for block in self.blocks(dataset))

    def blocks(self, dataset: Dataset) -> tuple[PointsBlock, ...]:
        """Start by start and seed by seed, and in each as many points together as take a few
        seconds."""
        return tuple(self._blocks(dataset))

    def _blocks(self, dataset: Dataset) -> Iterator[PointsBlock]:
        shared = self.experiment.unwatched
        texts = shared.split.training_share * len(dataset)
        steps = shared.epochs * ceil(texts / shared.optimiser.batch_size)
        outputs = HEADS[shared.objective.head].size(dataset.schema)
        column = COLUMN_SECONDS
        if shared.optimiser.moves_all:
            column += ROW_SECONDS * shared.features.about(dataset.texts)
        width = outputs if shared.model.kind == "linear" else shared.model.width
        members = self.grid.members
        most = int((BLOCK_SECONDS / steps - STEP_SECONDS) / (COLUMN_SECONDS * width))
        pieces = ceil(len(members) / max(most, ceil(LEAST_COLUMNS / width)))
        size = ceil(len(members) / pieces)
        for number, seed in product(range(self.starts), self.seeds):
            experiment = shared.reseeded(seed, number)
            for start in range(0, len(members), size):
                places = range(start, min(start + size, len(members)))
                seconds = steps * (STEP_SECONDS + len(places) * width * column)
                some = members[start : start + size]
                yield PointsBlock(seed, number, places, some, experiment, seconds)


def same_model(plan: SweepPlan, study: StudyPlan) -> bool:
    """Whether a study trains what is swept, but for the weights, and is judged on the same."""
    experiment = plan.experiment
    width = experiment.model.width if experiment.model.kind == "hidden" else 0
    swept = (experiment.formulation, width, experiment.epochs, experiment.split.combinations)
    return plan.grid.pair == (0, 1) and (
        swept == (study.formulation, study.width, study.epochs, study.combinations)
    )
