"""What every kind of plane is: where it lies, and how far a picture of it goes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from lossviz.arrays import Doubles
from lossviz.errors import LossVizError
from lossviz.experiments.surfaces.vectors import Vector, inner, products, scaled

MARGIN = 0.25
"""Of the picture, around what it has to show."""


class TrainedModel(Protocol):
    """A trained model, as a plane needs it."""

    @property
    def name(self) -> str:
        """For people: the run's letter."""

    @property
    def end(self) -> Vector:
        """Its weights."""

    @property
    def path(self) -> Sequence[Vector]:
        """The weights on the way there, the last at its end."""

    def leading(self) -> tuple[Vector, Vector]:
        """The two directions in which the loss bends upwards most, each of length 1."""


@dataclass(frozen=True)
class Plane:
    """``origin + x · first + y · second``.

    :param axes: what x and y are.
    :param x: from where to where a picture of it goes.
    :param explained: share of the path's squared distance from its end along each axis; empty
        where it is not known.
    """

    origin: Vector
    first: Vector
    second: Vector
    axes: tuple[str, str]
    x: tuple[float, float]
    y: tuple[float, float]
    explained: tuple[float, ...] = ()

    def places(self, points: Sequence[Vector]) -> Doubles:
        """The nearest points of the plane, ``(P, 2)``: the axes need not be at right angles."""
        axes = (self.first, self.second)
        seen = products(points, axes) - products([self.origin], axes)
        # Where there is one direction only, the other coordinate is 0.
        return np.asarray(seen @ np.linalg.pinv(products(axes, axes), rcond=1e-12))


class PlaneKind(ABC):
    """A way of laying a plane through the weights of trained models.

    Lengths are in those of the trained weights: at 1 a model is as far away from where it stands
    as its weights are long.
    """

    id: ClassVar[str]
    order: ClassVar[int]
    """Where it stands in a list."""
    title: ClassVar[str]
    shows: ClassVar[str]
    """What it is good for, and what not: one or two plain sentences."""
    models: ClassVar[int] = 1
    """How many it is laid through at most; from 2 on one picture holds all of them."""
    random: ClassVar[bool] = False
    """Whether another seed lays another plane."""

    @abstractmethod
    def lay(self, models: Sequence[TrainedModel], seed: int) -> Plane:
        """The plane.

        :raises LossVizError: where these models span none.
        """


def unit(vector: Vector, long: float, what: str) -> Vector:
    """A vector of this length in the same direction.

    :param what: named where it has none.
    """
    size = inner(vector, vector) ** 0.5
    # What rounding of the weights leaves of a direction is none.
    if not size > 1e-6 * long:
        raise LossVizError(without(what))
    return scaled(vector, long / size)


def without(what: str) -> str:
    """Why there is no plane, and what to do."""
    return f"{what}. Train further, or take another plane."


def around(values: npt.ArrayLike) -> tuple[float, float]:
    """From where to where a picture goes that shows these, and some room around."""
    low, high = float(np.min(values)), float(np.max(values))
    room = MARGIN * ((high - low) or 1.0)
    return low - room, high + room
