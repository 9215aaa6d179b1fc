"""Where the arms of a study end: spots in the plane of two components' errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lossviz.outcome import Doubles
from lossviz.protocol import Arm
from lossviz.repeats import Repeats

FAR = 1.5
"""In extents of the grid: what lies further away is drawn at the edge, with its numbers, so that
one weighting that collapsed does not squeeze all others into a spot."""
LEAST_REACH = 5.0
"""In points: a grid without any extent is no measure of what is far."""


@dataclass(frozen=True)
class Spot:
    """An arm's errors on both parts in %: of each seed ``(J, 2)``, their mean and standard
    deviation."""

    arm: Arm
    each: Doubles
    mean: Doubles
    spread: Doubles


def spot(repeats: Repeats, arm: Arm) -> Spot:
    """Where an arm ends."""
    errors = 100 * np.array([own.errors[:2] for own in repeats.of(arm)])
    spread = errors.std(axis=0, ddof=1) if len(errors) > 1 else np.zeros(2)
    return Spot(arm, errors, errors.mean(axis=0), spread)


def window_of(spots: Sequence[Spot], guessed: Doubles) -> Doubles:
    """The lower and the upper end of both axes, ``(2, 2)``: everything that is not far off."""
    core = [own for own in spots if own.arm.told] or list(spots)
    low = np.min([own.mean - own.spread for own in core], axis=0)
    high = np.max([own.mean + own.spread for own in core], axis=0)
    low, high = stretched(low, high, [*(own.mean for own in spots), guessed])
    pad = 0.08 * np.maximum(high - low, 2.0)
    return np.array([np.maximum(low - pad, 0.0), np.minimum(high + pad, 100.0)])


def stretched(low: Doubles, high: Doubles, points: Sequence[Doubles]) -> tuple[Doubles, Doubles]:
    """Both ends of a window, so that those of these points are inside that are not far off."""
    reach = np.maximum(FAR * (high - low), LEAST_REACH)
    near = [own for own in points if (own > low - reach).all() and (own < high + reach).all()]
    return np.min([low, *near], axis=0), np.max([high, *near], axis=0)


def inside(point: Doubles, window: Doubles) -> bool:
    """Whether a point lies within the ends of both axes."""
    return bool((point >= window[0]).all() and (point <= window[1]).all())
