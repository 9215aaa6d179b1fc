"""What workers report about surfaces: plain values and arrays that need no torch to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from lossviz.arrays import Floats
from lossviz.experiments.surfaces.surface import Surface


@dataclass(frozen=True)
class Sharpness:
    """How sharply the loss bends at a model's weights: the second derivatives' size.

    Moving the weights by a short distance d changes the loss by its slope, and then by at most
    ``½ λ d²``, with λ the largest eigenvalue of the Hessian; by ``½ (trace / D) d²`` on average
    over all directions. Of the mean loss of the training texts, at the weights α, β … that acted
    last, without weight decay. The numbers depend on the scale of the weights, so they compare runs
    with the same model and features only: Dinh et al., Sharp minima can generalize, ICML 2017.

    λ by Lanczos on Hessian-vector products, as in Ghorbani et al., An investigation into neural
    net optimization via Hessian eigenvalue density, ICML 2019, and in Yao et al., PyHessian, 2020;
    the trace by Hutchinson's random signs (Communications in Statistics 19, 1990).

    :param eigenvalue: λ in nats per squared unit of weight, or in what the loss is counted in.
    :param eigenvalue_error: standard error of λ over texts: the standard deviation of the texts'
        own ``vᵀ H_i v`` over √N, with the eigenvector v held. To first order v's own change adds
        nothing, as λ is stationary there (delta method).
    :param residual: ``‖Hv − λv‖``: an eigenvalue lies within it.
    :param trace: sum of all eigenvalues, in the same unit.
    :param trace_error: standard error over the probes, for these texts.
    :param probes: random sign vectors that the trace is the mean over.
    :param rows: texts N that the loss is the mean over.
    :param weights: number of weights D of the model.
    :param loss: the mean loss there.
    """

    eigenvalue: float
    eigenvalue_error: float
    residual: float
    trace: float
    trace_error: float
    probes: int
    rows: int
    weights: int
    loss: float
    seconds: float = field(compare=False)


@dataclass(frozen=True)
class Piece:
    """Some rows of a surface, or whole lines, or the numbers of a run.

    :param surfaces: by the run whose loss it is: over the piece's own rows.
    :param y: of the whole picture.
    """

    surfaces: tuple[tuple[str, Surface], ...] = ()
    y: Floats | None = None
    sharpness: Sharpness | None = None
    problem: str = ""
    """Why there is nothing to show."""
    seconds: float = 0.0


def put_together(pieces: Sequence[Piece]) -> Surface:
    """One surface of pieces with a surface each; rows that are in none of them are ``nan``."""
    y, surfaces = pieces[0].y, [piece.surfaces[0][1] for piece in pieces]
    assert y is not None
    names, _, columns = surfaces[0].grids.shape
    grids = np.full((names, len(y), columns), np.nan, np.float32)
    for surface in surfaces:
        grids[:, np.searchsorted(y, surface.y)] = surface.grids
    return replace(surfaces[0], y=y, grids=grids)


def pictures_of(pieces: Sequence[tuple[tuple[str, ...], Piece]], kind: str) -> dict[str, Surface]:
    """By their name, the surfaces of one kind that there are pieces of.

    :param pieces: each with the key of the picture that it is a piece of: its kind and its name.
    """
    pieceses: dict[str, list[Piece]] = {}
    for key, piece in pieces:
        if key[0] == kind and piece.surfaces:
            pieceses.setdefault(key[1], []).append(piece)
    return {name: put_together(pieces) for name, pieces in pieceses.items()}
