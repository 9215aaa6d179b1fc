"""What a chart of a sweep shows of every member: how often it is wrong, or what a text costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import floor, log10

import numpy as np

from lossviz.arrays import Doubles
from lossviz.experiments.statistics import LEAST_SEEDS, Interval
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.words import pair_symbols, ratio_words, target_name, texts_words
from lossviz.experiments.words import count, percent, rate
from lossviz.figures.base.chart import Cell
from lossviz.figures.base.palette import PAPER, TEXT, target_colour


def pair_weights(grid: Grid, member: int) -> tuple[float, float]:
    """Their values."""
    first, second = grid.pair
    return grid.members[member][first], grid.members[member][second]


def ratio_of(grid: Grid, member: int) -> float:
    """α : β."""
    alpha, beta = pair_weights(grid, member)
    return alpha / beta


def point_words(grid: Grid, member: int) -> str:
    """``α 0.1, β 10``; where only the ratio matters ``α : β = 1:100``."""
    first, second = pair_symbols(grid)
    if grid.kind == "ratio":
        return f"{first} : {second} = {ratio_words(ratio_of(grid, member))}"
    alpha, beta = pair_weights(grid, member)
    return f"{first} {alpha:g}, {second} {beta:g}"


def known_points(result: SweepResult) -> list[int]:
    """The points of the grid that have at least one seed."""
    points = len(result.grid.points)
    known: list[int] = np.flatnonzero(result.finished[:points].any(axis=1)).tolist()
    return known


def points_words(result: SweepResult) -> str:
    """``49 points``, or how many of them have a seed: ``12 of 49 points``."""
    known, points = len(known_points(result)), len(result.grid.points)
    return f"{points} points" if known == points else f"{known} of {points} points"


def sure(interval: Interval) -> bool:
    """Whether there are enough seeds for its interval to be shown."""
    return interval.seeds >= LEAST_SEEDS


def shown_ends(interval: Interval) -> tuple[float, float]:
    """The ends of an interval; of too few seeds, there is its mean alone."""
    return (interval.low, interval.high) if sure(interval) else (interval.mean, interval.mean)


def interval_cells(
    interval: Interval, factor: float = 100.0, decimals: int = 1
) -> tuple[Cell, Cell, Cell]:
    """Mean and both ends for a table; of too few seeds, there is the mean alone."""
    low, high = (
        round(factor * end, decimals) if sure(interval) else ""
        for end in (interval.low, interval.high)
    )
    return round(factor * interval.mean, decimals), low, high


def over_seeds(interval: Interval, texts: str) -> str:
    """``23.7 % [21.0, 26.4], n = 303, 5 seeds``; the interval from three seeds on.

    :param texts: ``n = 303``.
    """
    error = rate(interval) if sure(interval) else percent(interval.mean)
    return f"{error}, {texts}, {seeds_words(interval.seeds)}"


def seeds_words(seeds: int) -> str:
    """``1 seed``, ``5 seeds``."""
    return count(seeds, "seed")


SPAN, OWN_SPAN = 4.0, 8.0
"""In standard errors of a point's mean: a scale of colours spans at least so many. The means of 49
points that differ by independent noise alone span 4.5; so what is left of the noise once the level
of each seed is taken out, and what alone looks like a pattern, fills about half of a scale."""
LEAST_SPAN = 0.01
"""Of an error rate, while there is a single seed and nothing is known about its noise."""


@dataclass(frozen=True)
class Quantity:
    """A quantity of every member.

    :param values: ``(K + 1,)``, what being wrong on each target counts.
    :param name: ``wrong on arousal``, not escaped.
    :param unit: what follows a number.
    :param factor: from a value to the number that is written.
    :param decimals: of the number that is written.
    :param highest: that a value can be.
    :param size: of a difference that is worth seeing in a single seed.
    """

    result: SweepResult
    values: Doubles
    name: str
    unit: str
    factor: float
    decimals: int
    highest: float
    size: float
    colour: str

    @cached_property
    def each(self) -> Doubles:
        """``(M, J)``, NaN where nothing is finished."""
        return self.result.costs(self.values)

    @cached_property
    def means(self) -> Doubles:
        """``(M,)``, as they are written; NaN where nothing is finished."""
        known = ~np.isnan(self.each)
        total = np.where(known, self.each, 0.0).sum(axis=1)
        mean = np.where(known.any(axis=1), total / np.maximum(known.sum(axis=1), 1), np.nan)
        return np.asarray(self.factor * mean)

    @property
    def points(self) -> Doubles:
        """The means of the grid's points."""
        return self.means[: len(self.result.grid.points)]

    @property
    def title(self) -> str:
        """Its name, as a sentence starts."""
        return f"{self.name[0].upper()}{self.name[1:]}"

    @property
    def promise(self) -> str:
        """What an empty chart says."""
        return f"{'Errors' if self.unit else 'Costs'} appear here"

    @property
    def ends(self) -> tuple[int, int] | None:
        """The points of the lowest ratio and of the highest; None while one is not known. What is
        said of them was not looked for."""
        grid = self.result.grid
        low, high = grid.nearest(grid.low, grid.high), grid.nearest(grid.high, grid.low)
        return None if np.isnan(self.points[[low, high]]).any() else (low, high)

    def from_end_to_end(self) -> str:
        """``41.6 to 42.7 %``; nothing while one of the ends is not known."""
        if self.ends is None:
            return ""
        low, high = (self.written(float(self.points[end])) for end in self.ends)
        return f"{low} to {high}{self.unit}"

    def interval(self, member: int) -> Interval:
        """As it is written."""
        return self.number(self.result.mean(member, self.values))

    def number(self, level: Interval) -> Interval:
        """A level, as it is written."""
        mean, low, high = (self.factor * end for end in (level.mean, level.low, level.high))
        return Interval(mean, low, high, level.seeds)

    def written(self, number: float) -> str:
        """Without its unit."""
        return f"{number:.{self.decimals}f}"

    def at(self, point: int) -> str:
        """``41.6 % at α 10, β 0.1``."""
        mean = self.written(float(self.points[point]))
        return f"{mean}{self.unit} at {point_words(self.result.grid, point)}"

    def words(self, interval: Interval) -> str:
        """``wrong on arousal: 43.6 % [40.5, 46.8], n = 970, 5 seeds``; not escaped. The interval
        from three seeds on."""
        mean, low, high = map(self.written, (interval.mean, interval.low, interval.high))
        between = f" [{low}, {high}]" if sure(interval) else ""
        counted = f"{texts_words(self.result)}, {seeds_words(interval.seeds)}"
        return f"{self.name}: {mean}{self.unit}{between}, {counted}"

    def cells(self, interval: Interval) -> tuple[Cell, ...]:
        """The same for a table: mean, both ends, seeds."""
        return *interval_cells(interval, 1.0, self.decimals), interval.seeds

    def scale(self) -> tuple[float, float]:
        """Both ends of a scale of colours, for the points of the grid. It is so wide that noise
        looks like noise."""
        means = self.points
        each = self.factor * self.each[: len(means)]
        noise = SPAN * _standard_error(each)
        own_noise = OWN_SPAN * _standard_error(each - _levels(each))
        low, high = float(np.nanmin(means)), float(np.nanmax(means))
        span = max(high - low, noise, own_noise, 0.0 if noise else self.size)
        middle = (low + high) / 2
        return middle - span / 2, middle + span / 2


def wrong_on(result: SweepResult, target: int) -> Quantity:
    """How often the members are wrong on a component, or on the whole label (K), in %."""
    name = f"wrong on {target_name(result, target)}"
    colour = target_colour(target, len(result.schema.names))
    values = np.asarray(np.eye(len(result.schema.names) + 1)[target])
    return Quantity(result, values, name, " %", 100.0, 1, 1.0, 100 * LEAST_SPAN, colour)


def cost_of(result: SweepResult, costs: Doubles) -> Quantity:
    """What a text costs with them.

    :param costs: ``(K + 1,)``, see :meth:`lossviz.experiments.sweep.result.SweepResult.costs`.
    """
    each = result.costs(costs)
    largest = float(np.nanmax(each, initial=0.0))
    decimals = min(max(2 - floor(log10(largest)), 0), 4) if largest > 0 else 1
    size = LEAST_SPAN * (float(costs.max()) or 1.0)
    return Quantity(
        result, costs, "cost per text", "", 1.0, decimals, float(costs.sum()), size, TEXT
    )


CHOSEN = {"symbol": "diamond", "color": TEXT, "line": {"color": PAPER, "width": 1}}
"""The mark of what was chosen on texts that do not judge it."""


def chosen_level(quantity: Quantity, points: Mapping[int, int]) -> Interval:
    """What it is at points that were chosen elsewhere, on each seed's own texts.

    :param points: by seed.
    """
    return quantity.number(quantity.result.level(points, quantity.values))


def chosen_words(quantity: Quantity, points: Mapping[int, int]) -> str:
    """``: ◆ 0.61, the cheapest point on other folds; 0.72 at 1:1``; nothing where nothing is
    chosen."""
    if not points:
        return ""
    same = dict.fromkeys(points, quantity.result.grid.equal)
    level, equal = (quantity.written(chosen_level(quantity, own).mean) for own in (points, same))
    return f": ◆ {level}, the cheapest point on other folds; {equal} at 1:1"


def _levels(each: Doubles) -> Doubles:
    """``(J,)``: the mean of each seed over the points that it has finished."""
    known = ~np.isnan(each)
    total = np.where(known, each, 0.0).sum(axis=0)
    return np.asarray(total / np.maximum(known.sum(axis=0), 1))


def _standard_error(each: Doubles) -> float:
    """Of a typical point's mean over its seeds; 0 before any has two."""
    seeds = (~np.isnan(each)).sum(axis=1)
    some = each[seeds > 1]
    if not len(some):
        return 0.0
    errors = np.nanstd(some, axis=1, ddof=1) / np.sqrt(seeds[seeds > 1])
    return float(np.median(errors))
