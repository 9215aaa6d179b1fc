from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lossviz.arrays import Doubles


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

    def of(self, grids: npt.ArrayLike, weights: Sequence[float]) -> Doubles:
        """The surface ``(Y, X)`` at these weights.

        :param grids: ``(M, Y, X)``, as many as terms.
        :param weights: ``(K + 1,)``: the components', then the whole label's.
        """
        factors = [
            term.factor * (1.0 if term.weight is None else weights[term.weight])
            for term in self.terms
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

    def of(self, grids: npt.ArrayLike, weights: Sequence[float]) -> Doubles:
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
