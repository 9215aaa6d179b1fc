"""What moving the weights from their lowest ratio to their highest does to each error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lossviz.arrays import Doubles, Positions
from lossviz.experiments.statistics import Interval
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.words import own_and_other


@dataclass(frozen=True, slots=True)
class Effect:
    """The error at the highest value of a weight, minus the error at its lowest.

    Per row the mean over all values of the other weight, so it is the main effect of a factorial
    design; then paired over rows and seeds.

    :param axis: 0 for the first weight of the grid's pair, 1 for the second.
    :param target: the component that is wrong, or K for the whole label.
    :param change: of the error rate.
    """

    axis: int
    target: int
    change: Interval


def effects(result: SweepResult) -> tuple[Effect, ...]:
    """Every weight of the grid on every error, weight by weight; none before the first seed.

    Each is an estimate with its interval at 95 %; whether there is a trade-off is up to
    :func:`contrast` alone.
    """
    if not result.seeds:
        return ()
    targets = range(len(result.schema.components) + 1)
    return tuple(
        Effect(axis, target, _moved(result, [(axis, _one(result, target))]))
        for axis in result.grid.axes
        for target in targets
    )


def contrast(result: SweepResult, reach: float | None = None) -> Interval:
    """The one effect that a trade-off is judged by: what a larger weight does to its own part's
    error minus what it does to the other's, both weights pooled. Negative where they trade.

    :param reach: look at ratios from 1 : ``reach`` to ``reach`` : 1 only; of a grid of ratios.
    """
    pulls = []
    for axis in result.grid.axes:
        part, other = own_and_other(result.grid, axis)
        values = _one(result, part) - _one(result, other)
        pulls.append((axis, values / len(result.grid.axes)))
    return _moved(result, pulls, reach)


def _one(result: SweepResult, target: int) -> Doubles:
    return np.asarray(np.eye(len(result.schema.names) + 1)[target])


def _moved(
    result: SweepResult, pulls: Sequence[tuple[int, Doubles]], reach: float | None = None
) -> Interval:
    """What moving weights changes of a sum of errors.

    :param pulls: a weight, and what being wrong on each target then counts.
    """

    def counts(j: int) -> Doubles:
        total: Doubles | float = 0.0
        for axis, values in pulls:
            lines = within(result, axis, reach)
            for line in lines:
                high, low = (result.counts(int(line[end]), j, values) for end in (-1, 0))
                starts = min(len(high), len(low))
                total = total + (high[:starts] - low[:starts]) / len(lines)
        return np.asarray(total)

    return result.over_seeds({j: counts(j) for j in result.complete})


def within(result: SweepResult, axis: int, reach: float | None) -> Positions:
    """The grid's lines, cut off where a ratio is beyond ``reach``; that is moved to the nearest."""
    lines = result.grid.lines(axis)
    if reach is None or result.grid.kind != "ratio":
        return lines
    ratios = np.log(np.array(result.grid.ratios))
    low, high = (int(np.abs(ratios - end).argmin()) for end in (-np.log(reach), np.log(reach)))
    ends = np.array([low, high] if axis == 0 else [high, low])
    return np.asarray(ends[None, :])
