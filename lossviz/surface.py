"""A loss surface: one grid for each piece of the loss, and how the weights put them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lossviz.schema import LabelSchema

Floats = npt.NDArray[np.float32]
MOST_ROWS = 2000
"""Texts that the loss around a trained model is the mean over; of more some are drawn."""


class Term(NamedTuple):
    """How one part enters the loss: times a factor, and times a weight where one acts on it.

    :param weight: 0 .. K-1 for a component's weight, K for the whole label's; None for neither.
    """

    weight: int | None
    factor: float


@dataclass(frozen=True, slots=True)
class LinearMix:
    """``Σ_i factor_i · w_i · grid_i``: every formulation whose weights multiply its parts.

    >>> LinearMix((Term(0, 0.5), Term(None, 1.0))).of(np.ones((2, 1, 1)), [4.0]).tolist()
    [[3.0]]
    """

    terms: tuple[Term, ...]

    def of(self, grids: npt.ArrayLike, weights: Sequence[float]) -> npt.NDArray[np.float64]:
        """The surface ``(Y, X)`` at these weights.

        :param grids: ``(M, Y, X)``, as many as terms.
        :param weights: ``(K + 1,)``: the components', then the whole label's.
        """
        factors = [
            own.factor * (1.0 if own.weight is None else weights[own.weight]) for own in self.terms
        ]
        return np.tensordot(factors, np.asarray(grids, np.float64), 1)


@dataclass(frozen=True, slots=True)
class TemperedMix:
    """Targets that the weights soften, and the divergence from them.

    Labels that are mistaken in the same components get the same share of a target,
    ``q_m = exp(−Σ_j w_j wrong_mj / τ) / Z``. Grid m adds up ``−log p_c`` over the ``count_m``
    labels c that it stands for, so the loss is ``Σ_m q_m grid_m + Σ_g share_g Σ_m count_m q_m
    log q_m``. Texts whose true labels have other neighbours make other groups g, each with its Z.

    :param wrong: ``(M, K + 1)``: 1 where such a label differs from the true one in component j,
        and at the end where it differs at all; 0 elsewhere.
    :param temperature: τ > 0.
    :param counts: ``(M,)``, labels that a grid stands for; by default 1 each.
    :param groups: ``(M,)``, from 0; by default one for all.
    :param shares: ``(G,)``, of the texts that are in each group.
    """

    wrong: tuple[tuple[float, ...], ...]
    temperature: float
    counts: tuple[float, ...] = ()
    groups: tuple[int, ...] = ()
    shares: tuple[float, ...] = (1.0,)

    def of(self, grids: npt.ArrayLike, weights: Sequence[float]) -> npt.NDArray[np.float64]:
        """The surface ``(Y, X)`` at these weights; see :meth:`LinearMix.of`."""
        logits = -np.asarray(self.wrong) @ np.asarray(weights, np.float64) / self.temperature
        counts = np.asarray(self.counts or (1.0,) * len(logits))
        groups = np.asarray(self.groups or (0,) * len(logits))
        with np.errstate(divide="ignore"):
            logs = logits + np.log(counts)
        log_z = np.array([np.logaddexp.reduce(logs[groups == g]) for g in range(len(self.shares))])
        log_q = logits - log_z[groups]
        q = np.exp(log_q)
        each = np.where(q > 0.0, counts * q * log_q, 0.0)
        entropy = float(np.asarray(self.shares) @ np.bincount(groups, each, len(self.shares)))
        return np.tensordot(q, np.asarray(grids, np.float64), 1) + entropy


Mix = LinearMix | TemperedMix


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
    :param explained: share of the path's variance along each axis; empty where it is not known.
    :param rows: texts that the loss is the mean over.
    :param of: training texts there are.
    :param weights: ``(K + 1,)``, those that acted when the training ended.
    """

    plane: str
    seed: int
    axes: tuple[str, str]
    explained: tuple[float, ...]
    rows: int
    of: int
    weights: tuple[float, ...]


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
    def trained_at(self) -> tuple[float, ...]:
        """The weights ``(K + 1,)`` that its model was trained with, where it has one."""
        assert self.slice is not None
        return self.slice.weights

    def at(self, weights: Sequence[float]) -> npt.NDArray[np.float64]:
        """The loss ``(Y, X)`` at these weights: the components', then the whole label's."""
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
