"""A loss surface: one grid for each piece of the loss, and how the weights put them together."""

from __future__ import annotations

from dataclasses import dataclass

from lossviz.arrays import Doubles, Floats
from lossviz.experiments.weights import Weights
from lossviz.losses.mix import Mix
from lossviz.schema import LabelSchema

MOST_ROWS = 2000
"""Texts that the loss around a trained model is the mean over; of more some are drawn."""


@dataclass(frozen=True)
class Track:
    """Points of a plane in their order: where a training went, seen from above the plane.

    :param name: the run's letter.
    :param x: ``(P,)``; the last point is where the run stands.
    :param y: ``(P,)``.
    :param steps: ``(P,)``, of the training.
    :param moved: positions of the points from which on other weights acted.
    """

    name: str
    x: Floats
    y: Floats
    steps: tuple[int, ...]
    moved: tuple[int, ...] = ()


@dataclass(frozen=True)
class Slice:
    """What a surface over a model's weights is a slice of.

    :param plane: the id of how it was laid.
    :param seed: of what is random in it, and of the texts.
    :param axes: what x and y are.
    :param explained: share of the path's squared distance from its end along each axis; empty
        where it is not known.
    :param rows: texts that the loss is the mean over.
    :param of: training texts there are.
    :param weights: those that acted when the training ended.
    """

    plane: str
    seed: int
    axes: tuple[str, str]
    explained: tuple[float, ...]
    rows: int
    of: int
    weights: Weights


@dataclass(frozen=True)
class Surface:
    """A formulation's loss over a plane, or along a line: then there is a single y.

    :param formulation: its id.
    :param x: ``(X,)``, ascending.
    :param y: ``(Y,)``, ascending.
    :param names: of the grids, ``(M,)``.
    :param grids: ``(M, Y, X)``; independent of the weights.
    :param mix: how the weights make a loss of them.
    :param tracks: what lies on the plane.
    :param slice: where it is a plane through the weights of a trained model.
    """

    formulation: str
    x: Floats
    y: Floats
    names: tuple[str, ...]
    grids: Floats
    mix: Mix
    tracks: tuple[Track, ...] = ()
    slice: Slice | None = None

    @property
    def trained_at(self) -> Weights:
        """The weights that its model was trained with, where it has one."""
        assert self.slice is not None
        return self.slice.weights

    def at(self, weights: Weights) -> Doubles:
        """The loss ``(Y, X)`` at these weights."""
        return self.mix.of(self.grids, weights)


@dataclass(frozen=True, slots=True)
class OutputPlane:
    """What a surface over a model's outputs is asked for: no data and no training in it.

    Two components with two values each, so four whole labels AC, AD, BC, BD. In log-linear
    coordinates ``z = ½ (u s₁ + v s₂ + t s₁ s₂)``, with s = ±1 for a component's first and second
    value: u and v are the axes, and t says how the two hang together.

    :param settings: of the formulation, as pairs.
    :param schema: two components of two values; some of the four classes may be missing.
    :param true: the true label's codes, ``(2,)``.
    :param coupling: t.
    :param extent: u and v run from minus this to this.
    """

    formulation: str
    settings: tuple[tuple[str, float], ...]
    schema: LabelSchema
    true: tuple[int, ...]
    coupling: float = 0.0
    extent: float = 6.0
    resolution: int = 51
