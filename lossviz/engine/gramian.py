"""The inner products of the parts' gradients."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from lossviz.engine.batches import Batch


def gramian(means: Tensor, sources: Sequence[Tensor], batch: Batch) -> Tensor:
    """``G_ij = ∇L_i · ∇L_j`` with respect to all weights of each member, ``(E, K, K)``.

    The gradient in the first layer is ``Xᵀ g`` with g the gradient in ``X @ table``, so its inner
    products are those of g under ``X Xᵀ``: nothing of the vocabulary's size is made.

    :param means: ``(E, K)``, each part's mean over the batch.
    :param sources: ``X @ table`` as ``(E, B, H)``, and then the dense weights, ``(E, …)`` each.
    """
    columns = [
        torch.autograd.grad(means[:, k].sum(), sources, retain_graph=True, materialize_grads=True)
        for k in range(means.shape[1])
    ]
    first = torch.stack([column[0] for column in columns], dim=1)  # (E, K, B, H)
    inner = torch.einsum("eibh,bc,ejch->eij", first, batch.inner_products(), first)
    for place in range(1, len(sources)):
        own = torch.stack([column[place].flatten(1) for column in columns], dim=1)
        inner = inner + own @ own.transpose(1, 2)
    return inner
