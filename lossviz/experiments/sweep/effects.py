"""What moving one weight from its lowest to its highest value does to each error."""

from __future__ import annotations

from dataclasses import dataclass

from lossviz.experiments.statistics import Interval, family_confidence
from lossviz.experiments.sweep.result import SweepResult


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

    The intervals hold together at 95 %.
    """
    if not result.seeds:
        return ()
    targets = range(len(result.schema.components) + 1)
    confidence = family_confidence(len(result.grid.axes) * len(targets))
    return tuple(
        Effect(axis, target, _change(result, axis, target, confidence))
        for axis in result.grid.axes
        for target in targets
    )


def _change(result: SweepResult, axis: int, target: int, confidence: float) -> Interval:
    lines = result.grid.lines(axis)
    errors = result.errors[:, :, target]
    change = (errors[lines[:, -1]] - errors[lines[:, 0]]).mean(axis=0)
    return result.interval(change, confidence=confidence)
