"""Sweeps of many data sets: what is said of α and β, and what is true on fresh texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lossviz.compute.campaigns import sweep
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.sweep.effects import contrast
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.recommendation import Recommendation, recommend
from lossviz.experiments.sweep.verdict import verdict
from tests.support.generator import fresh, fresh_errors, generate

COSTS = (5.0, 1.0, 0.0)
SEEDS = range(5)
STEPS = 5
"""Nine ratios."""


@dataclass(frozen=True)
class Sweep:
    """What a sweep says, and what is true of it.

    :param trade: whether the headline speaks of a trade-off.
    :param saving: of weights in the ratio of the costs, and ``level`` what a text costs with them;
        both on fresh texts, mean over the folds and starts.
    :param contrast: whether the interval of the effect holds the effect on fresh texts.
    """

    recommendation: Recommendation
    trade: bool
    saving: float
    level: float
    contrast: bool

    @property
    def named(self) -> bool:
        """Whether it names weights that are clearly cheaper."""
        return self.recommendation.worth_it

    @property
    def saving_holds(self) -> bool:
        """Whether what weights in the ratio of the costs save is within its interval."""
        stated = self.recommendation.stated
        return stated is not None and stated.saving.low <= self.saving <= stated.saving.high

    @property
    def level_holds(self) -> bool:
        """Likewise for what a text then costs."""
        stated = self.recommendation.stated
        return stated is not None and stated.level.low <= self.level <= stated.level.high


def swept(fields: Mapping[str, Any], rows: int, texts: int, seed: int) -> Sweep:
    """A data set, its sweep, and the same trainings judged on fresh texts.

    :param fields: of the experiment.
    """
    dataset, judges = generate(rows, seed), fresh(texts, seed)
    experiment = Experiment.for_dataset(dataset, **fields)
    result = sweep(dataset, experiment, Grid(2, steps=STEPS), SEEDS)
    recommendation = recommend(result, COSTS)
    assert recommendation is not None
    points = result.grid.points
    members = (points[recommendation.asked], points[result.grid.equal], points[0], points[-1])
    # One start after the other, each seed with its own split, as the sweep trains them.
    trained = {(block.seed, block.start): block.experiment for block in result.plan.blocks(dataset)}
    errors = np.mean(
        [fresh_errors(dataset, each, members, judges) for each in trained.values()], axis=0
    )
    asked, equal = errors[:2] @ np.array(COSTS)
    moved = errors[3] - errors[2]
    effect = contrast(result)
    return Sweep(
        recommendation,
        "trade part 1 against part 2" in verdict(result).headline,
        float(asked - equal),
        float(asked),
        effect.low <= float(moved[0] - moved[1]) <= effect.high,
    )
