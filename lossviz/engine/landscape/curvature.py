"""The curvature of a loss in a model's weights: its Hessian, multiplied but never built."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from time import perf_counter

import numpy as np
import torch
from torch import Tensor

from lossviz.arrays import Doubles
from lossviz.engine.landscape.loss import Loss
from lossviz.engine.training import Wanted, always, go_on, none_if_given_up
from lossviz.experiments.surfaces.pieces import Bend, Sharpness
from lossviz.experiments.surfaces.vectors import Vector, difference, inner, length, scaled, size

MOST_STEPS = 120
"""Of Lanczos. A trained model takes 10 to 35; each keeps one flat vector in memory."""
TOLERANCE = 1e-6
"""Residual ``‖Hv − λv‖`` at which Lanczos stops, as a share of the largest eigenvalue found."""
CHECK_EVERY = 5
"""Steps of Lanczos between two looks at whether it may stop."""


@dataclass(frozen=True)
class Eigenpair:
    """A principal curvature, with the direction that has it.

    :param value: in the loss's unit per squared unit of weight.
    :param vector: of length 1.
    :param residual: ``‖Hv − λv‖``; some eigenvalue lies no farther than this from ``value``.
    """

    value: float
    vector: Vector
    residual: float


class Hessian:
    """The second derivatives ``H`` of a :class:`Loss` in all weights of a model.

    The first layer is linear in its table: with ``P = X @ table`` a direction in the table moves P
    by ``X @ direction``, and a gradient in P comes back as ``Xᵀ``. So the network is differentiated
    in ``(P, dense)`` only, once, and each product reuses that graph. In double precision, at
    most twice as slow as single: 0.3 to 3.4 ms for 1,200 to 2,000 texts with 4 to 64 labels.

    A *flat* vector ``(size,)`` is ``(P, dense)`` in one piece. Read as a direction in the weights,
    it stands for the table ``Xᵀ @ P`` and the same dense end: all directions in which the texts
    see the model move are of this form, and along those orthogonal to them the loss is flat.

    :param at: the weights it is taken at.
    """

    def __init__(self, loss: Loss, at: Vector) -> None:
        self._shape = at["table"].shape
        self._names = [name for name in at if name != "table"]
        # Features that no text here has: their weights change nothing.
        self._active = np.unique(loss.features.indices)
        self._features = loss.features[:, self._active].astype(np.float64)
        self._transposed = self._features.T.tocsr()
        self._inputs = [piece.clone().requires_grad_() for piece in self.moved(at)]
        self.size = sum(piece.numel() for piece in self._inputs)
        projected, *dense = self._inputs
        self._projected = projected.numel()
        value = loss.rows(projected, dict(zip(self._names, dense, strict=True))).mean()
        self._gradient = torch.autograd.grad(value, self._inputs, create_graph=True)
        self.mean = float(value.detach())
        """The loss there."""

    def moved(self, direction: Vector) -> list[Tensor]:
        """How far ``(P, dense)`` move along a direction: ``(1, N, H)``, and the dense end."""
        table = direction["table"].double().numpy()[self._active]
        dense = [direction[name].double() for name in self._names]
        return [torch.from_numpy(self._features @ table)[None], *dense]

    def weights(self, flat: Doubles) -> Vector:
        """The direction in the weights that a flat vector stands for, in double precision."""
        projected, *dense = self._split(flat)
        table = torch.zeros(self._shape, dtype=torch.float64)
        rows = torch.from_numpy(self._transposed @ projected[0].numpy())
        table[torch.from_numpy(self._active).long()] = rows
        return {"table": table, **dict(zip(self._names, dense, strict=True))}

    def times(self, direction: Vector) -> Vector:
        """``H v``, in double precision."""
        return self.weights(self._pulled(self.moved(direction)))

    def bend(self, flat: Doubles) -> Doubles:
        """The Hessian in ``(P, dense)`` times how far they move: flat, and again flat."""
        return self._pulled(self._split(flat))

    def seen(self, flat: Doubles) -> Doubles:
        """How far ``(P, dense)`` move along the direction that a flat vector stands for.

        Also what makes inner products: two flat vectors f and g stand for directions whose inner
        product is ``f · seen(g)``.
        """
        head = flat[: self._projected].reshape(self._inputs[0].shape[1:])
        moved = self._features @ (self._transposed @ head)
        return np.concatenate([moved.ravel(), flat[self._projected :]])

    def spread(self) -> Doubles:
        """``(size,)``: the length of a text's row of X for its part of P, and 1 for the dense end.

        Texts do not share entries of P, so the Hessian in P couples no two of them, and
        ``diag(spread) · bend · diag(spread)`` has the same trace as ``H``.
        """
        squares = np.asarray(self._features.multiply(self._features).sum(axis=1)).ravel()
        lengths = np.repeat(np.sqrt(squares), self._inputs[0].shape[-1])
        return np.concatenate([lengths, np.ones(self.size - self._projected)])

    def _split(self, flat: Doubles) -> list[Tensor]:
        pieces = torch.from_numpy(flat).split([like.numel() for like in self._inputs])
        return [piece.view(like.shape) for piece, like in zip(pieces, self._inputs, strict=True)]

    def _pulled(self, moved: list[Tensor]) -> Doubles:
        products = torch.autograd.grad(
            self._gradient, self._inputs, moved, retain_graph=True, materialize_grads=True
        )
        return torch.cat([product.flatten() for product in products]).numpy()


def leading(
    loss: Loss, at: Vector, count: int = 2, seed: int = 0, *, wanted: Wanted = always
) -> tuple[Eigenpair, ...]:
    """The largest eigenvalues of the Hessian and their directions, largest first.

    Lanczos with full reorthogonalisation, over the directions that the texts see; along all others
    the loss is flat, and those eigenvalues 0 are not among these. Largest by value, not by size:
    away from a minimum some are negative. In a space of fewer dimensions there are fewer pairs; of
    eigenvalues that are exactly equal one is found. Not ``scipy.sparse.linalg.eigsh``: its twenty
    vectors are as long as the weights, here they have an entry per text and column.

    :param seed: of the vector that it starts with.
    :param wanted: asked before each product with the Hessian.
    :raises GivenUp: when it says no.
    """
    hessian = Hessian(loss, at)
    pairs = []
    for flat in _ritz(hessian, count, np.random.default_rng([seed, hessian.size]), wanted):
        direction = hessian.weights(flat)
        norm = length(direction)
        # An eigenvector has no sign of its own. This one does not hang on the start.
        signed = norm if flat[-1] >= 0.0 else -norm
        vector = {name: (weights / signed).float() for name, weights in direction.items()}
        go_on(wanted)
        product = hessian.times(vector)
        value = inner(product, vector)
        residual = length(difference(product, scaled(vector, value)))
        pairs.append(Eigenpair(value, vector, residual))
    return tuple(sorted(pairs, key=lambda eigenpair: -eigenpair.value))


def _ritz(
    hessian: Hessian, count: int, random: np.random.Generator, wanted: Wanted
) -> list[Doubles]:
    """Flat vectors whose directions are the leading eigenvectors; see :func:`leading`."""
    most = min(MOST_STEPS, hessian.size)
    basis = np.empty((most, hessian.size))  # Takes memory as it is filled.
    projection = np.zeros((most, most))
    fresh = random.standard_normal(hessian.size)
    norm = _length(hessian, fresh)
    for step in range(most):
        basis[step] = fresh / norm
        go_on(wanted)
        fresh = hessian.bend(hessian.seen(basis[step]))
        drawn_back = np.zeros(step + 1)
        for _ in range(2):  # Twice is enough: what rounding leaves of the first is taken too.
            shares = basis[: step + 1] @ hessian.seen(fresh)
            fresh -= shares @ basis[: step + 1]
            drawn_back += shares
        norm = _length(hessian, fresh)
        projection[step, : step + 1] = drawn_back
        values, vectors = np.linalg.eigh(projection[: step + 1, : step + 1])
        chosen = slice(-1, -count - 1, -1)
        scale = float(np.abs(values).max())
        exhausted = norm <= 1e-10 * scale or scale == 0.0
        left = norm * float(np.abs(vectors[-1, chosen]).max())
        looked = step % CHECK_EVERY == 0 and step >= count
        if exhausted or (looked and left <= TOLERANCE * scale) or step + 1 == most:
            return list(vectors[:, chosen].T @ basis[: step + 1])
    return []


def _length(hessian: Hessian, flat: Doubles) -> float:
    return sqrt(max(float(flat @ hessian.seen(flat)), 0.0))


def along(loss: Loss, at: Vector, direction: Vector) -> Doubles:
    """Each text's own second derivative ``vᵀ H_i v`` along a direction, ``(N,)``.

    Their mean is ``vᵀ H v``: what the loss of one text does on a line through the weights, so the
    spread over the texts says how well the mean is known. Three backward passes in one number t
    and a weight for each text; forward mode twice is one pass less, but loads for a second.
    """
    hessian = Hessian(loss, at)
    names = [name for name in at if name != "table"]
    t = torch.zeros((), dtype=torch.float64, requires_grad=True)
    share = torch.ones(len(loss), dtype=torch.float64, requires_grad=True)
    pairs = zip(hessian.moved(at), hessian.moved(direction), strict=True)
    projected, *dense = (pair + t * step for pair, step in pairs)
    total = share @ loss.rows(projected, dict(zip(names, dense, strict=True)))[0]
    (slope,) = torch.autograd.grad(total, t, create_graph=True)
    (bend,) = torch.autograd.grad(slope, t, create_graph=True)
    return np.asarray(torch.autograd.grad(bend, share)[0].numpy())


def probe(
    loss: Loss, at: Vector, probes: int = 32, seed: int = 0, *, wanted: Wanted = always
) -> Doubles:
    """Unbiased estimates of the Hessian's trace, ``(probes,)``; their mean is a better one.

    Hutchinson's ``zᵀ A z`` with signs ±1, where A is not H but the matrix with the same trace of
    :meth:`Hessian.spread`. It needs no product with X, and has no entries for two texts that share
    a word: a probe takes 0.3 to 1.5 of the time of ``zᵀ H z`` and its standard
    deviation is 9 to 22 % smaller, on linear and hidden models of two data sets.

    :param wanted: asked before each probe.
    :raises GivenUp: when it says no.
    """
    hessian = Hessian(loss, at)
    random = np.random.default_rng([seed, hessian.size, probes])
    spread = hessian.spread()
    traces = np.empty(probes)
    for place in range(probes):
        go_on(wanted)
        signed = spread * random.choice([-1.0, 1.0], hessian.size)
        traces[place] = signed @ hessian.bend(signed)
    return traces


PROBES = 100
"""For the trace: its standard error is then 0.2 to 4 % of it. The whole takes 0.1 to 0.7 s."""


@none_if_given_up
def sharpness(
    loss: Loss,
    at: Vector,
    held_out: Loss | None = None,
    *,
    seed: int = 0,
    probes: int = PROBES,
    wanted: Wanted = always,
) -> Sharpness:
    """The largest eigenvalue of the Hessian and its trace, with their standard errors.

    :param at: the weights to look from.
    :param held_out: the same loss over other texts; of it the largest eigenvalue as well.
    :param seed: of the random vectors.
    :param probes: at least 2, for a standard error.
    :param wanted: asked before each product with the Hessian.
    :returns: None if it is not wanted any longer.
    """
    started = perf_counter()
    first, error = _most(loss, at, seed, wanted)
    traces = probe(loss, at, probes, seed, wanted=wanted)
    return Sharpness(
        eigenvalue=first.value,
        eigenvalue_error=error,
        residual=first.residual,
        trace=float(traces.mean()),
        trace_error=_standard_error(traces),
        probes=probes,
        rows=len(loss),
        weights=size(at),
        loss=Hessian(loss, at).mean,
        held_out=None if held_out is None else _bend(held_out, at, seed, wanted),
        seconds=perf_counter() - started,
    )


def _bend(loss: Loss, at: Vector, seed: int, wanted: Wanted) -> Bend:
    first, error = _most(loss, at, seed, wanted)
    return Bend(first.value, error, len(loss), Hessian(loss, at).mean)


def _most(loss: Loss, at: Vector, seed: int, wanted: Wanted) -> tuple[Eigenpair, float]:
    """The largest eigenvalue, and its standard error."""
    first = leading(loss, at, 1, seed, wanted=wanted)[0]
    return first, _standard_error(along(loss, at, first.vector))


def _standard_error(values: Doubles) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))
