"""A loss surface: one grid for each piece of the loss, and how the weights put them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lossviz.schema import LabelSchema

Floats = npt.NDArray[np.float32]


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
    """``Σ_c q_c (grid_c + log q_c)`` with ``q_c ∝ exp(−Σ_j w_j wrong_cj / τ)``: targets that the
    weights soften, and the divergence from them.

    :param wrong: ``(M, K + 1)``: 1 where class c differs from the true one in component j, and at
        the end where it differs at all; 0 elsewhere.
    :param temperature: τ > 0.
    """

    wrong: tuple[tuple[float, ...], ...]
    temperature: float

    def of(self, grids: npt.ArrayLike, weights: Sequence[float]) -> npt.NDArray[np.float64]:
        """The surface ``(Y, X)`` at these weights; see :meth:`LinearMix.of`."""
        logits = -np.asarray(self.wrong) @ np.asarray(weights, np.float64) / self.temperature
        log_q = logits - np.logaddexp.reduce(logits)
        q = np.exp(log_q)
        entropy = float(np.sum(np.where(q > 0.0, q * log_q, 0.0)))
        return np.tensordot(q, np.asarray(grids, np.float64), 1) + entropy


Mix = LinearMix | TemperedMix


@dataclass(frozen=True)
class Surface:
    """A formulation's loss over a plane.

    :param formulation: its id.
    :param x: ``(X,)``, ascending.
    :param y: ``(Y,)``, ascending.
    :param names: of the grids, ``(M,)``.
    :param grids: ``(M, Y, X)``; independent of the weights.
    :param mix: how the weights make a loss of them.
    """

    formulation: str
    x: Floats
    y: Floats
    names: tuple[str, ...]
    grids: Floats
    mix: Mix

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
