"""Batches: some training rows at a time, in an order that the seed decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from scipy.sparse import csr_matrix
from torch import Tensor

from lossviz.engine.features import EncodedSplit
from lossviz.experiments.experiment import Experiment
from lossviz.losses.targets import Targets

PIECE = 50_000
"""Training rows that are cut into batches together: their entries are sorted in memory."""


class Csr(NamedTuple):
    """A sparse matrix, row by row.

    :param indices: ``(nnz,)``, the column of each entry.
    :param offsets: ``(rows,)``, where each row begins.
    :param values: ``(nnz,)``.
    """

    indices: Tensor
    offsets: Tensor
    values: Tensor

    @classmethod
    def of(cls, matrix: csr_matrix) -> Csr:
        """The same as tensors."""
        return cls(
            torch.from_numpy(matrix.indices.astype(np.int64)),
            torch.from_numpy(matrix.indptr[:-1].astype(np.int64)),
            torch.from_numpy(matrix.data),
        )

    def cut(self, entries: slice, rows: slice, left: int = 0) -> Csr:
        """Some rows with their entries, without the ``left`` first columns."""
        return Csr(
            self.indices[entries] - left, self.offsets[rows] - entries.start, self.values[entries]
        )

    def times(self, dense: Tensor) -> Tensor:
        """The product with a dense ``(columns, H)``: ``(rows, H)``.

        Three times as fast as ``torch.sparse`` where a row has some twenty entries.
        """
        return torch.nn.functional.embedding_bag(
            self.indices, dense, self.offsets, mode="sum", per_sample_weights=self.values
        )

    def dense(self, width: int) -> Tensor:
        """All entries, ``(rows, width)``."""
        ends = torch.cat([self.offsets[1:], torch.tensor([len(self.indices)])])
        places = torch.repeat_interleave(torch.arange(len(ends)), ends - self.offsets)
        result = torch.zeros(len(ends), width)
        result[places, self.indices] = self.values
        return result


@dataclass(frozen=True, slots=True)
class Batch:
    """Some training rows ``X`` and their labels.

    :param rows: ``X``, ``(B, V)``.
    :param features: ``(U,)``, the features that occur in it, ascending.
    :param columns: ``Xᵀ`` of those features alone, ``(U, B)``.
    """

    rows: Csr
    features: Tensor
    columns: Csr
    targets: Targets

    def inner_products(self) -> Tensor:
        """``X Xᵀ``, dense ``(B, B)``."""
        columns = self.columns.dense(len(self.targets))
        return columns.T @ columns

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
        inner = torch.einsum("eibh,bc,ejch->eij", projected, self.inner_products(), projected)
        for tensors in dense:
            flat = torch.stack([gradient.flatten(1) for gradient in tensors], dim=1)
            inner = inner + flat @ flat.transpose(1, 2)
        return inner


def batches(data: EncodedSplit, experiment: Experiment) -> Iterator[Batch]:
    """Batches without end, each epoch in an order that depends on the seed and its number."""
    count = data.train.features.shape[0]
    size = experiment.optimiser.batch_size
    together = max(1, PIECE // size)
    epoch = 0
    while True:
        order = np.random.default_rng([experiment.seed, epoch]).permutation(count)
        for start in range(0, count, size * together):
            rows = order[start : start + size * together]
            yield from _cut(data.train.features[rows], data.targets[torch.from_numpy(rows)], size)
        epoch += 1


def _cut(features: csr_matrix, targets: Targets, size: int) -> Iterator[Batch]:
    """Batches of ``size`` rows, both ways round, from one sorting of all entries."""
    count, vocabulary = features.shape
    indptr, indices = features.indptr, features.indices.astype(np.int64)
    row = np.repeat(np.arange(count), np.diff(indptr))
    keys = row // size * vocabulary + indices
    order = np.argsort(keys, kind="stable")
    keys, values, row = keys[order], features.data[order], row[order]
    begins = np.flatnonzero(np.diff(keys, prepend=-1))
    batch = keys[begins] // vocabulary
    by_row = Csr.of(features)
    feature = torch.from_numpy(keys[begins] % vocabulary)
    by_column = Csr(*map(torch.from_numpy, (row, begins, values)))
    for place, start in enumerate(range(0, count, size)):
        end = min(start + size, count)
        entries = slice(int(indptr[start]), int(indptr[end]))
        first, last = np.searchsorted(batch, [place, place + 1]).tolist()
        yield Batch(
            by_row.cut(entries, slice(start, end)),
            feature[first:last],
            by_column.cut(entries, slice(first, last), start),
            targets[start:end],
        )
