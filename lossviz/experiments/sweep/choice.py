"""The choice of a point: made on some folds, judged on another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import numpy as np

from lossviz.arrays import Bools, Doubles
from lossviz.experiments.sides import other_texts
from lossviz.experiments.statistics import Interval
from lossviz.experiments.sweep.result import SweepResult


@dataclass(frozen=True)
class Choice:
    """Choosing the cheapest point, judged on texts that did not choose it.

    :param ratios: of the costs of the two parts, the lowest and the highest for which this is
        chosen.
    :param points: by seed, the place of the point that is the cheapest on the folds that test other
        texts.
    :param errors: on each component and the whole label, on the seeds' own held-out texts.
    """

    ratios: tuple[float, float]
    points: Mapping[int, int]
    errors: tuple[Interval, ...]

    @property
    def mostly(self) -> int:
        """The point that most folds choose."""
        return Counter(self.points.values()).most_common(1)[0][0]


def elsewhere(result: SweepResult) -> Bools:
    """``(J, J)``: does a finished seed test none of the texts of another one?"""
    split, seeds = result.plan.experiment.split, result.complete
    sides = result.sides(seeds)
    if split.combinations == "known":
        return other_texts(split, [result.plan.seeds[j] for j in seeds], sides)
    tested = np.ones((len(seeds), len(result.schema.classes)))
    for place, j in enumerate(seeds):
        if j in result.occurring:
            tested[place, result.occurring[j]] = 0.0
    number = np.array(sides)
    return np.asarray((tested @ tested.T == 0) & (number[:, None] != number))


def chosen_elsewhere(result: SweepResult, values: Doubles) -> tuple[int, ...]:
    """For each finished seed the place of the point that is least on the folds that test other
    texts. Nothing is chosen by texts that judge it: where there are none, that of equal weights.

    :param values: ``(P, J)``, of each point for each finished seed.
    """
    return tuple(
        int(values[:, others].mean(axis=1).argmin()) if others.any() else result.grid.equal
        for others in elsewhere(result)
    )


def cheapest(result: SweepResult, costs: Doubles) -> dict[int, int]:
    """By finished seed, the place of the point that these costs choose on other texts; empty while
    there are none.

    :param costs: ``(K + 1,)``.
    """
    seeds, points = result.complete, len(result.grid.points)
    if not elsewhere(result).any():
        return {}
    values = result.costs(costs)[:points, list(seeds)]
    return dict(zip(seeds, chosen_elsewhere(result, values), strict=True))


def front(result: SweepResult) -> tuple[Choice, ...]:
    """What can be had: the cheapest point for costs of the two parts in each ratio of the grid, so
    these are stated beforehand. Where every fold chooses the same for several, they are one; from
    the first part's best to the second's. Empty before two folds test different texts."""
    some = [j for j, others in zip(result.complete, elsewhere(result), strict=True) if others.any()]
    chosen = []
    for ratio in reversed(result.grid.ratios) if some else ():
        costs = np.zeros(len(result.schema.names) + 1)
        costs[list(result.grid.pair)] = ratio / (1.0 + ratio), 1.0 / (1.0 + ratio)
        points = cheapest(result, costs)
        chosen.append((ratio, {j: points[j] for j in some}))
    choices = []
    for points, alike in groupby(chosen, key=itemgetter(1)):
        ratios = [ratio for ratio, _ in alike]
        choices.append(Choice((ratios[-1], ratios[0]), points, _errors(result, points)))
    return tuple(choices)


def _errors(result: SweepResult, points: Mapping[int, int]) -> tuple[Interval, ...]:
    return tuple(result.level(points, target) for target in np.eye(len(result.schema.names) + 1))
