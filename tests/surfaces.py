"""Surfaces made by hand: two parts, A or B and C or D, from two independent log odds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lossviz.surface import Floats, LinearMix, Surface, TemperedMix, Term

COMPONENTS = 2
CORNERS = ("AC", "AD", "BC", "BD")
LINE = np.linspace(-6.0, 6.0, 51, dtype=np.float32)
WRONG = ((0.0, 0.0, 0.0), (0.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, 1.0, 1.0))


def _costs(coupling: float) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    u, v = np.meshgrid(LINE.astype(float), LINE.astype(float))
    return np.logaddexp(0.0, -u - coupling * np.tanh(v)), np.logaddexp(0.0, -v)


def _grids(*own: npt.NDArray[np.float64]) -> Floats:
    return np.stack(own).astype(np.float32)


def linear(coupling: float = 0.0, joint: float = 0.0) -> Surface:
    """A loss for each part, times its weight; and the whole label's."""
    first, second = _costs(coupling)
    if not joint:
        terms = (Term(0, 1.0), Term(1, 1.0))
        return Surface(
            "marginals", LINE, LINE, ("part 1", "part 2"), _grids(first, second), LinearMix(terms)
        )
    terms = (Term(0, 0.5), Term(1, 0.5), Term(2, joint))
    grids = _grids(first, second, first + second)
    return Surface("hybrid", LINE, LINE, ("part 1", "part 2", "joint"), grids, LinearMix(terms))


def tempered(coupling: float = 0.0, temperature: float = 1.0) -> Surface:
    """Targets that the weights soften: minus the log probability of each whole label."""
    first, second = _costs(coupling)
    other, another = first + _costs_of_wrong(first), second + _costs_of_wrong(second)
    grids = _grids(first + second, first + another, other + second, other + another)
    mix = TemperedMix(WRONG, temperature)
    return Surface("expected_cost", LINE, LINE, CORNERS, grids, mix)


def _costs_of_wrong(right: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """What the other value costs more: with p = exp(−right), −log(1 − p) + log p."""
    return -np.log(np.expm1(right))
