"""What moving one weight from its lowest to its highest value does to each error."""

from __future__ import annotations

from dataclasses import dataclass

from lossviz.experiments.statistics import Interval
from lossviz.experiments.sweep.result import SweepResult

FAMILY_ERROR = 0.05
"""The chance that any of the effects of a sweep is called clear and is not there."""


@dataclass(frozen=True, slots=True)
class Effect:
    """The error at the highest value of a weight, minus the error at its lowest.

    Per seed the mean over all values of the other weight, so it is the main effect of a factorial
    design; then paired over the seeds.

    :param axis: 0 for the first weight of the grid's pair, 1 for the second.
    :param target: the component that is wrong, or K for the whole label.
    :param change: of the error rate.
    """

    axis: int
    target: int
    change: Interval


def effects(result: SweepResult) -> tuple[Effect, ...]:
    """Every weight of the grid on every error, weight by weight; none before the first seed.

    The intervals hold together at 95 % (Bonferroni): with two weights and three errors there are
    six chances to see something that is not there.
    """
    if not result.seeds:
        return ()
    return tuple(
        Effect(axis, target, _change(result, axis, target, confidence(result)))
        for axis in result.grid.axes
        for target in range(len(result.schema.components) + 1)
    )


def confidence(result: SweepResult) -> float:
    """Of each interval, for all of them to hold at 95 %."""
    count = len(result.grid.axes) * (len(result.schema.components) + 1)
    return 1.0 - FAMILY_ERROR / count


def _change(result: SweepResult, axis: int, target: int, level: float) -> Interval:
    lines = result.grid.lines(axis)
    own = result.errors[:, :, target]
    change = (own[lines[:, -1]] - own[lines[:, 0]]).mean(axis=0)
    return result.interval(change, confidence=level)
