"""A grid: which weights α and β are trained."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from lossviz.arrays import Doubles, Positions
from lossviz.errors import LossVizError

Kind = Literal["map", "ratio"]
Point = tuple[float, ...]
LOW, HIGH = 0.1, 10.0
LEAST_STEPS, MOST_STEPS = 2, 41


@dataclass(frozen=True)
class Grid:
    """Weights of two components that vary, while those of all others are held.

    :param components: K.
    :param pair: the two components whose weights vary; α and β in what follows.
    :param steps: values of each weight.
    :param kind: ``ratio`` for each ratio of α and β once, at one mean weight: α + β = 2. ``map``
        for every combination of them: their common size varies as well, which is a step size.
    :param held: the weight of all other components.
    :param low: the least value of α and of β.
    :param high: the largest.
    """

    components: int
    pair: tuple[int, int] = (0, 1)
    steps: int = 7
    kind: Kind = "ratio"
    held: float = 1.0
    low: float = LOW
    high: float = HIGH

    def __post_init__(self) -> None:
        if self.components < 2:
            raise LossVizError(
                "The labels have a single part, so there is no second weight to trade it against. "
                "Choose labels with two parts or more."
            )
        first, second = self.pair
        if first == second or not {first, second} <= set(range(self.components)):
            raise LossVizError(
                f"pair: expected two different parts among {self.components}, found "
                f"{first + 1} and {second + 1}."
            )
        if not LEAST_STEPS <= self.steps <= MOST_STEPS:
            raise LossVizError(
                f"grid: expected {LEAST_STEPS} to {MOST_STEPS} values of each weight, found "
                f"{self.steps}."
            )
        if not 0.0 < self.low < self.high <= 1000.0:
            raise LossVizError(
                f"weights: expected a range between 0 and 1000, found {self.low:g} to "
                f"{self.high:g}."
            )
        if not 0.0 <= self.held <= 1000.0:
            raise LossVizError(f"hold: expected a weight from 0 to 1000, found {self.held:g}.")

    @cached_property
    def values(self) -> tuple[float, ...]:
        """Of each weight, ascending: evenly spaced on a logarithmic scale, in two digits.

        >>> Grid(2).values
        (0.1, 0.22, 0.46, 1.0, 2.2, 4.6, 10.0)
        """
        return _rounded(np.geomspace(self.low, self.high, self.steps))

    @cached_property
    def ratios(self) -> tuple[float, ...]:
        """α : β, ascending: those of a map's points.

        >>> Grid(2, steps=3).ratios
        (0.01, 0.1, 1.0, 10.0, 100.0)
        """
        one, *above = _rounded(np.geomspace(1.0, self.high / self.low, self.steps))
        return (*(1.0 / ratio for ratio in reversed(above)), one, *above)

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """``(P, K)``, the weights of each point. A map is row by row: β by β, and in each α by α.

        >>> Grid(3, pair=(2, 0), steps=2, kind="map").points
        ((0.1, 1.0, 0.1), (0.1, 1.0, 10.0), (10.0, 1.0, 0.1), (10.0, 1.0, 10.0))
        """
        if self.kind == "ratio":
            return tuple(self._point(2.0 * r / (1.0 + r), 2.0 / (1.0 + r)) for r in self.ratios)
        return tuple(self._point(alpha, beta) for beta in self.values for alpha in self.values)

    @cached_property
    def members(self) -> tuple[Point, ...]:
        """The points, and behind them equal weights where they are not among the points."""
        ones = (1.0,) * self.components
        return self.points if ones in self.points else (*self.points, ones)

    @cached_property
    def equal(self) -> int:
        """The place of equal weights, 1 for each, among the members."""
        return self.members.index((1.0,) * self.components)

    def _point(self, alpha: float, beta: float) -> Point:
        weights = [self.held] * self.components
        weights[self.pair[0]], weights[self.pair[1]] = alpha, beta
        return tuple(weights)

    def lines(self, axis: int) -> Positions:
        """The places of the points along one weight, ``(lines, steps)``: each line moves it from
        its lowest value to its highest, and holds the other one.

        :param axis: 0 for α, 1 for β. Of ratios there is one line: α up, or β up.
        """
        if self.kind == "ratio":
            line = np.arange(len(self.points))
            return (line if axis == 0 else line[::-1])[None, :]
        square = np.arange(self.steps**2).reshape(self.steps, self.steps)
        return square if axis == 0 else square.T

    @property
    def axes(self) -> tuple[int, ...]:
        """The weights whose effect can be told apart: both, or α alone where it is a ratio."""
        return (0,) if self.kind == "ratio" else (0, 1)

    @property
    def middle(self) -> int:
        """The place of the point that is looked at first: equal weights, or what is nearest."""
        return self.nearest(1.0, 1.0)

    def nearest(self, alpha: float, beta: float) -> int:
        """The place of the point that is nearest, in orders of magnitude; 0 is a very small one."""
        wanted = np.log(np.maximum([alpha, beta], 1e-9))
        have = np.log([[point[k] for k in self.pair] for point in self.points])
        if self.kind == "ratio":
            return int(np.abs((have - wanted) @ [1.0, -1.0]).argmin())
        return int(((have - wanted) ** 2).sum(axis=1).argmin())


def _rounded(values: Doubles) -> tuple[float, ...]:
    """In as few significant digits as keep them apart, two at least."""
    for digits in range(2, 17):
        rounded = tuple(float(f"{value:.{digits}g}") for value in values)
        if len(set(rounded)) == len(values):
            break
    return rounded
