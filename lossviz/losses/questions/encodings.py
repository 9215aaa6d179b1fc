"""Two encodings of a label with two parts: four classes, or two answers and a coupling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Self

import numpy as np
import numpy.typing as npt

from lossviz.arrays import Doubles
from lossviz.errors import LossVizError

SIGNS = np.array([[1.0, 1.0, -1.0, -1.0], [1.0, -1.0, 1.0, -1.0], [1.0, -1.0, -1.0, 1.0]])
"""Of u, v and t in the logits of AC, AD, BC, BD: s₁, s₂ and s₁ s₂."""


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Log-linear coordinates: ``z = ½ (u s₁ + v s₂ + t s₁ s₂)`` over AC, AD, BC, BD.

    ``u + t`` is the log odds of A against B where the second part is C, and ``u − t`` where it is
    D; so u is their mean, and t half their difference. Likewise for v, with the parts exchanged.
    With ``t = 0`` the four probabilities are the product of ``sigmoid(u)`` and ``sigmoid(v)``.

    >>> Coordinates.of([1, 1, 1, 1]), Coordinates(0.0, 0.0, 0.0).probabilities().tolist()
    (Coordinates(u=0.0, v=0.0, t=0.0), [0.25, 0.25, 0.25, 0.25])
    """

    u: float
    v: float
    t: float

    @classmethod
    def of(cls, probabilities: npt.ArrayLike) -> Self:
        """The coordinates of four probabilities; their sum does not matter.

        A probability of 0 makes coordinates infinite, or ``nan`` where two infinities meet.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(np.asarray(probabilities, np.float64))
            u, v, t = (float(np.sum(signs * logs)) / 2.0 for signs in SIGNS)
        return cls(u, v, t)

    def probabilities(self) -> Doubles:
        """The four probabilities ``(4,)`` of these coordinates; ``nan`` where one is infinite."""
        if not self.finite:
            return np.full(4, np.nan)
        logits = np.array([self.u, self.v, self.t]) @ SIGNS / 2.0
        shares = np.exp(logits - logits.max())
        return np.asarray(shares / shares.sum(), np.float64)

    @property
    def finite(self) -> bool:
        """Whether all three are numbers that can be typed."""
        return all(isfinite(coordinate) for coordinate in (self.u, self.v, self.t))

    @property
    def log_odds_ratio(self) -> float:
        """``log (p_AC p_BD) / (p_AD p_BC) = 2t``."""
        return 2.0 * self.t


def distribution(numbers: Sequence[float | None], names: Sequence[str]) -> Doubles:
    """Numbers that somebody typed, divided by their sum.

    :raises LossVizError: naming the one that cannot be used.

    >>> distribution([2, 1, 1, 0], ["AC", "AD", "BC", "BD"]).tolist()
    [0.5, 0.25, 0.25, 0.0]
    """
    typed = finite(numbers, names)
    for name, number in zip(names, typed, strict=True):
        if number < 0.0:
            raise LossVizError(
                f"{name} is {_typed(number)}: a probability is never below 0. Type 0 or more."
            )
    if not any(typed):
        raise LossVizError(
            f"All of {', '.join(names)} are 0: nothing is left to happen. Give one of them more."
        )
    shares = np.array(typed) / max(typed)  # first, so that the sum of huge numbers is finite
    return np.asarray(shares / shares.sum(), np.float64)


def finite(
    numbers: Sequence[float | None], names: Sequence[str], most: float = float("inf")
) -> list[float]:
    """Numbers that somebody typed.

    :param most: that any of them may be, above or below 0.
    :raises LossVizError: naming the one that is missing, or too large.
    """
    for name, number in zip(names, numbers, strict=True):
        if number is None:
            raise LossVizError(f"{name} is empty: type a number there.")
        if not isfinite(number) or abs(number) > most:
            raise LossVizError(
                f"{name} is {_typed(number)}: type a number between −{most:g} and {most:g}."
            )
    return [float(number) for number in numbers if number is not None]


def _typed(number: float) -> str:
    return f"{number:g}".replace("-", "−")


def marginals(probabilities: npt.ArrayLike) -> tuple[float, float]:
    """P(A) and P(C) of the probabilities of AC, AD, BC, BD."""
    table = np.asarray(probabilities, np.float64).reshape(2, 2)
    return float(table[0].sum()), float(table[:, 0].sum())


def independent(probabilities: npt.ArrayLike) -> Doubles:
    """The product of the marginals ``(4,)``: of all products of two answers the closest one."""
    first, second = marginals(probabilities)
    return np.outer([first, 1.0 - first], [second, 1.0 - second]).ravel()


def mutual_information(probabilities: npt.ArrayLike) -> float:
    """What one part tells about the other, in nats: the divergence from :func:`independent`.

    >>> round(mutual_information([0.5, 0, 0, 0.5]), 6)  # log 2
    0.693147
    """
    p = np.asarray(probabilities, np.float64)
    occurs = p > 0.0
    return float(np.sum(p[occurs] * np.log(p[occurs] / independent(p)[occurs])))
