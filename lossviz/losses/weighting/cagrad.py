"""The mean gradient, bent towards the component that gains least."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.losses.setting import Setting
from lossviz.losses.weighting._surgery import SurgeryWeighting

if TYPE_CHECKING:
    from torch import Tensor


class CaGrad(SurgeryWeighting):
    """The direction near the mean gradient, within c times its length, whose worst part gains most.

    c = 0 is the plain mean. The weights are those of torchjd's CAGrad, times K / (1 + c), so that
    equal gradients have weight 1: otherwise c would lengthen every step. Each step solves a small
    cone program, which takes longer than the step itself.

    >>> import torch
    >>> weighting = CaGrad().configured({"cagrad_radius": 0.0})
    >>> [round(w, 3) for w in weighting.combine(torch.eye(2), torch.ones(2)).tolist()]
    [1.0, 1.0]
    """

    id = "cagrad"
    title = "CAGrad: near the mean, fair to the worst"
    idea = "Stay near the mean of the gradients, and bend towards the part that would gain least."
    formula = (
        r"\max_d \min_k \; \nabla L_k \cdot d \quad\text{with}\quad "
        r"\lVert d - \bar g \rVert \le c \lVert \bar g \rVert"
    )
    symbols = "$\\bar g$: the mean of the parts' gradients; $c$: the radius."
    pitfall = "Slow: a cone program is solved in every step. And no preference enters."
    source = "Liu et al., Conflict-averse gradient descent, NeurIPS 2021; through TorchJD."
    settings = (Setting("cagrad_radius", "radius c", "0 is the plain mean.", 0.5, 0.0, 10.0),)

    def combine(self, gramian: Tensor, preference: Tensor) -> Tensor:
        """K / (1 + c) times the coefficients."""
        from torchjd.aggregation import CAGradWeighting

        radius = self.values["cagrad_radius"]
        # TorchJD takes a Gramian below an absolute size for one of no gradients at all.
        size = gramian.trace()
        weights: Tensor = CAGradWeighting(c=radius)(gramian / size if size > 0 else gramian)
        return gramian.shape[-1] / (1.0 + radius) * weights
