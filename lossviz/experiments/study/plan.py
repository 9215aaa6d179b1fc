"""The plan of a study: which weightings are trained, how often, and in which blocks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from math import ceil

from lossviz.data import Dataset
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.specs import Combinations, ModelSpec
from lossviz.experiments.statistics import LEAST_SEEDS
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.weighting import WEIGHTINGS

MOST_SEEDS = 10
"""More are a long wait for intervals hardly shorter."""
MOST_EPOCHS = 200
"""That the pages train, of a study as of a sweep."""
TELLABLE = tuple(name for name, objective in OBJECTIVES.items() if objective.weighable)
"""The formulations that have a part for each component, which a weighting can multiply."""
LEARNABLE = tuple(name for name, weighting in WEIGHTINGS.items() if weighting.kind != "told")
FIRST = ("free", "simplex", "uncertainty", "dwa", "gradnorm", "random")
"""One of each idea, and the control; together about as long as the grid and as quick to read."""
RATIOS = (10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1)
FAVOUR = 5.0
"""With more than two components: one of them counts so much, the others 1."""
UNSQUEEZED = 0
"""Hidden units of the model that the other pages train at first: the linear one."""
STEP_SECONDS = 0.0014
"""A step with its share of features and recording; one core, 1,500 to 4,850 texts."""
COSTS = {"fixed": 1.3, "gradnorm": 1.8, "mgda": 2.7, "pcgrad": 2.2, "upgrad": 2.4, "cagrad": 8.0}
"""How much longer a step takes: of the grid, or where it looks at the parts' gradients."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One way of weighing, trained once for each seed.

    :param label: as on the pages: the ratio, or the weighting's id.
    :param component_weights: what a person prefers; acts where the weighting is ``fixed``.
    """

    label: str
    weighting: str
    component_weights: tuple[float, ...]

    @property
    def id(self) -> str:
        """Unique within a plan."""
        return f"fixed {self.label}" if self.told else self.weighting

    @property
    def told(self) -> bool:
        """Whether a person sets the weights."""
        return self.weighting == "fixed"

    @property
    def equal(self) -> bool:
        """Whether it is what all others are held against: fixed, and the same for all."""
        return self.told and len(set(self.component_weights)) == 1


@dataclass(frozen=True)
class ArmsBlock:
    """What one call of a worker trains: arms of one seed that share an experiment."""

    seed: int
    arms: tuple[Arm, ...]
    experiment: Experiment

    @property
    def members(self) -> tuple[tuple[float, ...], ...]:
        """Their weights, ``(E, K)``."""
        return tuple(arm.component_weights for arm in self.arms)

    @property
    def arguments(self) -> tuple[object, ...]:
        """Of the task that trains it."""
        return (self.experiment, self.members)

    @property
    def size(self) -> int:
        """Models."""
        return len(self.members)

    @property
    def cost(self) -> float:
        """How long it takes, in proportion to the others."""
        return COSTS.get(self.experiment.weighting, 1.0)


@dataclass(frozen=True)
class StudyPlan:
    """What a person chooses before the study starts.

    The default of one hidden unit is where weights matter most: the parts have to share it. On
    the sample with two parts fixed weights then move the first part's error between 11 and 46 %,
    ``free`` falls below zero in five of five seeds, and ``simplex`` takes the one part or the
    other, as the seed has it. With four units the grid moves it between 11 and 16 %, and within
    ten epochs ``free`` stays above zero; with the linear model the grid moves it by a point.

    :param weightings: those held against the grid of fixed weights, which is always trained.
    :param width: hidden units; 0 for the linear model.
    :param combinations: whether what is held out are texts or whole combinations of values; see
        :class:`lossviz.experiments.specs.SplitSpec`.
    :param sealed: share of the texts that nothing looks at, as for the runs beside it.
    """

    weightings: tuple[str, ...] = FIRST
    seeds: int = 5
    formulation: str = "marginals"
    width: int = 1
    epochs: int = 10
    sealed: float = 0.0
    combinations: Combinations = "known"

    def __post_init__(self) -> None:
        unknown = [weighting for weighting in self.weightings if weighting not in LEARNABLE]
        if unknown:
            raise LossVizError(
                f"weightings: found {unknown[0]!r}, expected some of {', '.join(LEARNABLE)}."
            )
        if self.formulation not in TELLABLE:
            raise LossVizError(
                f"formulation: {self.formulation!r} has no part of its own for each component; "
                f"expected one of {', '.join(TELLABLE)}."
            )
        if not LEAST_SEEDS <= self.seeds <= MOST_SEEDS:
            raise LossVizError(
                f"seeds: expected {LEAST_SEEDS} to {MOST_SEEDS}, found {self.seeds}."
            )

    @property
    def model(self) -> dict[str, str | int]:
        """As a field of an experiment."""
        return {"kind": "hidden", "width": self.width} if self.width else {"kind": "linear"}

    @property
    def model_words(self) -> str:
        """``1 hidden unit``."""
        return ModelSpec.model_validate(self.model).words

    def arms(self, components: int) -> tuple[Arm, ...]:
        """The grid of fixed weights, in order, and the chosen weightings in theirs."""
        equal = (1.0,) * components
        return (
            *grid(components),
            *(Arm(name, name, equal) for name in LEARNABLE if name in self.weightings),
        )

    def trainings(self, components: int) -> int:
        """How many models are trained."""
        return self.seeds * len(self.arms(components))

    def blocks(self, dataset: Dataset) -> tuple[ArmsBlock, ...]:
        """Seed by seed; the grid of a seed in one block, every other weighting by itself."""
        arms = self.arms(len(dataset.schema.components))
        return tuple(
            ArmsBlock(seed, tuple(alike), self._experiment(dataset, weighting, seed))
            for seed in range(self.seeds)
            for weighting, alike in groupby(arms, lambda arm: arm.weighting)
        )

    def _experiment(self, dataset: Dataset, weighting: str, seed: int) -> Experiment:
        return Experiment.for_dataset(
            dataset,
            formulation=self.formulation,
            weighting=weighting,
            model=self.model,
            epochs=self.epochs,
            split={"seed": seed, "sealed": self.sealed, "combinations": self.combinations},
            seed=seed,
        )

    def seconds(self, texts: int) -> float:
        """About how long it takes on one core."""
        steps = ceil(0.8 * (1.0 - self.sealed) * texts / 32) * self.epochs
        cost = sum(COSTS.get(name, 1.0) for name in ("fixed", *self.weightings))
        return self.seeds * steps * STEP_SECONDS * cost


def grid(components: int) -> tuple[Arm, ...]:
    """Fixed weights whose mean is 1.

    For two components ratios from 10:1 to 1:10, else equal weights, and each component favoured.

    >>> [arm.label for arm in grid(2)]
    ['10:1', '5:1', '2:1', '1:1', '1:2', '1:5', '1:10']
    >>> [arm.label for arm in grid(3)]
    ['1:1:1', '5:1:1', '1:5:1', '1:1:5']
    """
    ones = (1.0,) * components
    shares: list[tuple[float, ...]] = [ones]
    if components == 2:
        shares = [(ratio, 1.0) if ratio >= 1 else (1.0, 1.0 / ratio) for ratio in RATIOS]
    elif components > 2:
        shares += [(*ones[:k], FAVOUR, *ones[k + 1 :]) for k in range(components)]
    return tuple(
        Arm(
            ":".join(f"{weight:g}" for weight in share),
            "fixed",
            tuple(components * weight / sum(share) for weight in share),
        )
        for share in shares
    )
