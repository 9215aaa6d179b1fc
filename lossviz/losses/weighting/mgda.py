"""The shortest combination of the gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.losses.weighting._surgery import SurgeryWeighting

if TYPE_CHECKING:
    from torch import Tensor


class Mgda(SurgeryWeighting):
    """``min ‖Σ a_k ∇L_k‖`` over a ≥ 0, Σ a = 1; w = K a.

    To first order a plain gradient step that way lowers every part, or there is none that does. One
    that is not small, or that the optimiser rescales, as Adagrad and Adam do, may raise a part. The
    part with the smaller gradient gets the larger weight. The weights are those of torchjd's MGDA.

    >>> import torch
    >>> Mgda().combine(torch.tensor([[1.0, -0.5], [-0.5, 2.0]]), torch.ones(2)).tolist()
    [1.25, 0.75]
    """

    id = "mgda"
    title = "MGDA: the shortest direction"
    idea = (
        "Of all mixtures of the parts' gradients take the shortest: a small plain gradient step "
        "along it makes no part worse."
    )
    formula = (
        r"w = K \operatorname*{arg\,min}_{a \ge 0,\ \sum a = 1} "
        r"\left\lVert \sum_k a_k \nabla L_k \right\rVert"
    )
    symbols = "$\\nabla L_k$: the gradient of part $k$ in all weights of the model."
    pitfall = (
        "The part with the smallest gradient decides, also when it is done; and with Adagrad or "
        "Adam, which rescale the step, a part may get worse after all."
    )
    source = "Désidéri 2012; Sener & Koltun, NeurIPS 2018; through TorchJD."

    def combine(self, gramian: Tensor, preference: Tensor) -> Tensor:
        """K times the point of the simplex."""
        from torchjd.aggregation import MGDAWeighting

        weights: Tensor = gramian.shape[-1] * MGDAWeighting()(gramian)
        return weights
