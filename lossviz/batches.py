"""Batches: some training rows at a time, in an order that the seed decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from scipy.sparse import csr_matrix
from torch import Tensor

from lossviz.experiment import Experiment
from lossviz.features import EncodedSplit
from lossviz.targets import Targets


@dataclass(frozen=True, slots=True)
class Batch:
    """Some training rows in CSR form, and their labels.

    :param indices: ``(nnz,)``, the feature of each entry.
    :param offsets: ``(B,)``, where each row begins.
    :param values: ``(nnz,)``.
    :param rows: ``(nnz,)``, the row of each entry.
    :param vocabulary: number of features.
    """

    indices: Tensor
    offsets: Tensor
    values: Tensor
    rows: Tensor
    targets: Targets
    vocabulary: int

    def inner_products(self) -> Tensor:
        """``X Xᵀ``, dense ``(B, B)``."""
        begins = np.append(self.offsets.numpy(), len(self.indices))
        shape = (len(self.targets), self.vocabulary)
        features = csr_matrix((self.values.numpy(), self.indices.numpy(), begins), shape=shape)
        return torch.from_numpy((features @ features.T).toarray())


def csr_tensors(features: csr_matrix) -> tuple[Tensor, Tensor, Tensor]:
    """Indices ``(nnz,)``, offsets ``(N,)`` and values ``(nnz,)`` of sparse rows."""
    return (
        torch.from_numpy(features.indices.astype(np.int64)),
        torch.from_numpy(features.indptr[:-1].astype(np.int64)),
        torch.from_numpy(features.data),
    )


def batches(data: EncodedSplit, experiment: Experiment) -> Iterator[Batch]:
    """Batches without end, each epoch in an order that depends on the seed and its number."""
    count = data.train.features.shape[0]
    size = experiment.optimiser.batch_size
    epoch = 0
    while True:
        order = np.random.default_rng([experiment.seed, epoch]).permutation(count)
        shuffled = data.train.features[order]
        indices, offsets, values = csr_tensors(shuffled)
        lengths = torch.from_numpy(np.diff(shuffled.indptr).astype(np.int64))
        rows = torch.repeat_interleave(torch.arange(count), lengths)
        targets = data.targets[torch.from_numpy(order)]
        for start in range(0, count, size):
            end = min(start + size, count)
            entries = slice(int(shuffled.indptr[start]), int(shuffled.indptr[end]))
            yield Batch(
                indices[entries],
                offsets[start:end] - entries.start,
                values[entries],
                rows[entries] - start,
                targets[start:end],
                shuffled.shape[1],
            )
        epoch += 1
