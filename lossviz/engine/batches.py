"""Batches: some training rows at a time, in an order that the seed decides."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy.sparse import csr_matrix
from torch import Tensor

from lossviz.engine.csr import Csr
from lossviz.engine.features import EncodedSplit
from lossviz.experiments.experiment import Experiment
from lossviz.losses.targets import Targets

PIECE = 50_000
"""Training rows that are cut into batches together: their entries are sorted in memory."""
KEPT_ENTRIES = 2_000_000
"""Of pieces that a worker keeps cut, 50 MB: who trains on the same data with the same seed is
somewhere among the same epochs. Ten epochs of a thousand short texts are a tenth of it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some training rows ``X`` and their labels. The last batch of an epoch is filled up with rows
    that count for nothing, so that all have as many: whoever is trained alone or beside others
    adds the same numbers in the same order.

    :param features: ``(U,)``, the features that occur in it, ascending.
    :param rows: ``X`` of those features alone, ``(B, U)``.
    :param columns: ``Xᵀ``, ``(U, B)``.
    :param share: ``(B,)``, what each row counts in a mean.
    """

    features: Tensor
    rows: Csr
    columns: Csr
    targets: Targets
    share: Tensor

    def inner_products(self) -> Tensor:
        """``X Xᵀ``, dense ``(B, B)``."""
        columns = self.columns.dense(len(self.targets))
        return columns.T @ columns


@dataclass(frozen=True, slots=True)
class Joined:
    """Batches of ``T`` trainers of ``S`` members each, for one step of all of them: ``E = T · S``.

    :param targets: ``(B,)`` of one trainer, ``(E, B)`` of several.
    :param share: likewise.
    """

    pieces: Sequence[Batch]
    targets: Targets
    share: Tensor

    @classmethod
    def of(cls, pieces: Sequence[Batch], members: int) -> Joined:
        """These, one for each trainer."""
        targets = Targets.beside([piece.targets for piece in pieces], members)
        if all(piece is pieces[0] for piece in pieces):
            return cls(pieces, targets, pieces[0].share)
        shares = torch.stack([piece.share for piece in pieces])
        return cls(pieces, targets, shares.repeat_interleave(members, 0))

    def mean(self, losses: Tensor) -> Tensor:
        """Of each member over its rows: ``(..., E)`` from ``(..., E, B)``."""
        # No product of matrices, which would add in another order where trainers stand together.
        return (losses * self.share).sum(-1)

    def gramian(self, means: Tensor, sources: Sequence[Tensor]) -> Tensor:
        """``G_ij = ∇L_i · ∇L_j`` with respect to all weights of each member, ``(E, K, K)``.

        The gradient in the first layer is ``Xᵀ g`` with g the gradient in ``X @ table``, so its
        inner products are those of g under ``X Xᵀ``: nothing of the vocabulary's size is made.

        :param means: ``(E, K)``, each part's mean over the batch.
        :param sources: ``X @ table`` as ``(E, B, H)``, and then the dense weights, ``(E, …)`` each.
        """
        gradients = [
            torch.autograd.grad(part.sum(), sources, retain_graph=True, materialize_grads=True)
            for part in means.unbind(-1)
        ]
        first, *dense = zip(*gradients, strict=True)
        projected = torch.stack(first, dim=1)  # (E, K, B, H)
        beside = projected.unflatten(0, (len(self.pieces), -1))  # (T, S, K, B, H)
        inner = torch.stack([piece.inner_products() for piece in self.pieces])
        products = torch.einsum("teibh,tbc,tejch->teij", beside, inner, beside).flatten(0, 1)
        for tensors in dense:
            flat = torch.stack([gradient.flatten(1) for gradient in tensors], dim=1)
            products = products + flat @ flat.transpose(1, 2)
        return products


def batches(data: EncodedSplit, experiment: Experiment) -> Iterator[Batch]:
    """Batches without end, each epoch in an order that depends on the seed and its number."""
    count = data.train.features.shape[0]
    size = min(experiment.optimiser.batch_size, count)
    together = size * max(1, PIECE // size)
    epoch = 0
    while True:
        for start in range(0, count, together):
            yield from PIECES.of(data, experiment.seed, size, epoch, slice(start, start + together))
        epoch += 1


class Pieces:
    """What was cut last, for whoever comes to the same place."""

    def __init__(self, most: int = KEPT_ENTRIES) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._cut: OrderedDict[tuple[object, ...], tuple[Batch, ...]] = OrderedDict()
        self._entries = 0

    def of(
        self, data: EncodedSplit, seed: int, size: int, epoch: int, rows: slice
    ) -> tuple[Batch, ...]:
        """The batches of some rows of an epoch's order."""
        key = (weakref.ref(data), seed, size, epoch, rows.start, rows.stop)
        with self._lock:
            if key in self._cut:
                self._cut.move_to_end(key)
                return self._cut[key]
        order = np.random.default_rng([seed, epoch]).permutation(len(data.targets))[rows]
        batches = _cut(data.train.features[order], data.targets[torch.from_numpy(order)], size)
        with self._lock:
            if key not in self._cut:
                self._cut[key] = batches
                self._entries += _entries(batches)
            while self._entries > self._most:
                self._entries -= _entries(self._cut.popitem(last=False)[1])
        return batches


PIECES = Pieces()
"""Those of this worker."""


def _entries(batches: Sequence[Batch]) -> int:
    return sum(len(batch.rows.values) for batch in batches)


def _cut(features: csr_matrix, targets: Targets, size: int) -> tuple[Batch, ...]:
    """Batches of ``size`` rows, both ways round, from one sorting of all entries."""
    count = features.shape[0]
    filled = np.arange(-(-count // size) * size)
    starts = filled[::size]
    # Feature by feature, then stably batch by batch: both are sorted by counting.
    numbered = np.arange(features.nnz)
    columns = csr_matrix((numbered, features.indices, features.indptr), features.shape).tocsc()
    feature = np.repeat(np.arange(features.shape[1]), np.diff(columns.indptr))
    batch = (columns.indices // size).astype(np.uint16)
    order = np.argsort(batch, kind="stable")
    batch, feature, entry = batch[order].astype(np.int64), feature[order], columns.data[order]
    begins = np.flatnonzero((np.diff(batch, prepend=-1) != 0) | (np.diff(feature, prepend=-1) != 0))
    firsts = np.searchsorted(batch[begins], np.arange(len(starts) + 1))
    entries = features.indptr[np.minimum([*starts, count], count)].astype(np.int64)
    position = np.zeros(features.nnz, dtype=np.int64)
    position[begins] = 1
    position = position.cumsum() - 1 - firsts[batch]
    within = np.empty_like(position)
    within[entry] = position
    offsets = features.indptr[np.minimum(filled, count)] - np.repeat(entries[:-1], size)
    share = np.where(filled < count, 1.0 / np.minimum(size, count - filled // size * size), 0.0)
    rows = columns.indices[order] - batch * size
    by_feature = begins - entries[batch[begins]]
    widths, sizes = np.diff(firsts).tolist(), np.diff(entries).tolist()
    whole = targets[torch.from_numpy(np.minimum(filled, count - 1))]
    pieces = (
        (feature[begins], widths),
        (within, sizes),
        (offsets.astype(np.int64), size),
        (features.data, sizes),
        (rows, sizes),
        (by_feature, widths),
        (features.data[entry], sizes),
        (whole.components, size),
        (whole.joint, size),
        (share.astype(np.float32), size),
    )
    each = zip(*(torch.as_tensor(array).split(sizes) for array, sizes in pieces), strict=True)
    return tuple(
        Batch(occur, Csr(*cut[:3]), Csr(*cut[3:6]), Targets(*cut[6:8]), cut[8])
        for occur, *cut in each
    )
