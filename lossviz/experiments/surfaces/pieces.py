"""What workers report about surfaces: plain values and arrays that need no torch to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from lossviz.arrays import Floats
from lossviz.experiments.surfaces.plan import SurfaceBlock
from lossviz.experiments.surfaces.surface import Surface


@dataclass(frozen=True)
class Bend:
    """How a loss bends at most at a model's weights, over texts that these were not fitted to.

    :param eigenvalue: the largest eigenvalue λ of its Hessian, by value.
    :param error: standard error of λ over texts, as in :class:`Sharpness`.
    :param rows: texts that the loss is the mean over.
    :param loss: the mean loss there.
    """

    eigenvalue: float
    error: float
    rows: int
    loss: float


@dataclass(frozen=True)
class Sharpness:
    """How sharply the loss bends at a model's weights: its second derivatives.

    Moving the weights by a short distance d changes the loss by its slope, and then it rises by at
    most ``½ λ d²``, with λ the largest eigenvalue of the Hessian, by value and not by size; by
    ``½ (trace / D) d²`` on average over all directions. Of the mean loss of the training texts, at
    the weights α, β … that acted last, without weight decay: over texts that the model was fitted
    to, which bend less than others: on held-out ones λ is 3 to 5 times as large with linear models,
    and 30 to 45 times with 16 units. The numbers depend on the scale of the weights and of the
    loss, so they compare runs of one formulation at the same weights, with the same model and
    features: Dinh et al., Sharp minima can generalize, ICML 2017.

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
    held_out: Bend | None = None
    """Of the same loss over held-out texts."""


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


@dataclass(frozen=True)
class Pictures:
    """The pictures that there are pieces of; rows to come are ``nan``.

    :param reports: each piece with the block that says which picture it is of.
    """

    reports: Sequence[tuple[SurfaceBlock, Piece]]

    @cached_property
    def surfaces(self) -> dict[str, Surface]:
        """Of each run, by its letter."""
        return self._whole("surface")

    @cached_property
    def planes(self) -> dict[str, Surface]:
        """The first run's surface on other random planes, by their seed."""
        return self._whole("plane")

    @cached_property
    def seeds(self) -> dict[str, Surface]:
        """The loss along a random line, of the first run and of the same experiment started from
        other seeds, by the seed."""
        return self._whole("seed")

    @property
    def walk(self) -> dict[str, Surface]:
        """The losses of up to three runs on the straight way from one to the next."""
        return {name: line for _, piece in self._of("walk") for name, line in piece.surfaces}

    @property
    def sharpness(self) -> dict[str, Sharpness]:
        """Of each run, by its letter."""
        pieces = self._of("sharpness")
        return {key[1]: piece.sharpness for key, piece in pieces if piece.sharpness is not None}

    @property
    def problems(self) -> dict[tuple[str, ...], str]:
        """Why a picture cannot be drawn, by its key."""
        return {block.key: piece.problem for block, piece in self.reports if piece.problem}

    def _of(self, kind: str) -> list[tuple[tuple[str, ...], Piece]]:
        return [(block.key, piece) for block, piece in self.reports if block.key[0] == kind]

    def _whole(self, kind: str) -> dict[str, Surface]:
        pieces: dict[str, list[Piece]] = {}
        for key, piece in self._of(kind):
            if piece.surfaces:
                pieces.setdefault(key[1], []).append(piece)
        return {name: put_together(some) for name, some in pieces.items()}
