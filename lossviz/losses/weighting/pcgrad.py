"""Gradients that conflict are projected onto each other's normal plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.losses.weighting._surgery import SurgeryWeighting

if TYPE_CHECKING:
    from torch import Tensor


class PcGrad(SurgeryWeighting):
    """Each gradient loses what points against another one, in random order.

    Where no two conflict every weight is 1. The weights are those of torchjd's PCGrad.

    >>> import torch
    >>> PcGrad().combine(torch.tensor([[1.0, -0.5], [-0.5, 2.0]]), torch.ones(2)).tolist()
    [1.5, 1.25]
    """

    id = "pcgrad"
    title = "PCGrad: take out what conflicts"
    idea = "Where two parts pull in opposite directions, take the conflict out of both."
    formula = r"g_i \leftarrow g_i - \frac{g_i \cdot g_j}{\lVert g_j \rVert^2}\, g_j \;\text{ if }\; g_i \cdot g_j < 0"  # noqa: E501
    symbols = "$g_i$: the gradient of part $i$, before weights."
    pitfall = "With separate linear logits nothing conflicts, and every weight stays 1."
    source = "Yu et al., Gradient surgery for multi-task learning, NeurIPS 2020; through TorchJD."

    def combine(self, gramian: Tensor, preference: Tensor) -> Tensor:
        """As many as gradients; they sum to K without conflict."""
        from torchjd.aggregation import PCGradWeighting

        weights: Tensor = PCGradWeighting()(gramian)
        return weights
