"""Surfaces made by hand: two parts, A or B and C or D, from two independent log odds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lossviz.arrays import Doubles, Floats
from lossviz.experiments.surfaces.surface import Surface, Track
from lossviz.losses.mix import LinearMix, TemperedMix, Term

COMPONENTS = 2
CORNERS = ("AC", "AD", "BC", "BD")
LINE = np.linspace(-6.0, 6.0, 51, dtype=np.float32)
WRONG = ((0.0, 0.0, 0.0), (0.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, 1.0, 1.0))


def _costs(coupling: float) -> tuple[Doubles, Doubles]:
    u, v = np.meshgrid(LINE.astype(float), LINE.astype(float))
    return np.logaddexp(0.0, -u - coupling * np.tanh(v)), np.logaddexp(0.0, -v)


def _grids(*own: Doubles) -> Floats:
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


def grouped(coupling: float = 0.0, temperature: float = 1.0) -> Surface:
    """As :func:`tempered`, of two groups of texts: the second has two labels that are wrong in the
    second part, and none that is wrong in both."""
    own = tempered(coupling, temperature).grids
    grids = np.concatenate([0.4 * own, 0.6 * own])
    grids[5] *= 2.0
    grids[7] = 0.0
    mix = TemperedMix(
        WRONG * 2,
        temperature,
        counts=(1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 1.0, 0.0),
        groups=(0,) * 4 + (1,) * 4,
        shares=(0.4, 0.6),
    )
    names = tuple(f"{name}, {group}" for group in ("first", "second") for name in CORNERS)
    return Surface("expected_cost", LINE, LINE, names, grids, mix)


def tracked(surface: Surface, names: str = "A") -> Surface:
    """Trainings on the plane that begin at one place; some of the weights were moved on the way."""
    share = np.linspace(0.0, 1.0, 41)
    tracks = tuple(
        Track(
            name,
            (-4.0 + (7.5 - 1.5 * k) * share).astype(np.float32),
            (-3.5 + 2.5 * k * share + 6.0 * share**2 * (1 - 0.5 * k)).astype(np.float32),
            tuple(range(0, 1230, 30)),
            (12, 25) if k == 0 else (),
        )
        for k, name in enumerate(names)
    )
    return replace(surface, tracks=tracks)


def single(surface: Surface) -> Surface:
    """With a run on it that has not moved."""
    own = Track("D", np.float32([2.0]), np.float32([-1.0]), (300,))
    return replace(surface, tracks=(*surface.tracks, own))


def holed(surface: Surface) -> Surface:
    """With a corner in which the loss is not finite."""
    grids = surface.grids.copy()
    grids[:, :8, :8] = np.inf
    return replace(surface, grids=grids)


def _costs_of_wrong(right: Doubles) -> Doubles:
    """What the other value costs more: with p = exp(−right), −log(1 − p) + log p."""
    return -np.log(np.expm1(right))
