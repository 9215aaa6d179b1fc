"""The plane of two errors: where the members of a grid are in it, and what is shown of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lossviz.figures.grids import known_points
from lossviz.figures.spots import Spot, stretched
from lossviz.outcome import Doubles
from lossviz.sweep_result import SweepResult

LEAST_EXTENT = 4.0
"""Points that both axes span at least: noise does not look like a trade-off."""
BELOW, ABOVE = np.array([0.2, 0.27]), 0.06
"""Of the extent: room on both sides, and more where the labels of the front's ends stand."""


def drawn(result: SweepResult) -> list[int]:
    """The points, and equal weights where they are none of them."""
    grid, known = result.grid, known_points(result)
    extra = grid.equal >= len(grid.points) and bool(result.finished[grid.equal].any())
    return [*known, grid.equal] if extra else known


def means_of(result: SweepResult) -> Doubles:
    """``(M, 2)`` in %."""
    return np.asarray(100 * result.means[:, list(result.grid.pair)])


def spreads_of(result: SweepResult) -> Doubles:
    """``(M, 2)``, standard deviations over the seeds in points; 0 before there are two."""
    errors = 100 * result.errors[:, :, list(result.grid.pair)]
    count = result.finished.sum(axis=1)[:, None]
    apart = np.where(np.isnan(errors), 0.0, errors - means_of(result)[:, None])
    return np.asarray(np.sqrt((apart**2).sum(axis=1) / np.maximum(count - 1, 1)))


def window_around(result: SweepResult, spots: Sequence[Spot]) -> Doubles:
    """The lower and the upper end of both axes, ``(2, 2)``."""
    means, spreads = (own(result)[drawn(result)] for own in (means_of, spreads_of))
    low, high = (means - spreads).min(axis=0), (means + spreads).max(axis=0)
    low, high = stretched(low, high, [own.mean for own in spots])
    missing = np.maximum(LEAST_EXTENT - (high - low), 0.0) / 2
    # What would lie below 0 or above 100 is added at the other end.
    shift = np.maximum(missing - low, 0.0) - np.maximum(high + missing - 100.0, 0.0)
    low, high = low - missing + shift, high + missing + shift
    extent = high - low
    return np.array(
        [np.maximum(low - BELOW * extent, 0.0), np.minimum(high + ABOVE * extent, 100.0)]
    )
