"""Your weights, with conflicts taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.losses.weighting._surgery import SurgeryWeighting

if TYPE_CHECKING:
    from torch import Tensor


class UpGrad(SurgeryWeighting):
    """``Σ w_k π(∇L_k)``, π the projection onto the directions in which no part gets worse, to first
    order and for a plain gradient step.

    The one aggregator here that carries a preference: the projected gradients are combined with
    the α and β that a person sets, and where nothing conflicts it is
    :class:`~lossviz.losses.weighting.fixed.Fixed`. The weights are those of torchjd's UPGrad.

    >>> import torch
    >>> weights = UpGrad().combine(torch.eye(2), torch.tensor([5.0, 1.0]))
    >>> [round(w, 2) for w in weights.tolist()]
    [5.0, 1.0]
    """

    id = "upgrad"
    title = "UPGrad: your weights, without conflict"
    idea = (
        "Project each part's gradient so that a small plain gradient step makes no part worse, and "
        "then weigh as you say."
    )
    formula = r"\sum_k \alpha_k\, \pi(\nabla L_k)"
    symbols = (
        "$\\alpha_k$: what you set (α, β …); $\\pi$: the projection onto the directions in which "
        "no part gets worse, to first order."
    )
    pitfall = (
        "Where no gradients conflict it is fixed weights, at a higher price for each step; and "
        "with Adagrad or Adam, which rescale the step, a part may get worse after all."
    )
    source = "Quinton & Rey, Jacobian descent for multi-objective optimization, 2024; TorchJD."
    takes_preference = True

    def combine(self, gramian: Tensor, preference: Tensor) -> Tensor:
        """The preference where nothing conflicts."""
        from torchjd.aggregation import UPGradWeighting

        weights: Tensor = UPGradWeighting(preference.to(gramian.dtype))(gramian)
        return weights
