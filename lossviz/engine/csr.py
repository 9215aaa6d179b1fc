"""Sparse matrices as torch's fastest product with them wants them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from scipy.sparse import csr_matrix
from torch import Tensor


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

    def times(self, dense: Tensor) -> Tensor:
        """The product with a dense ``(columns, H)``: ``(rows, H)``.

        Three times as fast as ``torch.sparse`` where a row has some twenty entries.
        """
        # As torch.nn.functional.embedding_bag, whose checks take a third of such a call.
        sums = 0
        product, *_ = torch.embedding_bag(
            dense, self.indices, self.offsets, False, sums, False, self.values
        )
        return product

    def dense(self, width: int) -> Tensor:
        """All entries, ``(rows, width)``."""
        ends = torch.cat([self.offsets[1:], torch.tensor([len(self.indices)])])
        places = torch.repeat_interleave(torch.arange(len(ends)), ends - self.offsets)
        result = torch.zeros(len(ends), width)
        result[places, self.indices] = self.values
        return result
